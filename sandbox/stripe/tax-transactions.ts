import type { Stripe } from 'stripe'
import { asRecord, type Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { invalidParameter, invalidState, missing } from './errors.ts'
import { listOf } from './lists.ts'
import { choice, hash, integer, mergedMetadata, onlyKnown, type Params, requiredText, text } from './params.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import { orderOf, type StripeState } from './state.ts'
import { calculations } from './tax-calculations.ts'

type Transaction = Stripe.Tax.Transaction
type Line = Stripe.Tax.TransactionLineItem
type Part = { amount: number; amount_tax: number }
/** What was taken back of a transaction so far: by line, and `shipping`. */
type Reversed = Record<string, Part>

const shippingKey = 'shipping'
const reversalParams = new Set([
  'expand',
  'flat_amount',
  'line_items',
  'metadata',
  'mode',
  'original_transaction',
  'reference',
  'shipping_cost',
])

/** Tax that was due: transactions and their reversals, committed for the platform's tax reports. */
export function taxTransactionRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const { store } = state.world
  const transactions = store.table<Transaction>('stripe.taxTransactions')
  const references = store.table<string>('stripe.taxReferences')
  const reversed = store.table<Reversed>('stripe.taxReversed')

  const linesOf = ({ line_items }: Transaction): Line[] => line_items?.data ?? []

  const byId = (id: string, param?: string) => {
    const transaction = transactions.get(id)
    if (!transaction) throw missing('tax transaction', id, param)
    return transaction
  }

  /** A reference names one transaction only, so that nothing is reported twice. */
  const claimable = (params: Params) => {
    const reference = requiredText(params, 'reference')
    if (references.has(reference)) {
      const message = `There is already a tax transaction with the reference ${reference}.`
      throw invalidParameter(message, 'reference', 'resource_already_exists')
    }
    return reference
  }

  const keep = (call: StripeCall, transaction: Transaction): Transaction => {
    transactions.set(transaction.id, transaction)
    references.set(transaction.reference, transaction.id)
    state.record(call, 'taxTransactions', transaction.id, orderOf(transaction.metadata ?? {}) ?? transaction.reference)
    return transaction
  }

  const listed = (id: string, data: Line[]) => ({
    object: 'list' as const,
    data,
    has_more: false,
    url: `/v1/tax/transactions/${id}/line_items`,
  })

  function createFromCalculation(call: StripeCall): Transaction {
    onlyKnown(call.params, new Set(['calculation', 'expand', 'metadata', 'posted_at', 'reference']))
    const calculationId = requiredText(call.params, 'calculation')
    const kept = calculations(state).get(calculationId)
    if (!kept) throw missing('tax calculation', calculationId, 'calculation')
    const reference = claimable(call.params)
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
    return keep(call, {
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

  /** What of each part of a transaction has not been taken back. */
  function remaining(original: Transaction): Reversed {
    const done = reversed.get(original.id) ?? {}
    const parts: [string, Part][] = linesOf(original).map((line) => [line.id, line])
    if (original.shipping_cost) parts.push([shippingKey, original.shipping_cost])
    return Object.fromEntries(
      parts.map(([key, { amount, amount_tax }]) => [
        key,
        { amount: amount - (done[key]?.amount ?? 0), amount_tax: amount_tax - (done[key]?.amount_tax ?? 0) },
      ]),
    )
  }

  function createReversal(call: StripeCall): Transaction {
    const { params } = call
    onlyKnown(params, reversalParams)
    const mode = choice(params, 'mode', ['full', 'partial'])
    if (!mode) throw invalidParameter('Missing required param: mode.', 'mode', 'parameter_missing')
    const original = byId(requiredText(params, 'original_transaction'), 'original_transaction')
    if (original.type === 'reversal') throw invalidState('A reversal cannot be reversed.')
    const reference = claimable(params)
    const left = remaining(original)
    if (Object.values(left).every(({ amount, amount_tax }) => amount === 0 && amount_tax === 0))
      throw invalidState(`The tax transaction ${original.id} has already been fully reversed.`)
    const taken = mode === 'full' ? whole(original, left) : part(params, original, left)
    const done = reversed.get(original.id) ?? {}
    for (const [key, { amount, amount_tax }] of Object.entries(taken)) {
      const before = done[key] ?? { amount: 0, amount_tax: 0 }
      done[key] = { amount: before.amount + amount, amount_tax: before.amount_tax + amount_tax }
    }
    reversed.set(original.id, done)
    const id = state.world.mintId('tax')
    const items = linesOf(original).flatMap((line): Line[] => {
      const back = taken[line.id]
      if (!back) return []
      return [
        {
          ...line,
          id: state.world.mintId('tax_li'),
          amount: -back.amount,
          amount_tax: -back.amount_tax,
          reversal: { original_line_item: line.id },
          type: 'reversal',
        },
      ]
    })
    const back = taken[shippingKey]
    const shipping = original.shipping_cost
    return keep(call, {
      ...original,
      id,
      created: unixNow(),
      line_items: listed(id, items),
      metadata: mergedMetadata({}, params),
      posted_at: unixNow(),
      reference,
      reversal: { original_transaction: original.id },
      shipping_cost: back && shipping ? { ...shipping, amount: -back.amount, amount_tax: -back.amount_tax } : null,
      type: 'reversal',
    })
  }

  function whole(original: Transaction, left: Reversed): Reversed {
    if (reversed.has(original.id))
      throw invalidState(
        `The tax transaction ${original.id} has been reversed in part; only partial reversals are possible.`,
      )
    return left
  }

  return [
    endpoint('POST', 'tax/transactions/create_from_calculation', 'tax_transactions.create', createFromCalculation),
    endpoint('POST', 'tax/transactions/create_reversal', 'tax_transactions.create_reversal', createReversal),
    endpoint('GET', 'tax/transactions/:id', 'tax_transactions.retrieve', ({ id }) => byId(id)),
    endpoint('GET', 'tax/transactions/:id/line_items', 'tax_transactions.line_items', ({ id, params }) => {
      const { created, ...transaction } = byId(id)
      const lines = linesOf({ created, ...transaction })
      const rows = new Map(lines.map((line) => [line.id, { ...line, created }]))
      const page = listOf(rows, lines.map((line) => line.id).reverse(), params, `/v1/tax/transactions/${id}/line_items`)
      return { ...page, data: page.data.map(({ created: _, ...line }) => line) }
    }),
  ]
}

/** The part that a partial reversal names: lines and shipping, or one amount that is spread over all of them. */
function part(params: Params, original: Transaction, left: Reversed): Reversed {
  const lines = Array.isArray(params.line_items) ? params.line_items : Object.values(hash(params, 'line_items'))
  const shipping = params.shipping_cost === undefined ? undefined : hash(params, 'shipping_cost')
  const flat = negative(params, 'flat_amount')
  if (flat !== undefined && (lines.length > 0 || shipping))
    throw invalidParameter('flat_amount cannot be combined with line_items or shipping_cost.', 'flat_amount')
  const taken = flat !== undefined ? spread(flat, original, left) : named(lines, shipping)
  if (Object.keys(taken).length === 0)
    throw invalidParameter('A partial reversal names line_items, shipping_cost or flat_amount.', 'line_items')
  for (const [key, { amount, amount_tax }] of Object.entries(taken)) {
    const rest = left[key]
    if (!rest) throw missing('tax transaction line item', key, 'line_items')
    if (amount > rest.amount || amount_tax > rest.amount_tax) {
      const message = `The reversal of ${key} exceeds what is left of the tax transaction ${original.id}: ${rest.amount} and ${rest.amount_tax} of tax.`
      throw invalidParameter(message, 'line_items')
    }
  }
  return taken
}

function named(lines: unknown[], shipping: Params | undefined): Reversed {
  const taken: Reversed = {}
  for (const entry of lines) {
    const line = asRecord(entry)
    requiredText(line, 'reference')
    taken[requiredText(line, 'original_line_item')] = partOf(line)
  }
  if (shipping) taken[shippingKey] = partOf(shipping)
  return taken
}

const partOf = (params: Params): Part => ({
  amount: negative(params, 'amount') ?? 0,
  amount_tax: negative(params, 'amount_tax') ?? 0,
})

/** A whole number ≤ 0 as its size: Stripe wants reversals in negative amounts. */
function negative(params: Params, name: string): number | undefined {
  const value = text(params, name)
  if (value === undefined) return undefined
  if (!/^(0|-\d+)$/.test(value))
    throw invalidParameter(`Invalid integer: ${value} must be a negative integer`, name, 'parameter_invalid_integer')
  return -Number(value)
}

/** Spreads an amount that includes its tax over what is left, in proportion and without losing a unit to rounding. */
function spread(flat: number, original: Transaction, left: Reversed): Reversed {
  const inclusive = new Set(
    [
      ...(original.line_items?.data ?? []).map(({ id, tax_behavior }) => ({ key: id, tax_behavior })),
      { key: shippingKey, tax_behavior: original.shipping_cost?.tax_behavior },
    ].flatMap(({ key, tax_behavior }) => (tax_behavior === 'inclusive' ? [key] : [])),
  )
  const totalOf = (key: string, { amount, amount_tax }: Part) => (inclusive.has(key) ? amount : amount + amount_tax)
  const all = Object.entries(left).reduce((sum, [key, rest]) => sum + totalOf(key, rest), 0)
  if (flat > all) throw invalidParameter(`flat_amount may take back ${all} at most.`, 'flat_amount')
  const taken: Reversed = {}
  let passed = 0
  for (const [key, rest] of Object.entries(left)) {
    const total = totalOf(key, rest)
    const share = Math.round((flat * (passed + total)) / all) - Math.round((flat * passed) / all)
    const tax = total === 0 ? 0 : Math.round((share * rest.amount_tax) / total)
    taken[key] = { amount: inclusive.has(key) ? share : share - tax, amount_tax: tax }
    passed += total
  }
  return taken
}
