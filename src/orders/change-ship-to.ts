import { isDeepStrictEqual } from 'node:util'
import { now, statement } from '../database/statement.ts'
import type { Address, Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { noteAct } from './note-act.ts'
import type { OrderState } from './order.state-machine.ts'
import { lockOrder } from './order-row.ts'

/** Nothing of the goods has begun: labels are bought and prints are ordered of accepted orders only. */
const before: readonly OrderState[] = ['pending', 'pending_payment', 'payment_failed', 'in_review']

const readGoods = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => [
      'o.ship_to as shipTo',
      o
        .exists(
          o
            .selectFrom('order_items as i')
            .select('i.id')
            .whereRef('i.order_id', '=', 'o.id')
            .where('i.kind', '<>', 'digital')
            .where('i.fulfilled_quantity', '>', 0),
        )
        .as('begun'),
    ])
    .where('o.id', '=', $.orderId),
)

const store = statement<{ orderId: string; shipTo: Party }>()((db, $) =>
  db.updateTable('orders').set({ ship_to: $.shipTo.json, updated_at: now }).where('id', '=', $.orderId),
)

/** Whether the address of an order can still be changed, but for pieces that a merchant has sent. */
export const mayMove = ({ state, fulfilledBy }: { state: OrderState; fulfilledBy: 'engine' | 'merchant' }): boolean =>
  before.includes(state) || (fulfilledBy === 'merchant' && state === 'accepted')

export type NewShipTo = { orderId: string; merchantId: string; by: string; shipTo: Address }

/**
 * Changes where an order goes, within its country: tax and duty are those of the country, and are not calculated again. The order is
 * locked, as whoever accepts it or hands goods over locks it: either the goods go to the new address, or it is refused. `standsStill`
 * says of an order whose goods are sent by us, once it is locked, that nothing of it is under way. Returns whether the address is another one.
 * @throws ApiError `not_found`, `ship_to_fixed` once a label may be bought or something is sent, or where nothing is to be sent, `ship_to_country_fixed`
 */
export async function changeShipTo(
  tx: Transaction,
  target: NewShipTo,
  standsStill: (order: { id: string; state: OrderState }) => Promise<boolean>,
): Promise<boolean> {
  const order = await lockOrder(tx, target.orderId)
  if (!order || order.merchantId !== target.merchantId || order.draft) throw new ApiError('not_found')
  const [goods] = await readGoods(tx, target)
  if (!goods?.shipTo) throw new ApiError('ship_to_fixed', { message: 'Nothing of this order is sent anywhere.' })
  if (goods.begun || !(mayMove(order) || (await standsStill(order)))) throw new ApiError('ship_to_fixed')
  if (goods.shipTo.address?.country !== target.shipTo.address.country) throw new ApiError('ship_to_country_fixed')
  const shipTo = { ...goods.shipTo, ...target.shipTo }
  if (isDeepStrictEqual(shipTo, goods.shipTo)) return false
  await store(tx, { orderId: order.id, shipTo })
  noteAct(tx, { orderId: order.id, by: target.by, act: 'address changed' })
  return true
}
