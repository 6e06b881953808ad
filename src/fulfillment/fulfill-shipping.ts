import type { Address } from '../checkouts/address.ts'
import { attemptOperation, claimOperations } from '../payments/operations.ts'
import { TaskError } from '../platform/task-error.ts'
import { inTransaction, type UnitOfWork } from '../platform/transaction.ts'
import type { CarrierRate, Label } from './carriers/carrier.ts'
import { toOunces } from './carriers/carrier.ts'
import type { Carriers } from './carriers.ts'
import { readShipmentStep, type StepOrder } from './lock-step.ts'
import { storePurchase } from './store-purchase.ts'

type Parts = UnitOfWork & { carriers: Carriers }
type Step = { orderId: string; sellerId: string; taskId: string }

/**
 * Buys the label for one seller's parcel (R38). The shipment's id is stored before anything is bought, and a second
 * attempt asks the carrier for a label first, so postage is paid once although EasyPost knows no idempotency keys (I3).
 */
export async function fulfillShipping(parts: Parts, step: Step): Promise<void> {
  const { parcels } = parts.carriers
  if (!parcels) throw new TaskError('easypost_not_configured', { retry: true })
  const parcel = await readParcel(parts, step)
  if (!parcel) return

  const shipment = parcel.reference ? { reference: parcel.reference } : await createShipment(parts, parcels, parcel)
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${parcel.shipmentId}-label`,
      orderId: step.orderId,
      kind: 'label',
      provider: parcels.name,
      request: { shipment: parcel.shipmentId },
    },
  ])
  const label =
    claim?.outcome === 'claimed'
      ? await attemptOperation(parts, claim.operation, async ({ attempt }): Promise<Label> => {
          const bought = attempt > 1 ? await parcels.findLabel(shipment.reference) : undefined
          if (bought) return bought
          const rates = 'rates' in shipment ? shipment.rates : await parcels.rates(shipment.reference)
          return parcels.buyLabel(shipment.reference, chooseRate(rates, parcel.chosen).rateId)
        })
      : await parcels.findLabel(shipment.reference)
  if (!label) throw new TaskError('label_missing', { retry: true })

  const { reference } = shipment
  await inTransaction(parts, (tx) =>
    storePurchase(
      tx,
      { orderId: step.orderId, taskId: step.taskId, cause: 'label' },
      { ...label, shipmentId: parcel.shipmentId, reference },
      claim?.outcome === 'claimed' ? [{ operation: claim.operation, reference }] : [],
    ),
  )
}

type Parcel = {
  shipmentId: string
  reference: string | null
  from: Address
  to: Address
  order: StepOrder
  chosen: { carrier: string; service: string } | undefined
}

async function readParcel({ database }: Parts, step: Step): Promise<Parcel | undefined> {
  const order = await readShipmentStep(database.sql, step, 'shipping')
  if (!order) return undefined
  const { shipmentId, reference, shipFrom: from, shipTo: to } = order
  if (!from) throw new TaskError('ship_from_missing', { retry: false })
  if (!to) throw new TaskError('ship_to_missing', { retry: false })
  const chosen = order.shippingChoice?.parts.find((part) => part.path === 'shipping' && part.sellerId === step.sellerId)
  return { shipmentId, reference, from, to, order, chosen }
}

/** Creating a shipment costs nothing; one whose id is lost in a crash is simply never bought. */
async function createShipment(
  parts: Parts,
  parcels: NonNullable<Carriers['parcels']>,
  { shipmentId, from, to, order }: Parcel,
) {
  const shipment = await parcels.createShipment({
    reference: `${order.id} ${shipmentId}`,
    from,
    to,
    currency: order.currency,
    items: order.items.map(({ quantity, unitPrice, product }) => ({
      name: product.name,
      quantity,
      unitPrice,
      weightOz: toOunces(product.weight, product.weightUnit),
      dimensions: product.dimensions ?? null,
      countryOfOrigin: product.countryOfOrigin ?? null,
    })),
  })
  const [kept] = await parts.database.sql<{ reference: string }>(
    `update shipments set provider_reference = coalesce(provider_reference, $2), updated_at = now() where id = $1
     returning provider_reference as reference`,
    [shipmentId, shipment.reference],
  )
  // A faster worker's shipment counts; its rates are not ours.
  return kept && kept.reference !== shipment.reference ? { reference: kept.reference } : shipment
}

/** The service the buyer chose at checkout, else the cheapest. */
function chooseRate(rates: readonly CarrierRate[], chosen: Parcel['chosen']): CarrierRate {
  const rate =
    rates.find((entry) => entry.carrier === chosen?.carrier && entry.service === chosen.service) ??
    rates.toSorted((a, b) => a.amount - b.amount)[0]
  if (!rate) throw new TaskError('no_rates', { retry: true })
  return rate
}
