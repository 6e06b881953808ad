import type { Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { invalidState, missing } from './errors.ts'
import { listOf, sequenceOf } from './lists.ts'
import { integer, mergedMetadata, onlyKnown, type Params, requiredText } from './params.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import { claimable, keep, type Line, linesOf, listed, type Transaction, transactionById } from './recorded-tax.ts'
import type { StripeState } from './state.ts'
import { calculations } from './tax-calculations.ts'
import { createReversal } from './tax-reversals.ts'

/** Tax that was due: transactions and their reversals, committed for the platform's tax reports. */
export function taxTransactionRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    endpoint('POST', 'tax/transactions/create_from_calculation', 'tax_transactions.create', (call) =>
      createFromCalculation(state, call),
    ),
    endpoint('POST', 'tax/transactions/create_reversal', 'tax_transactions.create_reversal', (call) =>
      createReversal(state, call),
    ),
    endpoint('GET', 'tax/transactions/:id', 'tax_transactions.retrieve', ({ id }) => transactionById(state, id)),
    endpoint('GET', 'tax/transactions/:id/line_items', 'tax_transactions.line_items', ({ id, params }) =>
      lineItems(transactionById(state, id), params),
    ),
  ]
}

function createFromCalculation(state: StripeState, call: StripeCall): Transaction {
  onlyKnown(call.params, new Set(['calculation', 'expand', 'metadata', 'posted_at', 'reference']))
  const calculationId = requiredText(call.params, 'calculation')
  const kept = calculations(state).get(calculationId)
  if (!kept) throw missing('tax calculation', calculationId, 'calculation')
  const reference = claimable(state, call.params)
  const { calculation, lines } = kept
  const now = unixNow()
  if ((calculation.expires_at ?? 0) < now) throw invalidState(`The tax calculation ${calculationId} has expired.`)
  const id = state.world.mintId('tax')
  const items = lines.map(
    ({ tax_breakdown: _, performance_location: __, ...line }): Line => ({
      ...line,
      object: 'tax.transaction_line_item',
      reversal: null,
      type: 'transaction',
    }),
  )
  return keep(state, call, {
    id,
    object: 'tax.transaction',
    created: now,
    currency: calculation.currency,
    customer: calculation.customer,
    customer_details: calculation.customer_details,
    line_items: listed(id, items),
    livemode: false,
    metadata: mergedMetadata({}, call.params),
    posted_at: integer(call.params, 'posted_at') ?? now,
    reference,
    reversal: null,
    ship_from_details: calculation.ship_from_details,
    shipping_cost: calculation.shipping_cost,
    tax_date: calculation.tax_date,
    type: 'transaction',
  })
}

function lineItems(transaction: Transaction, params: Params) {
  const { id, created } = transaction
  const lines = linesOf(transaction)
  const rows = sequenceOf(lines.map((line) => ({ ...line, created })).reverse())
  const page = listOf(rows, params, `/v1/tax/transactions/${id}/line_items`)
  return { ...page, data: page.data.map(({ created: _, ...line }) => line) }
}
