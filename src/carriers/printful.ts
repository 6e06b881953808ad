import type { Address } from '../parties/address.ts'
import { alwaysClosed, type Breaker } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { toMinor } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { CarrierEvent, CarrierRate } from './carrier.ts'
import { createPrintfulCatalogue } from './printful-catalogue.ts'
import { accepted, createPrintfulClient } from './printful-client.ts'
import { type PrintItem, toOrderItem, toRecipient } from './printful-items.ts'
import { createPrintfulMockUps } from './printful-mock-ups.ts'
import { type PrintBasket, readProductionCost, readShippingRates } from './printful-prices.ts'
import { readPrintfulUpdate, readPrintfulWebhook } from './printful-webhooks.ts'

/** `cost` in minor units of `currency`, which is empty where Printful told no price. A `draft` is not printed yet. */
export type PrintJob = { reference: string; status: string; cost: number | null; currency: string }
type OrderAnswer = { id: number; status: string; costs?: { total?: string; currency?: string } }

/** Until then nothing is printed: https://developers.printful.com/docs/#operation/deleteOrderById */
const cancellable: ReadonlySet<string> = new Set(['draft', 'pending', 'onhold', 'failed', 'canceled'])

export type PrintProvider = ReturnType<typeof createPrintful>

/** Print on demand through Printful's API. `external_id` is unique per store: an order is looked up by it before it is made again (I3). */
export function createPrintful(
  settings: NonNullable<Config['printful']>,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
) {
  const call = createPrintfulClient(settings, timeoutMs, breaker)

  const readOrder = async (reference: string): Promise<PrintJob | undefined> => {
    const found = await call('GET', `/orders/${reference}`)
    return found.status === 404 ? undefined : toJob(accepted(found))
  }

  return {
    name: 'printful' as const,

    rates: (...basket: PrintBasket): Promise<CarrierRate[]> => readShippingRates(call, ...basket),

    productionCost: (...basket: PrintBasket): Promise<number> => readProductionCost(call, ...basket),

    /** Whether a job is not in production yet. */
    canCancel: ({ status }: PrintJob): boolean => cancellable.has(status),

    /** Cancels a job that is not in production yet; again does nothing. @throws ProviderError `refused` for one that is */
    async recall(reference: string): Promise<void> {
      const answer = await call('DELETE', `/orders/${encodeURIComponent(reference)}`)
      if (answer.status < 300) return
      const job = await readOrder(encodeURIComponent(reference))
      if (job?.status !== 'canceled') accepted(answer)
    },

    findOrder: (externalId: string): Promise<PrintJob | undefined> => readOrder(`@${encodeURIComponent(externalId)}`),

    readOrder,

    /** Places the order as a draft, which costs nothing and says what it would. */
    async placeOrder(request: {
      externalId: string
      recipient: Address
      items: readonly PrintItem[]
      shipping: string
      currency: string
    }): Promise<PrintJob> {
      return toJob(
        accepted(
          await call('POST', '/orders', {
            external_id: request.externalId,
            shipping: request.shipping,
            recipient: toRecipient(request.recipient),
            items: request.items.map((item) => toOrderItem(item, request.currency)),
          }),
        ),
      )
    },

    /** Confirms a draft for production; from then on it is charged and cannot always be stopped. */
    async confirmOrder(reference: string): Promise<PrintJob> {
      return toJob(accepted(await call('POST', `/orders/${reference}/confirm`)))
    },

    catalogue: createPrintfulCatalogue(call),

    mockUps: createPrintfulMockUps(call, { apiBase: settings.apiBase, timeoutMs }),

    readWebhook: (rawBody: string, headers: Headers): CarrierEvent =>
      readPrintfulWebhook(settings.webhookSecrets, rawBody, headers),

    readUpdate: readPrintfulUpdate,
  }
}

function toJob(result: unknown): PrintJob {
  const { id, status, costs } = result as OrderAnswer
  if (!id) throw new ProviderError('printful', 'unknown', 'unexpected_answer')
  const cost = costs?.total && costs.currency ? toMinor(Number(costs.total), costs.currency) : undefined
  return { reference: String(id), status, cost: cost ?? null, currency: costs?.currency ?? '' }
}
