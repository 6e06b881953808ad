import { type CarrierRate, fingerprintOf, type Label, type Parcel, toParcelItem } from '../carriers/carrier.ts'
import type { Carriers } from '../carriers/carriers.ts'
import type { ParcelCarrier } from '../carriers/easypost.ts'
import type { ShippingPart } from '../checkouts/shipping-rates.ts'
import { now, statement } from '../database/statement.ts'
import { attemptOperation, claimOperations } from '../operations/operations.ts'
import { labelOf } from '../operations/purposes.ts'
import type { Config } from '../platform/config.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { inGroup } from '../tasks/in-group.ts'
import { TaskBusy, TaskError } from '../tasks/task-error.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { type CostLimit, checkCost } from './limit-cost.ts'
import {
  isSentAgain,
  leftToSend,
  readShipmentStep,
  type ShipmentStep,
  skipShipment,
  writeLeftOut,
} from './lock-step.ts'
import { storePurchase } from './store-purchase.ts'

type Parts = UnitOfWork & { carriers: Carriers; config: Config }
type Step = { orderId: string; sellerId: string; taskId: string }

/**
 * Buys the label for one seller's parcel. Every shipment that it may be bought for is stored before, and a second attempt asks
 * the carrier for a label of these first, so postage is paid once although EasyPost knows no idempotency keys (I3).
 */
export async function fulfillShipping(parts: Parts, step: Step): Promise<void> {
  const { parcels } = parts.carriers
  if (!parcels) throw new TaskError('easypost_not_configured', { retry: true })
  const order = await readShipmentStep(parts.database.sql, step, 'shipping')
  if (!order) return
  if (leftToSend(order).length === 0) return skipShipment(parts, order, step.taskId)
  const shipment = toShipment(parts, step, order)

  const [claim] = await claimOperations(
    parts,
    [
      {
        ...labelOf(shipment.id, shipment.nth),
        orderId: step.orderId,
        provider: parcels.name,
        request: { shipment: shipment.id },
      },
    ],
    { orderId: step.orderId, refundCount: order.refundCount, shipTo: order.shipTo },
  )
  const bought =
    claim?.outcome === 'claimed'
      ? await attemptOperation(parts, claim.operation, async ({ lookUpFirst }): Promise<Bought> => {
          const earlier = lookUpFirst ? await findLabel(parcels, shipment) : undefined
          return earlier ?? (await buyQuoted(parcels, shipment)) ?? (await buyAnew(parts, parcels, shipment))
        })
      : await findLabel(parcels, shipment)
  if (!bought) throw new TaskError('label_missing', { retry: true })

  const { reference, label } = bought
  await inGroup(parts, { kind: 'store-purchase', about: step.orderId }, async (tx) => {
    await storePurchase(
      tx,
      { orderId: step.orderId, taskId: step.taskId, cause: 'label', again: isSentAgain(order) },
      { ...label, shipmentId: shipment.id, nth: shipment.nth, reference, provider: parcels.name },
      claim?.outcome === 'claimed' ? [{ operation: claim.operation, reference }] : [],
    )
    await writeLeftOut(tx, order)
  })
}

type Shipment = {
  id: string
  /** The how-manieth label it is. */
  nth: number
  orderId: string
  orderedAt: Date
  /** The carrier's id, where the parcel had to be described to it again. */
  reference: string | null
  parcel: Parcel
  /** What the buyer chose at checkout. */
  chosen: ShippingPart | undefined
  limit: CostLimit
}

/** A label, and the carrier's id of the shipment it is for. */
type Bought = { reference: string; label: Label }

function toShipment({ config }: Pick<Parts, 'config'>, step: Step, order: ShipmentStep): Shipment {
  const { shipmentId: id, nth, reference, acceptedCost: accepted, shipFrom: from, shipTo: to, currency } = order
  if (!from) throw new TaskError('ship_from_missing', { retry: false })
  if (!to) throw new TaskError('ship_to_missing', { retry: false })
  const items = leftToSend(order).map((item) => toParcelItem(item.product, item))
  const chosen = order.shippingChoice?.parts.find((part) => part.path === 'shipping' && part.sellerId === step.sellerId)
  const toleranceBps = config.fulfilmentToleranceBps
  const limit = { shipmentId: id, quoted: chosen?.cost, currency, accepted, toleranceBps }
  const parcel = { from, to, items, currency }
  return { id, nth, orderId: order.id, orderedAt: order.createdAt, reference, parcel, chosen, limit }
}

/** The label that an earlier attempt may have bought. */
const findLabel = (parcels: ParcelCarrier, { nth, reference, chosen }: Shipment): Promise<Bought | undefined> =>
  parcels.findLabelOf([reference, nth === 1 ? chosen?.quote?.reference : null])

/** What a parcel that was not quoted is found by at the carrier. */
const referenceOf = ({ orderId, id, nth }: Pick<Shipment, 'orderId' | 'id' | 'nth'>): string =>
  `${orderId} ${id}${nth === 1 ? '' : ` ${nth}`}`

/** Buys what the buyer was quoted, at that price; undefined where the parcel changed since, or the offer is not open any more. */
async function buyQuoted(parcels: ParcelCarrier, shipment: Shipment): Promise<Bought | undefined> {
  const { nth, reference, parcel, chosen } = shipment
  const quote = chosen?.quote
  // What was quoted is bought once: a label that is bought for it again would be the one that was called off.
  if (!quote || nth > 1 || reference !== null || quote.fingerprint !== fingerprintOf(parcel)) return undefined
  try {
    return { reference: quote.reference, label: await parcels.buyLabel(quote.reference, quote.rateId) }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    // What is refused may have been sold before.
    return findLabel(parcels, shipment)
  }
}

async function buyAnew(parts: Parts, parcels: ParcelCarrier, shipment: Shipment): Promise<Bought> {
  // A database that was restored has lost the id of a parcel that was described before.
  const before =
    shipment.reference === null ? await parcels.findPurchased(referenceOf(shipment), shipment.orderedAt) : undefined
  if (before) return before
  const described =
    shipment.reference === null
      ? await describeParcel(parts, parcels, shipment)
      : { reference: shipment.reference, rates: await parcels.rates(shipment.reference) }
  const rate = chooseRate(described.rates, shipment.chosen)
  const price = { cost: rate.amount, currency: rate.currency }
  await checkCost({ database: parts.database, provider: parcels.name }, shipment.limit, price)
  return { reference: described.reference, label: await parcels.buyLabel(described.reference, rate.rateId) }
}

const keepReference = statement<{ shipmentId: string; reference: string }>()((db, $) =>
  db
    .updateTable('shipments')
    .set((s) => ({
      provider_reference: s.fn.coalesce('provider_reference', $.reference.typed('text')),
      updated_at: now,
    }))
    .where('id', '=', $.shipmentId)
    .returning('provider_reference as reference'),
)

/** Creating a shipment costs nothing; one whose id is lost in a crash is simply never bought. */
async function describeParcel({ database }: Parts, parcels: ParcelCarrier, shipment: Shipment) {
  const made = await parcels.createShipment({ ...shipment.parcel, reference: referenceOf(shipment) })
  const [kept] = await keepReference(database, { shipmentId: shipment.id, reference: made.reference })
  if (kept?.reference !== made.reference) throw new TaskBusy('shipment_described')
  return made
}

/** The service the buyer chose at checkout, else the cheapest. */
function chooseRate(rates: readonly CarrierRate[], chosen: Shipment['chosen']): CarrierRate {
  const rate =
    rates.find((entry) => entry.carrier === chosen?.carrier && entry.service === chosen.service) ??
    rates.toSorted((a, b) => a.amount - b.amount)[0]
  if (!rate) throw new TaskError('no_rates', { retry: true })
  return rate
}
