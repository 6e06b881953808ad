import { asRecord } from '../http.ts'
import { unixNow } from '../world.ts'
import { invalidParameter, invalidState, missing } from './errors.ts'
import { choice, hash, mergedMetadata, onlyKnown, type Params, requiredText, text } from './params.ts'
import type { StripeCall } from './pipeline.ts'
import { claimable, keep, type Line, linesOf, listed, type Transaction, transactionById } from './recorded-tax.ts'
import type { StripeState } from './state.ts'

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

const reversals = (state: StripeState) => state.world.store.table<Reversed>('stripe.taxReversed')

/** `POST /v1/tax/transactions/create_reversal`: a transaction whose amounts are those of an earlier one, negative. */
export function createReversal(state: StripeState, call: StripeCall): Transaction {
  const { params } = call
  onlyKnown(params, reversalParams)
  const mode = choice(params, 'mode', ['full', 'partial'])
  if (!mode) throw invalidParameter('Missing required param: mode.', 'mode', 'parameter_missing')
  const original = transactionById(state, requiredText(params, 'original_transaction'), 'original_transaction')
  if (original.type === 'reversal') throw invalidState('A reversal cannot be reversed.')
  const reference = claimable(state, params)
  const done = reversals(state).get(original.id)
  const left = remaining(original, done ?? {})
  if (Object.values(left).every(({ amount, amount_tax }) => amount === 0 && amount_tax === 0))
    throw invalidState(`The tax transaction ${original.id} has already been fully reversed.`)
  if (mode === 'full' && done)
    throw invalidState(
      `The tax transaction ${original.id} has been reversed in part; only partial reversals are possible.`,
    )
  const taken = mode === 'full' ? left : part(params, original, left)
  reversals(state).set(original.id, added(done ?? {}, taken))
  return keep(state, call, reversalOf(state, original, taken, { params, reference }))
}

/** What of each part of a transaction has not been taken back. */
function remaining(original: Transaction, done: Reversed): Reversed {
  const parts: [string, Part][] = linesOf(original).map((line) => [line.id, line])
  if (original.shipping_cost) parts.push([shippingKey, original.shipping_cost])
  return Object.fromEntries(
    parts.map(([key, { amount, amount_tax }]) => [
      key,
      { amount: amount - (done[key]?.amount ?? 0), amount_tax: amount_tax - (done[key]?.amount_tax ?? 0) },
    ]),
  )
}

function added(done: Reversed, taken: Reversed): Reversed {
  const sum = { ...done }
  for (const [key, { amount, amount_tax }] of Object.entries(taken)) {
    const before = done[key] ?? { amount: 0, amount_tax: 0 }
    sum[key] = { amount: before.amount + amount, amount_tax: before.amount_tax + amount_tax }
  }
  return sum
}

function reversalOf(
  state: StripeState,
  original: Transaction,
  taken: Reversed,
  { params, reference }: { params: Params; reference: string },
): Transaction {
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
  return {
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
  }
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
