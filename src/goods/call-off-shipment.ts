import type { Carriers } from '../carriers/carriers.ts'
import { setAttention } from '../orders/move-order.ts'
import { noteAct } from '../orders/note-act.ts'
import { lockOrder } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { reopenShipment } from './move-shipment.ts'
import { recallGoods } from './recall-goods.ts'
import { calledOffMoves, isUnderWay } from './shipment.state-machine.ts'
import {
  callOffJobs,
  canBeCalledOff,
  canBeSentAgain,
  readShipmentStandings,
  type ShipmentStanding,
} from './shipment-standing.ts'

const stepJobs = { shipping: 'fulfill-shipping', pod: 'fulfill-pod' } as const

/** `by`: the id of a person, or `api`. */
type Target = { orderId: string; merchantId: string; shipmentId: string; by: string }

const readOne = async (
  on: Parameters<typeof readShipmentStandings>[0],
  { orderId, shipmentId }: { orderId: string; shipmentId: string },
): Promise<ShipmentStanding | undefined> =>
  (await readShipmentStandings(on, orderId)).find(({ id }) => id === shipmentId)

async function readOwn(tx: Transaction, target: Target) {
  const order = await lockOrder(tx, target.orderId)
  const own = order?.merchantId === target.merchantId && !order.draft
  const shipment = own ? await readOne(tx, target) : undefined
  if (!order || !shipment) throw new ApiError('not_found')
  return { order, shipment }
}

/**
 * Asks for a label that was bought to be voided, or a print job to be cancelled; a worker does it, for only the carrier knows whether it can.
 * @throws ApiError `not_found`, `goods_being_called_off` for the second who asks, `goods_not_recallable`
 */
export async function askCallOff(tx: Transaction, target: Target): Promise<void> {
  const { shipment } = await readOwn(tx, target)
  const { orderId, shipmentId, by } = target
  if (shipment.beingCalledOff) throw new ApiError('goods_being_called_off')
  if (!canBeCalledOff(shipment)) throw new ApiError('goods_not_recallable')
  tx.enqueue({
    job: callOffJobs[shipment.path],
    payload: { orderId, shipmentId },
    // The order is locked and nothing of it is being called off: this is the only one.
    dedupeKey: `${shipmentId}-call-off-${newId('task')}`,
  })
  noteAct(tx, { orderId, by, act: shipment.path === 'pod' ? 'print job called off' : 'label called off' })
}

/**
 * Voids a label or cancels a print job because somebody has asked for it. One that is too late for that stays as it is, and the timeline says
 * so; what it cost is booked back as its carrier pays it back.
 */
export async function callOffShipment(
  parts: UnitOfWork & { carriers: Carriers },
  { orderId, shipmentId }: { orderId: string; shipmentId: string },
  taskId: string,
): Promise<void> {
  const shipment = await readOne(parts.database, { orderId, shipmentId })
  if (!shipment) throw new Error(`shipment ${shipmentId} does not exist`)
  // The carrier's webhook may say what became of it before its answer does.
  const open = shipment.state === 'purchased' || (shipment.state === 'cancelled' && shipment.undecided)
  const recalled = open && (await recallGoods(parts, orderId, { ...shipment, shipmentId }))
  await inTransaction(parts, async (tx) => {
    await lockOrder(tx, orderId)
    const after = await readOne(tx, { orderId, shipmentId })
    const line = { orderId, kind: 'note', subject: 'shipment', subjectId: shipmentId } as const
    if (recalled && isUnderWay(after?.state)) await setAttention(tx, orderId, { reason: calledOffMoves })
    else if (after?.state !== 'cancelled') tx.note({ ...line, cause: 'not called off' })
    tx.finish(taskId)
  })
}

/**
 * Sends what was called off again, with another label or print job, of a confirmed order.
 * @throws ApiError `not_found`, `goods_not_to_be_sent`, `goods_on_their_way` where a carrier has seen what was called off
 */
export async function sendAgain(tx: Transaction, target: Target): Promise<void> {
  const { order, shipment } = await readOwn(tx, target)
  const { orderId, shipmentId, by } = target
  if (shipment.seen) throw new ApiError('goods_on_their_way')
  if (!canBeSentAgain(shipment, order)) throw new ApiError('goods_not_to_be_sent')
  const { path, sellerId } = shipment
  const next = await reopenShipment(tx, { orderId, shipmentId })
  if (next === undefined) throw new Error(`shipment ${shipmentId} was not opened again`)
  const job = stepJobs[path]
  tx.enqueue({ job, payload: { orderId, sellerId }, dedupeKey: `${orderId}-${job}-${sellerId}-${next}` })
  noteAct(tx, { orderId, by, act: path === 'pod' ? 'printed again' : 'sent again' })
}
