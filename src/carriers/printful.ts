import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { PrintfulProduct } from '../catalog/sku.entity.ts'
import type { Address } from '../parties/address.ts'
import { alwaysClosed, type Breaker } from '../platform/breakers.ts'
import { callJson } from '../platform/call-json.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { toMajor, toMinor } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { readSignedJson } from '../platform/signed-json.ts'
import type { CarrierEvent, CarrierRate, ShipmentUpdate } from './carrier.ts'
import { printfulEventTypes } from './printful-events.ts'

export type PrintItem = { id: string; name: string; quantity: number; unitPrice: number; product: PrintfulProduct }
/** `cost` in minor units of `currency`, which is empty where Printful told no price. A `draft` is not printed yet. */
export type PrintJob = { reference: string; status: string; cost: number | null; currency: string }
type Answer = { code: number; result: unknown; error?: { reason?: string } }
type OrderAnswer = { id: number; status: string; costs?: { total?: string; currency?: string } }

const number = z.union([z.number(), z.string().max(100)]).nullish()
const text = z
  .union([z.string().max(2000), z.number()])
  .transform(String)
  .nullish()

const webhookSchema = z.looseObject({
  type: z.string().min(1).max(100),
  created: z.number().min(0).max(8.64e12).nullish(),
  data: z
    .looseObject({
      order: z.looseObject({ id: number, external_id: text, status: text }).nullish(),
      shipment: z.looseObject({ id: number, carrier: text, tracking_number: text, tracking_url: text }).nullish(),
    })
    .nullish(),
})

/** Until then nothing is printed: https://developers.printful.com/docs/#operation/deleteOrderById */
const cancellable: ReadonlySet<string> = new Set(['draft', 'pending', 'onhold', 'failed', 'canceled'])

export type PrintProvider = ReturnType<typeof createPrintful>

/** Print on demand through Printful's API. `external_id` is unique per store: an order is looked up by it before it is made again (I3). */
export function createPrintful(
  settings: NonNullable<Config['printful']>,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
) {
  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => {
    const { status, data } = await callJson({
      provider: 'printful',
      method,
      url: `${settings.apiBase}${path}`,
      headers: {
        authorization: `Bearer ${settings.apiKey}`,
        ...(settings.storeId ? { 'x-pf-store-id': settings.storeId } : {}),
      },
      ...(body === undefined ? {} : { body }),
      timeoutMs,
      breaker,
    })
    return { status, answer: data as Answer }
  }
  const accepted = ({ status, answer }: Awaited<ReturnType<typeof call>>) => {
    if (status >= 300) throw new ProviderError('printful', 'refused', answer.error?.reason ?? `http_${status}`)
    return answer.result
  }

  const readOrder = async (reference: string): Promise<PrintJob | undefined> => {
    const found = await call('GET', `/orders/${reference}`)
    return found.status === 404 ? undefined : toJob(accepted(found))
  }

  return {
    name: 'printful' as const,

    /** Shipping rates for the items; `amount` in minor units. */
    async rates(recipient: Address, items: readonly PrintItem[], currency: string): Promise<CarrierRate[]> {
      const result = accepted(
        await call('POST', '/shipping/rates', {
          recipient: toRecipient(recipient),
          items: items.map((item) => ({ variant_id: item.product.variantId, quantity: item.quantity })),
          currency,
        }),
      ) as {
        id: string
        name: string
        rate: string
        currency: string
        minDeliveryDays?: number
        maxDeliveryDays?: number
      }[]
      return result.flatMap((rate) => {
        const amount = toMinor(Number(rate.rate), rate.currency)
        return amount === undefined
          ? []
          : [
              {
                rateId: rate.id,
                carrier: 'Printful',
                service: rate.id,
                amount,
                currency: rate.currency,
                deliveryDays: rate.maxDeliveryDays ?? null,
              },
            ]
      })
    },

    /** What printing the items will cost the platform, without shipping, in minor units of the cart's currency. */
    async productionCost(recipient: Address, items: readonly PrintItem[], currency: string): Promise<number> {
      const { costs } = accepted(
        await call('POST', '/orders/estimate-costs', {
          recipient: toRecipient(recipient),
          items: items.map((item) => toOrderItem(item, currency)),
        }),
      ) as { costs: { currency: string; total: string | number; shipping: string | number } }
      if (costs.currency !== currency) throw new ProviderError('printful', 'refused', 'currency')
      return (toMinor(Number(costs.total), currency) ?? 0) - (toMinor(Number(costs.shipping), currency) ?? 0)
    },

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

    /** @throws ApiError `invalid_signature`. The secret is taken as hex and, where that does not fit, as text. */
    readWebhook(rawBody: string, headers: Headers): CarrierEvent {
      const given = Buffer.from(headers.get('x-pf-webhook-signature')?.toLowerCase() ?? '')
      const valid = settings.webhookSecrets.some((secret) =>
        [Buffer.from(secret, 'hex'), Buffer.from(secret)].some((key) => {
          const expected = Buffer.from(createHmac('sha256', key).update(rawBody).digest('hex'))
          return key.length > 0 && expected.length === given.length && timingSafeEqual(expected, given)
        }),
      )
      if (!valid) throw new ApiError('invalid_signature')
      const event = readSignedJson(rawBody, webhookSchema)
      const order = event.data?.order
      return {
        // Printful sends no event id, and a retry repeats the body but for its counter.
        eventId: createHash('sha256')
          .update(JSON.stringify([event.type, event.created, order?.id, event.data?.shipment?.id, order?.status]))
          .digest('base64url'),
        type: event.type,
        reference: order?.id == null ? undefined : String(order.id),
        occurredAt: event.created ? new Date(event.created * 1000) : undefined,
        body: event,
        relevant: printfulEventTypes.includes(event.type),
      }
    },

    /** `fulfilled` means shipped at Printful; it never reports a delivery. */
    readUpdate(body: Record<string, unknown>): ShipmentUpdate | undefined {
      const { type, data } = webhookSchema.parse(body)
      const { tracking_number: trackingNumber, tracking_url: trackingUrl, carrier } = data?.shipment ?? {}
      switch (type) {
        case 'package_shipped':
        case 'shipment_sent':
          return {
            state: 'in_transit',
            trackingNumber: trackingNumber ?? undefined,
            trackingUrl: trackingUrl ?? undefined,
            carrier: carrier ?? undefined,
          }
        case 'order_failed':
        case 'order_canceled':
        case 'package_returned':
          return { state: 'failed' }
        default:
          return undefined
      }
    },
  }
}

function toJob(result: unknown): PrintJob {
  const { id, status, costs } = result as OrderAnswer
  if (!id) throw new ProviderError('printful', 'unknown', 'unexpected_answer')
  const cost = costs?.total && costs.currency ? toMinor(Number(costs.total), costs.currency) : undefined
  return { reference: String(id), status, cost: cost ?? null, currency: costs?.currency ?? '' }
}

const toRecipient = ({ name, organization, phone, email, address }: Address) => ({
  name,
  company: organization,
  phone,
  email,
  address1: address.line1,
  address2: address.line2,
  city: address.city,
  state_code: address.state,
  zip: address.postalCode,
  country_code: address.country,
})

const toOrderItem = (item: PrintItem, currency: string) => ({
  external_id: item.id,
  variant_id: item.product.variantId,
  quantity: item.quantity,
  name: item.name,
  retail_price: String(toMajor(item.unitPrice, currency)),
  files: item.product.files,
})
