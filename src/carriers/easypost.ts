import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Agent } from 'node:http'
import { z } from 'zod'
import type { Address } from '../parties/address.ts'
import { alwaysClosed, type Breaker } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { createKeepAliveAgent } from '../platform/keep-alive-agent.ts'
import { toMajor, toMinor } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { readSignedJson } from '../platform/signed-json.ts'
import type { CarrierEvent, CarrierRate, Label, ParcelItem, ParcelRequest, ShipmentUpdate } from './carrier.ts'

/** The calls used of the SDK, whose own declarations do not fit an ES module import. */
type Client = {
  Shipment: {
    create(params: object): Promise<unknown>
    retrieve(id: string): Promise<unknown>
    buy(id: string, rateId: string): Promise<unknown>
    refund(id: string): Promise<unknown>
    all(params: object): Promise<unknown>
  }
}
type Request = { agent(agent: Agent): Request }
type ClientClass = new (
  key: string,
  options: { baseUrl: string; timeout: number; requestMiddleware(request: Request): Request },
) => Client
type ShipmentAnswer = {
  id: string
  reference?: string | null
  rates: {
    id: string
    carrier: string
    service: string
    rate: string
    currency: string
    delivery_days: number | null
  }[]
  selected_rate: { carrier: string; service: string; rate: string; currency: string } | null
  postage_label: { label_url: string } | null
  tracking_code: string | null
  refund_status?: string | null
  tracker: { id: string; public_url?: string | null } | null
}

const text = z.string().max(255).nullish()

const trackerSchema = z.looseObject({
  shipment_id: text,
  tracking_code: text,
  status: text,
  carrier: text,
  public_url: z.string().max(2000).nullish(),
})

const eventSchema = z
  .looseObject({
    id: z.string().min(1).max(255),
    description: z.string().min(1).max(255),
    created_at: z.iso.datetime({ offset: true }).nullish().catch(undefined),
    result: z.looseObject({}).nullish(),
  })
  .refine(({ description, result }) => !description.startsWith('tracker.') || trackerSchema.safeParse(result).success, {
    path: ['result'],
  })

export type ParcelCarrier = ReturnType<typeof createEasypost>

/** Parcels through EasyPost's SDK. It has no idempotency keys: a label is looked up before it is bought again (I3). */
export function createEasypost(
  settings: NonNullable<Config['easypost']>,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
) {
  let sdk: Promise<Client> | undefined
  const agent = createKeepAliveAgent(settings.apiBase)
  const client = () => {
    sdk ??= import('@easypost/api').then(
      ({ default: Sdk }) =>
        new (Sdk as unknown as ClientClass)(settings.apiKey, {
          baseUrl: `${settings.apiBase.replace(/\/$/, '')}/`,
          timeout: timeoutMs,
          requestMiddleware: (request) => request.agent(agent),
        }),
    )
    return sdk
  }
  const call = async <Answer = ShipmentAnswer>(ask: (easypost: Client) => Promise<unknown>): Promise<Answer> => {
    const easypost = await client()
    return breaker.run(async () => {
      try {
        return (await ask(easypost)) as Answer
      } catch (error) {
        throw toProviderError(error)
      }
    })
  }

  const retrieve = (id: string) =>
    call((easypost) => easypost.Shipment.retrieve(id)).catch((error: ProviderError) => {
      if (isNotFound(error.cause)) return undefined
      throw error
    })

  return {
    name: 'easypost' as const,

    /** Creates a shipment, which costs nothing, and returns its id with the offered rates. */
    async createShipment(request: ParcelRequest): Promise<{ reference: string; rates: CarrierRate[] }> {
      const shipment = await call((easypost) =>
        easypost.Shipment.create({
          reference: request.reference,
          to_address: toEasypostAddress(request.to),
          from_address: toEasypostAddress(request.from),
          parcel: toParcel(request.items),
          ...(request.from.address.country === request.to.address.country ? {} : { customs_info: toCustoms(request) }),
        }),
      )
      return { reference: shipment.id, rates: shipment.rates.flatMap(toRate) }
    },

    /** The label of the first of these shipments for which one was bought, whoever bought it. EasyPost need not know them. */
    async findLabelOf(
      references: readonly (string | null | undefined)[],
    ): Promise<{ reference: string; label: Label } | undefined> {
      for (const reference of references) {
        const shipment = reference ? await retrieve(reference) : undefined
        const label = shipment && toLabel(shipment)
        if (reference && label) return { reference, label }
      }
      return undefined
    },

    /**
     * Asks for the money of an unused label back, so that it cannot be used any more; the carrier pays days later. Again does nothing.
     * @throws ProviderError `refused` for a label that is used
     */
    async recall(reference: string): Promise<void> {
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
    },

    /**
     * The label that was bought for a parcel with this reference, which EasyPost takes in place of an id. It need not be unique: one
     * that was described twice is looked for among all that were bought since.
     */
    async findPurchased(reference: string, since: Date): Promise<{ reference: string; label: Label } | undefined> {
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
    },

    /** Buys the label: postage is charged at once and cannot always be given back. */
    async buyLabel(reference: string, rateId: string): Promise<Label> {
      const label = toLabel(await call((easypost) => easypost.Shipment.buy(reference, rateId)))
      if (!label) throw new ProviderError('easypost', 'unknown', 'no_label')
      return label
    },

    async rates(reference: string): Promise<CarrierRate[]> {
      return (await call((easypost) => easypost.Shipment.retrieve(reference))).rates.flatMap(toRate)
    },

    /** @throws ApiError `invalid_signature`; the key is the NFKD form of the secret, the message the raw body. */
    readWebhook(rawBody: string, headers: Headers): CarrierEvent {
      const given = Buffer.from(headers.get('x-hmac-signature') ?? '')
      const valid = settings.webhookSecrets.some((secret) => {
        const hex = createHmac('sha256', secret.normalize('NFKD')).update(rawBody).digest('hex')
        const expected = Buffer.from(`hmac-sha256-hex=${hex}`)
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
      if (!valid) throw new ApiError('invalid_signature')
      const event = readSignedJson(rawBody, eventSchema)
      const body = event.result ?? {}
      return {
        eventId: event.id,
        type: event.description,
        reference: trackerSchema.safeParse(body).data?.shipment_id ?? undefined,
        occurredAt: event.created_at ? new Date(event.created_at) : undefined,
        body,
        // A tracker that was only made says nothing about the parcel yet.
        relevant: event.description.startsWith('tracker.') && toUpdate(body) !== undefined,
      }
    },

    readUpdate: toUpdate,
  }
}

/** What a tracker event says about the parcel; undefined while it has not moved. */
function toUpdate(body: Record<string, unknown>): ShipmentUpdate | undefined {
  const tracker = trackerSchema.safeParse(body).data
  const trackingNumber = tracker?.tracking_code ?? undefined
  const trackingUrl = tracker?.public_url ?? undefined
  const carrier = tracker?.carrier ?? undefined
  switch (tracker?.status) {
    case 'in_transit':
    case 'out_for_delivery':
    case 'available_for_pickup':
      return { state: 'in_transit', trackingNumber, trackingUrl, carrier }
    case 'delivered':
      return { state: 'delivered', trackingNumber, trackingUrl, carrier }
    case 'return_to_sender':
    case 'failure':
    case 'cancelled':
    case 'error':
      return { state: 'failed', trackingNumber, trackingUrl, carrier }
    default:
      return undefined
  }
}

const toRate = (rate: ShipmentAnswer['rates'][number]): CarrierRate[] => {
  const amount = toMinor(Number(rate.rate), rate.currency)
  return amount === undefined
    ? []
    : [
        {
          rateId: rate.id,
          carrier: rate.carrier,
          service: rate.service,
          amount,
          currency: rate.currency,
          deliveryDays: rate.delivery_days,
        },
      ]
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

const toEasypostAddress = ({ name, organization, phone, email, address }: Address) => ({
  name,
  company: organization,
  phone,
  email,
  street1: address.line1,
  street2: address.line2,
  city: address.city,
  state: address.state,
  zip: address.postalCode,
  country: address.country,
})

/** One parcel holds all items: weights add up, the footprint is the largest item's, heights are stacked. */
function toParcel(items: readonly ParcelItem[]) {
  const inches = (value: number, unit: 'in' | 'cm') => (unit === 'cm' ? value / 2.54 : value)
  const parcel = { length: 0, width: 0, height: 0, weight: 0 }
  for (const { dimensions, quantity, weightOz } of items) {
    parcel.weight += weightOz * quantity
    if (!dimensions) continue
    parcel.length = Math.max(parcel.length, inches(dimensions.length, dimensions.unit))
    parcel.width = Math.max(parcel.width, inches(dimensions.width, dimensions.unit))
    parcel.height += inches(dimensions.height, dimensions.unit) * quantity
  }
  const round = (value: number, minimum: number) => Math.max(minimum, Math.ceil(value * 10) / 10)
  return {
    length: round(parcel.length, 6),
    width: round(parcel.width, 4),
    height: round(parcel.height, 1),
    weight: round(parcel.weight, 1),
  }
}

const toCustoms = ({ items, currency, from }: ParcelRequest) => ({
  contents_type: 'merchandise',
  eel_pfc: 'NOEEI 30.37(a)',
  customs_certify: true,
  customs_signer: from.name,
  non_delivery_option: 'return',
  restriction_type: 'none',
  customs_items: items.map((item) => ({
    description: item.name,
    quantity: item.quantity,
    value: toMajor(item.unitPrice * item.quantity, currency),
    currency,
    weight: item.weightOz * item.quantity,
    origin_country: item.countryOfOrigin ?? from.address.country,
  })),
})

/** Only an answered 4xx is definite. */
const isNotFound = (error: unknown): boolean => (error as { statusCode?: number } | undefined)?.statusCode === 404

function toProviderError(error: unknown): ProviderError {
  const { statusCode, code } = error as { statusCode?: number; code?: unknown }
  const name = typeof code === 'string' ? code : 'error'
  if (statusCode === 401 || statusCode === 403 || statusCode === 429)
    return new ProviderError('easypost', 'unavailable', name, { cause: error })
  // A request that timed out or met another may have been carried out.
  const undecided = statusCode === 408 || statusCode === 409 || statusCode === 425
  if (statusCode && statusCode >= 400 && statusCode < 500 && !undecided)
    return new ProviderError('easypost', 'refused', name, { cause: error })
  return new ProviderError('easypost', 'unknown', name, { cause: error, outage: !undecided })
}
