import type { OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { derivedId, newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
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
  const entries = takeFrom(await readCharges(tx, order.id), amountOf(refund))
  const id = await storeRefund(tx, order, refund, entries)
  tx.enqueue({
    job: 'carry-out-refund',
    payload: { orderId: order.id, refundId: id },
    dedupeKey: `${id}-carry-out-1`,
  })
  return id
}

/** One refund of one charge that is to be, or was, made. Minor units. */
type NewEntry = { id: string; charge_id: string; amount: number }

const amountOf = ({ items, shipping }: NewRefund): number =>
  [...items, ...(shipping ?? [])].reduce((sum, share) => sum + share.amount, 0)

/** Stores a refund with its entries and takes it from what is available. Returns its id. */
export async function storeRefund(
  tx: Transaction,
  order: OrderRow,
  refund: NewRefund,
  entries: readonly NewEntry[],
): Promise<string> {
  const amount = amountOf(refund)
  const id = newId('refund')
  await tx.sql(
    `with reserved as (
      update order_items i set refunded_amount = i.refunded_amount + s.amount
      from (select item_id, sum(amount) as amount from jsonb_to_recordset($5::jsonb) as r(item_id text, amount bigint) group by 1) s
      where i.id = s.item_id
    ), entered as (
      insert into charge_entries (id, charge_id, order_id, kind, amount, refund_id)
      select id, charge_id, $2, 'refund', amount, $1 from jsonb_to_recordset($6::jsonb) as e(id text, charge_id text, amount bigint)
    )
    insert into refunds (id, order_id, merchant_id, return_id, type, currency, amount, percent, items, shipping, reason, state_transitions,
      metadata, live_mode, forced, origin)
    select $1, o.id, o.merchant_id, $7, $8, o.currency, $3, $9, $4::jsonb, $13::jsonb, $10, jsonb_build_object('pending', $11::text), $12::jsonb,
      o.live_mode, $14, $15
    from orders o where o.id = $2`,
    [
      id,
      order.id,
      amount,
      JSON.stringify(refund.items),
      JSON.stringify(refund.items.map((share) => ({ item_id: share.itemId, amount: share.amount }))),
      JSON.stringify(entries),
      refund.returnId ?? null,
      refund.type ?? null,
      refund.percent ?? null,
      refund.reason ?? null,
      new Date().toISOString(),
      JSON.stringify(refund.metadata ?? {}),
      JSON.stringify(refund.shipping ?? []),
      refund.forced ?? false,
      refund.origin ?? 'ordermill',
    ],
  )
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'refund',
    subjectId: id,
    to: 'pending',
    cause: refund.origin === 'provider' ? 'refund at the provider' : 'refund',
    detail: { amount },
  })
  return id
}

/** `refunds` counts all that were ever asked for: the next one is told apart by its number. */
type ChargeToRefund = { id: string; available: number; refunds: number }

/** The order's own charges with what can still be given back of them; late payments give themselves back. */
const readCharges = (tx: Transaction, orderId: string) =>
  tx.sql<ChargeToRefund>(
    `select c.id, c.captured_amount - c.refunded_amount - coalesce((select sum(e.amount) from charge_entries e
         where e.charge_id = c.id and e.kind = 'refund' and e.state in ('pending', 'pending_information')), 0)
         - coalesce((select sum(d.amount) from disputes d where d.charge_id = c.id and d.state = 'lost'), 0) as available,
       (select count(*) from charge_entries e where e.charge_id = c.id and e.kind = 'refund') as refunds
     from charges c where c.order_id = $1 and c.captured_amount > 0
       and not exists (select 1 from charge_entries e where e.charge_id = c.id and e.kind = 'refund' and e.refund_id is null
         and e.state <> 'failed')
     order by c.created_at`,
    [orderId],
  )

function takeFrom(charges: readonly ChargeToRefund[], amount: number): NewEntry[] {
  let left = amount
  const entries = charges.flatMap(({ id, available, refunds }) => {
    const part = Math.max(0, Math.min(left, available))
    left -= part
    return part > 0 ? [{ id: derivedId('chargeRefund', id, refunds + 1), charge_id: id, amount: part }] : []
  })
  if (left > 0) throw new ApiError('invalid_parameter', { parameter: 'amountRequested' })
  return entries
}
