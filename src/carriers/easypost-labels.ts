import { toMinor } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { Label } from './carrier.ts'
import type { EasypostClient, ShipmentAnswer } from './easypost-client.ts'

export type PurchasedLabel = { reference: string; label: Label }

/** The label of the first of these shipments for which one was bought, whoever bought it. EasyPost need not know them. */
export async function findLabelOf(
  { retrieve }: EasypostClient,
  references: readonly (string | null | undefined)[],
): Promise<PurchasedLabel | undefined> {
  for (const reference of references) {
    const shipment = reference ? await retrieve(reference) : undefined
    const label = shipment && toLabel(shipment)
    if (reference && label) return { reference, label }
  }
  return undefined
}

/**
 * The label that was bought for a parcel with this reference, which EasyPost takes in place of an id. It need not be unique: one
 * that was described twice is looked for among all that were bought since.
 */
export async function findPurchased(
  { call, retrieve }: EasypostClient,
  reference: string,
  since: Date,
): Promise<PurchasedLabel | undefined> {
  const latest = await retrieve(encodeURIComponent(reference))
  const labelled = (shipment: ShipmentAnswer) => {
    const label = shipment.reference === reference ? toLabel(shipment) : undefined
    return label && { reference: shipment.id, label }
  }
  if (!latest) return undefined
  let found = labelled(latest)
  let before: string | undefined
  while (!found) {
    const cursor = before === undefined ? {} : { before_id: before }
    const params = { purchased: true, start_datetime: since.toISOString(), page_size: 100, ...cursor }
    const page = await call<{ shipments: ShipmentAnswer[]; has_more: boolean }>((easypost) =>
      easypost.Shipment.all(params),
    )
    found = page.shipments.map(labelled).find((entry) => entry !== undefined)
    before = page.shipments.at(-1)?.id
    if (!page.has_more || before === undefined) break
  }
  return found
}

/** Buys the label: postage is charged at once and cannot always be given back. */
export async function buyLabel({ call }: EasypostClient, reference: string, rateId: string): Promise<Label> {
  const label = toLabel(await call((easypost) => easypost.Shipment.buy(reference, rateId)))
  if (!label) throw new ProviderError('easypost', 'unknown', 'no_label')
  return label
}

/**
 * Asks for the money of an unused label back, so that it cannot be used any more; the carrier pays days later. Again does nothing.
 * @throws ProviderError `refused` for a label that is used
 */
export async function recallLabel({ call, retrieve }: EasypostClient, reference: string): Promise<void> {
  const isVoided = async () => {
    const status = (await retrieve(reference))?.refund_status
    return status === 'submitted' || status === 'refunded'
  }
  if (await isVoided()) return
  try {
    await call((easypost) => easypost.Shipment.refund(reference))
  } catch (error) {
    if (!(await isVoided())) throw error
  }
}

function toLabel(shipment: ShipmentAnswer): Label | undefined {
  const { selected_rate: rate, postage_label: label } = shipment
  if (!rate || !label || !shipment.tracking_code) return undefined
  return {
    carrier: rate.carrier,
    service: rate.service,
    cost: toMinor(Number(rate.rate), rate.currency) ?? 0,
    currency: rate.currency,
    labelUrl: label.label_url,
    trackingNumber: shipment.tracking_code,
    trackingUrl: shipment.tracker?.public_url ?? null,
    trackerId: shipment.tracker?.id ?? null,
  }
}
