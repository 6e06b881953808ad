import type { Transaction } from '../database/transaction.ts'
import { advanceFulfilledOrder } from '../goods/finish-step.ts'
import { moveOrder, reopenOrder } from '../orders/move-order.ts'
import type { ItemState, OrderState } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { lineTotalSql } from '../orders/refundable.ts'
import type { ClosedByRefund } from './refund.entity.ts'

/** Why an order of which a refund failed waits for a person. */
export const refundFailed = 'refund failed at the provider'

/** What of each item of an order was given back by refunds that succeeded. $1 is the order. */
const givenSql = `select p ->> 'itemId' as item_id, sum((p ->> 'amount')::bigint) as amount
  from refunds r, jsonb_array_elements(r.items) p where r.order_id = $1 and r.state = 'succeeded' group by 1`

/**
 * What follows from a refund that succeeded: nobody keeps downloads and licence keys that were given back entirely, and an order whose
 * captured money went back entirely is closed.
 */
export async function closeRefunded(tx: Transaction, order: OrderRow, refundId: string): Promise<void> {
  await tx.sql(
    `with given as (${givenSql})
    update deliveries d set state = 'revoked' from order_items i join given g on g.item_id = i.id
    where d.order_item_id = i.id and d.state <> 'revoked' and g.amount >= ${lineTotalSql('i')}
      and i.id in (select p ->> 'itemId' from refunds r, jsonb_array_elements(r.items) p where r.id = $2)`,
    [order.id, refundId],
  )
  const items = await cancelItems(tx, order, refundId)
  if (await closeOrder(tx, order, refundId, items)) return
  if (items.length === 0) return
  await keepClosed(tx, refundId, { from: null, items })
  const [handedOver] = await tx.sql(
    'select 1 from order_items where order_id = $1 and fulfilled_quantity > 0 limit 1',
    [order.id],
  )
  if (handedOver) await advanceFulfilledOrder(tx, order, 'refund')
}

const keepClosed = (tx: Transaction, refundId: string, closed: ClosedByRefund) =>
  tx.sql('update refunds set closed = $2::jsonb where id = $1', [refundId, JSON.stringify(closed)])

/** Lines that were given back entirely before they left will not be handed over any more. Returns them as they were. */
async function cancelItems(tx: Transaction, order: OrderRow, refundId: string): Promise<ItemBefore[]> {
  if (order.fulfilledBy !== 'engine') return []
  const items = await tx.sql<ItemBefore>(
    `with given as (${givenSql})
     update order_items i set state = 'cancelled', cancelled_quantity = i.quantity,
       state_transitions = i.state_transitions || jsonb_build_object('cancelled', $3::text)
     from order_items before join given g on g.item_id = before.id
     where before.id = i.id and i.order_id = $1 and i.state = 'created' and i.fulfilled_quantity = 0 and g.amount >= ${lineTotalSql('i')}
       and i.id in (select p ->> 'itemId' from refunds r, jsonb_array_elements(r.items) p where r.id = $2)
       and not exists (select 1 from shipments s where s.order_id = $1 and s.item_ids ? i.id and s.state in ('purchased', 'in_transit', 'delivered'))
     returning i.id, before.state, before.returned_quantity as returned, before.cancelled_quantity as cancelled`,
    [order.id, refundId, new Date().toISOString()],
  )
  for (const { id } of items)
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'cancelled',
      cause: 'refund',
    })
  return items
}

/** What a whole refund leads to: pieces that were handed over count as returned, the others as cancelled. */
function pathAfterRefund(order: OrderRow, fulfilled: boolean): [OrderState, ...OrderState[]] | undefined {
  switch (order.state) {
    case 'complete':
      return ['returned']
    case 'fulfilled':
      return ['complete', 'returned']
    case 'accepted':
    case 'confirmed':
      return fulfilled ? ['fulfilled', 'complete', 'returned'] : ['cancelled']
    case 'pending':
    case 'pending_payment':
    case 'payment_failed':
    case 'in_review':
      return ['cancelled']
    case 'returned':
    case 'blocked':
    case 'cancelled':
      return undefined
  }
}

type ItemBefore = ClosedByRefund['items'][number]

/** Returns whether all captured money went back, which closes the order. `before` is what was closed a moment ago. */
async function closeOrder(
  tx: Transaction,
  order: OrderRow,
  refundId: string,
  before: readonly ItemBefore[],
): Promise<boolean> {
  const [sums] = await tx.sql<{ left: number; held: number; fulfilled: number; reason: string | null }>(
    `select (select coalesce(sum(captured_amount - refunded_amount), 0) from charges where order_id = $1) as left,
       (select count(*) from charges where order_id = $1 and state in ('pending', 'capturable', 'processing')) as held,
       (select count(*) from order_items where order_id = $1 and fulfilled_quantity > 0) as fulfilled,
       (select reason from refunds where id = $2) as reason`,
    [order.id, refundId],
  )
  if (!sums || sums.left > 0 || sums.held > 0) return false
  const path = pathAfterRefund(order, sums.fulfilled > 0)
  if (!path) return false
  const items = await tx.sql<ItemBefore & { to: ItemState }>(
    `with revoked as (update deliveries set state = 'revoked' where order_id = $1)
     update order_items i set state = case when i.fulfilled_quantity > 0 then 'returned' else 'cancelled' end,
       returned_quantity = i.fulfilled_quantity, cancelled_quantity = i.quantity - i.fulfilled_quantity,
       state_transitions = i.state_transitions
         || jsonb_build_object(case when i.fulfilled_quantity > 0 then 'returned' else 'cancelled' end, $2::text)
     from order_items before
     where i.order_id = $1 and i.state in ('created', 'fulfilled') and before.id = i.id
     returning i.id, i.state as "to", before.state, before.returned_quantity as returned, before.cancelled_quantity as cancelled`,
    [order.id, new Date().toISOString()],
  )
  for (const { id, to } of items)
    tx.note({ orderId: order.id, kind: 'transition', subject: 'item', subjectId: id, to, cause: 'refund' })
  const closed: ClosedByRefund = { from: order.state, items: [...before, ...items.map(({ to: _to, ...item }) => item)] }
  await tx.sql(
    `with kept as (update refunds set closed = $2::jsonb where id = $1)
     update orders set attention = null where id = $3 and (attention ->> 'reason' = $4 or attention ->> 'taskId' in (
       select id from tasks where order_id = $3 and job in ('deliver-digital', 'fulfill-shipping', 'fulfill-pod', 'distribute-revenue')))`,
    // Nobody has to give again what a refund could not, for it went back in another way.
    [refundId, JSON.stringify(closed), order.id, refundFailed],
  )
  await moveOrder(tx, order, path, 'refund', path[0] === 'cancelled' ? { cancelReason: sums.reason ?? 'refunded' } : {})
  return true
}

/**
 * Undoes {@link closeRefunded} for a refund that failed after it succeeded: the order and its items are as they were before a refund closed
 * them, and what is not given back entirely any more is served again, unless a dispute holds it. Call it once the refund is `failed`.
 */
export async function reopenRefunded(tx: Transaction, order: OrderRow, refundId: string, cause: string): Promise<void> {
  const undone = await tx.sql<{ closed: ClosedByRefund }>(
    `update refunds r set closed = null from refunds c where c.order_id = $1 and r.id = c.id and c.closed is not null
       and (c.id = $2 or c.closed ->> 'from' is not null)
     returning c.closed`,
    [order.id, refundId],
  )
  let wasClosed = false
  for (const { closed } of undone) {
    if (closed.from !== null && !(await reopenOrder(tx, order, closed.from, cause))) continue
    wasClosed ||= closed.from !== null
    await tx.sql(
      `update order_items i set state = b.state, returned_quantity = b.returned, cancelled_quantity = b.cancelled,
         state_transitions = i.state_transitions - i.state
       from jsonb_to_recordset($1::jsonb) as b(id text, state text, returned int, cancelled int) where i.id = b.id`,
      [JSON.stringify(closed.items)],
    )
    for (const { id, state } of closed.items)
      tx.note({ orderId: order.id, kind: 'note', subject: 'item', subjectId: id, to: state, cause })
  }
  await tx.sql(
    `with given as (${givenSql})
    update deliveries d set state = 'delivered' from order_items i
    where i.order_id = $1 and d.order_item_id = i.id and d.state = 'revoked' and i.state <> 'returned'
      and coalesce((select g.amount from given g where g.item_id = i.id), 0) < ${lineTotalSql('i')}
      and ($3::boolean or i.id in (select p ->> 'itemId' from refunds r, jsonb_array_elements(r.items) p where r.id = $2))
      and not exists (select 1 from orders o where o.id = $1 and (o.erased_at is not null or o.state in ('cancelled', 'blocked', 'returned')))`,
    [order.id, refundId, wasClosed],
  )
}
