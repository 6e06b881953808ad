import { expressionBuilder, sql } from 'kysely'
import { insertChargeEntries, type NewChargeEntry } from '../charges/charge-entries.ts'
import { scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { type ItemAmount, reserveRefund } from '../orders/refunded-items.ts'
import { ApiError } from '../platform/errors.ts'
import { derivedId, newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { priceItems } from './price-items.ts'
import type { RefundItem, RefundOrigin, RefundShipping, RefundType } from './refund.entity.ts'

export type NewRefund = {
  /** What goes back of each line. */
  items: readonly RefundItem[]
  /** What goes back of shipping that stands beside the lines. */
  shipping?: readonly RefundShipping[] | undefined
  type?: RefundType | undefined
  percent?: number | undefined
  reason?: string | undefined
  returnId?: string | undefined
  origin?: RefundOrigin | undefined
  metadata?: Record<string, string | number | boolean> | undefined
  /** Goods that are on their way do not hold the money back. */
  forced?: boolean | undefined
}

/**
 * Stores a refund of a locked order and calls for it to be carried out. What it gives back is taken from what is available at once, so
 * that nothing is promised twice. Returns its id. @throws ApiError `invalid_parameter` for more than the charges hold
 */
export async function insertRefund(tx: Transaction, order: OrderRow, refund: NewRefund): Promise<string> {
  const charges = await readCharges(tx, { orderId: order.id })
  const priced = { ...refund, items: await priceItems(tx, order, refund) }
  const entries = takeFrom(charges, amountOf(priced) - creditOf(priced))
  const id = await storePriced(tx, order, priced, entries)
  tx.enqueue({
    job: 'carry-out-refund',
    payload: { orderId: order.id, refundId: id },
    dedupeKey: `${id}-carry-out-1`,
  })
  return id
}

/** One refund of one charge that is to be, or was, made. Minor units. */
type NewEntry = { id: string; chargeId: string; amount: number }

const amountOf = ({ items, shipping }: NewRefund): number =>
  [...items, ...(shipping ?? [])].reduce((sum, share) => sum + share.amount, 0)

/** What of a priced refund goes back to a credit. */
const creditOf = ({ items }: Pick<NewRefund, 'items'>): number => items.reduce((sum, { credit = 0 }) => sum + credit, 0)

type Stored = {
  id: string
  orderId: string
  amount: number
  credit: number
  items: readonly RefundItem[]
  shipping: readonly RefundShipping[]
  reserved: readonly ItemAmount[]
  entries: readonly NewChargeEntry[]
  returnId: string | null
  type: RefundType | null
  percent: number | null
  reason: string | null
  stamp: Record<string, string>
  metadata: Record<string, string | number | boolean>
  forced: boolean
  origin: RefundOrigin
}

const store = statement<Stored>()((db, $) =>
  db
    .with('reserved', () => reserveRefund($.reserved))
    .with('entered', () => insertChargeEntries($.entries))
    .insertInto('refunds')
    .columns([
      'id',
      'order_id',
      'merchant_id',
      'return_id',
      'type',
      'currency',
      'amount',
      'credit_amount',
      'percent',
      'items',
      'shipping',
      'reason',
      'state_transitions',
      'metadata',
      'live_mode',
      'forced',
      'origin',
    ])
    .expression(
      db
        .selectFrom('orders as o')
        .select([
          $.id.as('id'),
          'o.id as order_id',
          'o.merchant_id',
          $.returnId.as('return_id'),
          $.type.as('type'),
          'o.currency',
          $.amount.as('amount'),
          $.credit.as('credit_amount'),
          $.percent.as('percent'),
          $.items.json.as('items'),
          $.shipping.json.as('shipping'),
          $.reason.as('reason'),
          $.stamp.json.as('state_transitions'),
          $.metadata.json.as('metadata'),
          'o.live_mode',
          $.forced.as('forced'),
          $.origin.as('origin'),
        ])
        .where('o.id', '=', $.orderId),
    ),
)

/** Stores a refund with its entries and takes it from what is available. Returns its id. */
export async function storeRefund(
  tx: Transaction,
  order: OrderRow,
  refund: NewRefund,
  entries: readonly NewEntry[],
): Promise<string> {
  return storePriced(tx, order, { ...refund, items: await priceItems(tx, order, refund) }, entries)
}

async function storePriced(
  tx: Transaction,
  order: OrderRow,
  refund: NewRefund,
  entries: readonly NewEntry[],
): Promise<string> {
  const { items } = refund
  const [amount, credit] = [amountOf(refund), creditOf(refund)]
  const id = newId('refund')
  await store(tx, {
    id,
    orderId: order.id,
    amount,
    credit,
    items,
    shipping: refund.shipping ?? [],
    reserved: items.map((item) => ({ itemId: item.itemId, amount: item.amount, credit: item.credit ?? 0 })),
    entries: entries.map((entry) => ({
      id: entry.id,
      charge_id: entry.chargeId,
      order_id: order.id,
      kind: 'refund',
      amount: entry.amount,
      state: 'pending',
      refund_id: id,
    })),
    returnId: refund.returnId ?? null,
    type: refund.type ?? null,
    percent: refund.percent ?? null,
    reason: refund.reason ?? null,
    stamp: { pending: new Date().toISOString() },
    metadata: refund.metadata ?? {},
    forced: refund.forced ?? false,
    origin: refund.origin ?? 'ordermill',
  })
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'refund',
    subjectId: id,
    to: 'pending',
    cause: refund.origin === 'provider' ? 'refund at the provider' : 'refund',
    detail: { amount, ...(credit > 0 ? { credit } : {}) },
  })
  return id
}

const charge = expressionBuilder<{ c: Tables['charges'] }, 'c'>()

// The order's own charges with what can still be given back of them; late payments give themselves back. `refunds` counts all that were
// ever asked for: the next one is told apart by its number.
const readCharges = statement<{ orderId: string }>()((db, $) => {
  const refundsOf = db
    .selectFrom('charge_entries as e')
    .where((e) => e('e.charge_id', '=', charge.ref('c.id')))
    .where('e.kind', '=', 'refund')
  const underWay = refundsOf
    .select((e) => e.fn.sum<number>('e.amount').as('amount'))
    .where('e.state', 'in', ['pending', 'pending_information'])
  const lost = db
    .selectFrom('disputes as d')
    .select((d) => d.fn.sum<number>('d.amount').as('amount'))
    .where((d) => d('d.charge_id', '=', charge.ref('c.id')))
    .where('d.state', '=', 'lost')
  return db
    .selectFrom('charges as c')
    .select((c) => [
      'c.id',
      sql<number>`${c.ref('c.captured_amount')} - ${c.ref('c.refunded_amount')} - coalesce(${underWay}, 0) - coalesce(${lost}, 0)`.as(
        'available',
      ),
      scalar(refundsOf.select((e) => e.fn.countAll<number>().as('count'))).as('refunds'),
    ])
    .where('c.order_id', '=', $.orderId)
    .where('c.captured_amount', '>', 0)
    .where((c) =>
      c.not(c.exists(refundsOf.select('e.id').where('e.refund_id', 'is', null).where('e.state', '<>', 'failed'))),
    )
    .orderBy('c.created_at')
})

type ChargeToRefund = Awaited<ReturnType<typeof readCharges>>[number]

function takeFrom(charges: readonly ChargeToRefund[], amount: number): NewEntry[] {
  let left = amount
  const entries = charges.flatMap(({ id, available, refunds }) => {
    const part = Math.max(0, Math.min(left, available))
    left -= part
    return part > 0 ? [{ id: derivedId('chargeRefund', id, refunds + 1), chargeId: id, amount: part }] : []
  })
  if (left > 0) throw new ApiError('invalid_parameter', { parameter: 'amountRequested' })
  return entries
}
