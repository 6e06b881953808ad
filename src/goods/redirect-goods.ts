import { changeShipTo, type NewShipTo } from '../orders/change-ship-to.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { describeAnew } from './move-shipment.ts'
import { mostTimes, readShipmentStandings, type ShipmentStanding } from './shipment-standing.ts'

/**
 * Whether nothing of an order that we send is under way: what was bought was called off for certain, what was not is no step's business
 * before somebody asks for it again.
 */
export const standsStill = (shipments: readonly ShipmentStanding[], { state }: { state: OrderState }): boolean =>
  (state === 'accepted' || state === 'confirmed') &&
  shipments.length > 0 &&
  shipments.every(
    (shipment) =>
      (shipment.state === 'cancelled' || (shipment.state === 'created' && !shipment.stepOpen)) &&
      !shipment.undecided &&
      !shipment.beingCalledOff &&
      !shipment.seen &&
      shipment.nth < mostTimes,
  )

/**
 * Changes the address of an order, as {@link changeShipTo} does, and also once a label or print job has failed for good or was called off.
 * Workers claim what they buy with the address that they read: either they see the new one, or it is refused. What was described to a
 * carrier or a printer with the old one is not bought any more.
 * @throws ApiError as {@link changeShipTo}
 */
export async function redirectGoods(tx: Transaction, target: NewShipTo): Promise<void> {
  let described = false
  const changed = await changeShipTo(tx, target, async (order) => {
    described = standsStill(await readShipmentStandings(tx, order.id), order)
    return described
  })
  if (changed && described) await describeAnew(tx, { orderId: target.orderId })
}
