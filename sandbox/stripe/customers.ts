import type { Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { cashBalanceObject } from './cash-balances.ts'
import { missing } from './errors.ts'
import { listOf } from './lists.ts'
import { mergedMetadata, type Params, text } from './params.ts'
import { attach, methodById } from './payment-methods.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import { type Customer, orderOf, type StripeState } from './state.ts'

const names = ['email', 'name', 'phone', 'description'] as const

function update(customer: Customer, params: Params): void {
  for (const name of names) if (params[name] !== undefined) customer[name] = text(params, name) ?? null
  customer.metadata = mergedMetadata(customer.metadata, params)
}

function create(state: StripeState, call: StripeCall): Customer {
  const method = text(call.params, 'payment_method')
  const customer: Customer = {
    id: state.world.mintId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: unixNow(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: 'SANDBOX',
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
  update(customer, call.params)
  if (method !== undefined) attach(state, methodById(state, method, 'payment_method'), customer.id)
  state.customers.set(customer.id, customer)
  state.record(call, 'customers', customer.id, orderOf(customer.metadata))
  state.emit(call, 'customer.created', customer)
  return customer
}

export function customerRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const customerById = (id: string) => {
    const customer = state.customers.get(id)
    if (!customer) throw missing('customer', id)
    return customer
  }
  return [
    endpoint('POST', 'customers', 'customers.create', (call) => create(state, call)),
    endpoint('GET', 'customers/:id', 'customers.retrieve', ({ id }) => customerById(id)),
    endpoint('POST', 'customers/:id', 'customers.update', (call) => {
      const customer = customerById(call.id)
      const before = { ...customer }
      update(customer, call.params)
      const changed = names.filter((name) => before[name] !== customer[name]).map((name) => [name, before[name]])
      state.emit(call, 'customer.updated', customer, Object.fromEntries(changed))
      return customer
    }),
    endpoint('GET', 'customers/:id/payment_methods', 'customers.list_payment_methods', ({ id, params }) => {
      const methods = state.methodsByCustomer.rows(state.methods, customerById(id).id)
      return listOf(methods, params, `/v1/customers/${id}/payment_methods`)
    }),
    endpoint('GET', 'customers/:id/cash_balance', 'customers.cash_balance', ({ id }) =>
      cashBalanceObject(state, customerById(id).id),
    ),
    endpoint(
      'GET',
      'customers/:id/cash_balance_transactions',
      'customers.cash_balance_transactions',
      ({ id, params }) => {
        const transactions = state.cashTransactionsByCustomer.rows(state.cashTransactions, customerById(id).id)
        return listOf(transactions, params, `/v1/customers/${id}/cash_balance_transactions`)
      },
    ),
    endpoint('GET', 'payment_methods', 'payment_methods.list', ({ params }) => {
      const methods = state.methodsByCustomer.rows(state.methods, text(params, 'customer') ?? '')
      return listOf(methods, params, '/v1/payment_methods')
    }),
  ]
}
