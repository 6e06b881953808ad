import { alwaysClosed, type Breaker } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import type { CarrierEvent, CarrierRate, Label, ParcelRequest } from './carrier.ts'
import { createEasypostClient } from './easypost-client.ts'
import { buyLabel, findLabelOf, findPurchased, type PurchasedLabel, recallLabel } from './easypost-labels.ts'
import { toRate, toShipmentParams } from './easypost-parcel.ts'
import { readEasypostUpdate, readEasypostWebhook } from './easypost-webhooks.ts'

export type ParcelCarrier = ReturnType<typeof createEasypost>

/** Parcels through EasyPost's SDK. It has no idempotency keys: a label is looked up before it is bought again (I3). */
export function createEasypost(
  settings: NonNullable<Config['easypost']>,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
) {
  const client = createEasypostClient(settings, timeoutMs, breaker)
  return {
    name: 'easypost' as const,

    /** Creates a shipment, which costs nothing, and returns its id with the offered rates. */
    async createShipment(request: ParcelRequest): Promise<{ reference: string; rates: CarrierRate[] }> {
      const shipment = await client.call((easypost) => easypost.Shipment.create(toShipmentParams(request)))
      return { reference: shipment.id, rates: shipment.rates.flatMap(toRate) }
    },

    async rates(reference: string): Promise<CarrierRate[]> {
      return (await client.call((easypost) => easypost.Shipment.retrieve(reference))).rates.flatMap(toRate)
    },

    findLabelOf: (references: readonly (string | null | undefined)[]): Promise<PurchasedLabel | undefined> =>
      findLabelOf(client, references),

    findPurchased: (reference: string, since: Date): Promise<PurchasedLabel | undefined> =>
      findPurchased(client, reference, since),

    buyLabel: (reference: string, rateId: string): Promise<Label> => buyLabel(client, reference, rateId),

    recall: (reference: string): Promise<void> => recallLabel(client, reference),

    readWebhook: (rawBody: string, headers: Headers): CarrierEvent =>
      readEasypostWebhook(settings.webhookSecrets, rawBody, headers),

    readUpdate: readEasypostUpdate,
  }
}
