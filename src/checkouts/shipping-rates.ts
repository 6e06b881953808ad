import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { type CarrierRate, fingerprintOf, type ParcelQuote, toParcelItem } from '../carriers/carrier.ts'
import type { Carriers } from '../carriers/carriers.ts'
import type { Database } from '../database/database.ts'
import { jsonList, rowsOf, scalar, statement } from '../database/statement.ts'
import { type Viewer, type ViewerValues, viewerTypes, viewerValues } from '../merchants/viewer.ts'
import type { Address } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { selectCart } from './cart.statements.ts'
import type { Cart } from './cart.ts'

/** One parcel or print job behind a shipping choice. `amount` is what the buyer pays for it, `cost` what the platform pays; minor units. */
export type ShippingPart = {
  path: 'shipping' | 'pod'
  sellerId: string
  carrier: string
  service: string
  amount: number
  cost: number
  /** The offer behind it, whose label can be bought as long as the parcel is the same. */
  quote?: ParcelQuote
}

export type ShippingRate = {
  id: string
  amount: number
  description: string
  serviceLevel: string
  carrier: string
  deliveryDays: number | null
  parts: ShippingPart[]
}

const readToShip = statement<ViewerValues & { cartId: string }>({ cartId: 'uuid', ...viewerTypes })((_, $) =>
  selectCart($).select((c) => [
    c.cast<string>('c.updated_at', 'text').as('version'),
    scalar(
      c
        .selectFrom('checkout_items as i')
        .innerJoin('skus as s', (on) => on.onRef('s.merchant_id', '=', 'c.merchant_id').onRef('s.id', '=', 'i.sku_id'))
        .leftJoin('merchants as m', 'm.id', 's.seller_id')
        .select((i) =>
          jsonList(
            jsonBuildObject({
              id: i.ref('i.id'),
              skuId: i.ref('s.id'),
              sellerId: i.ref('s.seller_id'),
              name: i.ref('s.name'),
              kind: i.ref('s.kind'),
              quantity: i.ref('i.quantity'),
              unitPrice: i.ref('i.unit_price'),
              weight: i.ref('s.weight'),
              weightUnit: i.ref('s.weight_unit'),
              dimensions: i.ref('s.dimensions'),
              countryOfOrigin: i.ref('s.country_of_origin'),
              printful: i.ref('s.printful'),
              shipFrom: i.ref('m.ship_from'),
            }),
            i.ref('i.position'),
          ).as('list'),
        )
        .whereRef('i.checkout_id', '=', 'c.id')
        .where('s.kind', '<>', 'digital'),
    ).as('goods'),
  ]),
)

/** A cart with what of it has to travel; every change gives it another version. */
export type CartToShip = Awaited<ReturnType<typeof readToShip>>[number]
type Goods = CartToShip['goods'][number]

type Offer = Omit<CarrierRate, 'rateId' | 'currency'> & { part: ShippingPart }

/** Why nobody can be asked to send something, or nobody sends it. */
export type NoShipping =
  | 'seller_address_missing'
  | 'carrier_not_configured'
  | 'printer_not_configured'
  | 'not_delivered_there'
  | 'not_quoted_in_currency'

/** What keeps a seller's goods from being sent. */
export type ShippingProblem = { sellerId: string; code: NoShipping }

type Quote = Offer[] | NoShipping

// Waits for whoever changes the cart: an offer for what it was before must not be there to be chosen.
const storeOffers = statement<{ cartId: string; version: string; rates: ShippingRate[] }>()((db, $) =>
  db
    .with('asked', (db) =>
      db
        .selectFrom('checkouts as c')
        .select('c.id')
        .where('c.id', '=', $.cartId)
        .where((c) => sql<boolean>`${c.ref('c.updated_at')} = ${$.version.typed('timestamptz')}`)
        .forShare(),
    )
    .insertInto('shipping_rates')
    .columns(['id', 'checkout_id', 'amount', 'description', 'service_level', 'carrier', 'delivery_days', 'parts'])
    .expression((of) =>
      of
        .selectFrom('asked')
        .innerJoin(
          rowsOf($.rates, 'r', {
            id: 'text',
            amount: 'bigint',
            description: 'text',
            serviceLevel: 'text',
            carrier: 'text',
            deliveryDays: 'integer',
            parts: 'jsonb',
          }),
          (on) => on.onTrue(),
        )
        .select([
          'r.id',
          'asked.id as checkoutId',
          'r.amount',
          'r.description',
          'r.serviceLevel',
          'r.carrier',
          'r.deliveryDays',
          'r.parts',
        ]),
    )
    .returning('id'),
)

/**
 * Asks the carriers what shipping this cart costs, one parcel or print job per seller, and stores the offers.
 * One parcel: every offer of its carrier. Several: the cheapest and the fastest combination.
 * Carriers quote in their account's currency; offers in another currency than the cart's are left out.
 * Where nothing can be offered, `problems` say of whose goods and why; without problems nothing has to be sent.
 * @throws ApiError `ship_to_required`, `provider_unavailable`, `cart_changed`
 */
export async function quoteShipping(
  database: Database,
  carriers: Carriers,
  cart: CartToShip,
): Promise<{ rates: ShippingRate[]; problems: ShippingProblem[] }> {
  if (cart.items.every((item) => item.kind === 'digital')) return { rates: [], problems: [] }
  if (!cart.shipTo) throw new ApiError('ship_to_required', { parameter: 'shipTo' })
  const parcels = Map.groupBy(cart.goods, (item) => `${item.kind} ${item.sellerId}`)
  const quotes = await Promise.all([...parcels.values()].map((items) => quoteParcel(carriers, cart, items)))
  const problems = [...parcels.values()].flatMap(([first], index) => {
    const quote = quotes[index]
    return first && typeof quote === 'string' ? [{ sellerId: first.sellerId, code: quote }] : []
  })
  const rates = combine(quotes.map((quote) => (typeof quote === 'string' ? [] : quote)))
  if (rates.length > 0) {
    const stored = await storeOffers(database, { cartId: cart.id, version: cart.version, rates })
    if (stored.length === 0) throw new ApiError('cart_changed')
  }
  return { rates, problems }
}

/** Reads a cart of a merchant to quote its shipping. @throws ApiError `not_found`, also for another merchant's cart */
export async function readCartToShip(database: Database, viewer: Viewer, cartId: string): Promise<CartToShip> {
  const [cart] = await readToShip(database, { cartId, ...viewerValues(viewer) })
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  return cart
}

async function quoteParcel(carriers: Carriers, cart: Cart, items: readonly Goods[]): Promise<Quote> {
  const [first] = items
  const to = cart.shipTo
  if (!first || !to) return []
  try {
    return first.kind === 'pod'
      ? await quotePrintJob(carriers, cart.currency, to, first.sellerId, items)
      : await quoteBox(carriers, cart, to, first, items)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.outcome === 'refused') return 'not_delivered_there'
    throw new ApiError('provider_unavailable', { cause: error })
  }
}

async function quoteBox(
  { parcels }: Carriers,
  cart: Cart,
  to: Address,
  { sellerId, shipFrom }: Goods,
  items: readonly Goods[],
): Promise<Quote> {
  if (!parcels) return 'carrier_not_configured'
  if (!shipFrom) return 'seller_address_missing'
  const parcel = { from: shipFrom, to, currency: cart.currency, items: items.map((item) => toParcelItem(item, item)) }
  const fingerprint = fingerprintOf(parcel)
  const { reference, rates } = await parcels.createShipment({ ...parcel, reference: `${cart.id} ${sellerId}` })
  return inCurrency(cart.currency, rates, (rate) => ({
    path: 'shipping',
    sellerId,
    carrier: rate.carrier,
    service: rate.service,
    amount: rate.amount,
    cost: rate.amount,
    quote: { reference, rateId: rate.rateId, fingerprint },
  }))
}

/** The offers of a carrier that a cart can be paid with. */
function inCurrency(
  currency: string,
  rates: readonly CarrierRate[],
  toPart: (rate: CarrierRate) => ShippingPart,
): Quote {
  if (rates.length === 0) return 'not_delivered_there'
  const offers = rates.filter((rate) => rate.currency === currency).map((rate) => ({ ...rate, part: toPart(rate) }))
  return offers.length === 0 ? 'not_quoted_in_currency' : offers
}

async function quotePrintJob(
  { printer }: Carriers,
  currency: string,
  to: Address,
  sellerId: string,
  items: readonly Goods[],
): Promise<Quote> {
  if (!printer) return 'printer_not_configured'
  const jobs = items.flatMap((item) => (item.printful ? [{ ...item, product: item.printful }] : []))
  const [rates, production] = await Promise.all([
    printer.rates(to, jobs, currency),
    printer.productionCost(to, jobs, currency),
  ])
  return inCurrency(currency, rates, (rate) => ({
    path: 'pod',
    sellerId,
    carrier: rate.carrier,
    service: rate.service,
    amount: rate.amount,
    cost: rate.amount + production,
  }))
}

/** Every parcel needs an offer; without one nobody delivers the cart as a whole. */
function combine(parcels: readonly Offer[][]): ShippingRate[] {
  if (parcels.some((offers) => offers.length === 0)) return []
  const [only] = parcels
  if (parcels.length === 1 && only) {
    return only
      .toSorted((a, b) => a.amount - b.amount)
      .map((offer) => toRate([offer], `${offer.carrier} ${offer.service}`, offer.service))
  }
  const pick = (better: (a: Offer, b: Offer) => number) =>
    parcels.flatMap((offers) => offers.toSorted(better).slice(0, 1))
  const days = (offer: Offer) => offer.deliveryDays ?? Number.POSITIVE_INFINITY
  const cheapest = toRate(
    pick((a, b) => a.amount - b.amount),
    'Standard, in several parcels',
    'standard',
  )
  const fastest = toRate(
    pick((a, b) => days(a) - days(b) || a.amount - b.amount),
    'Fastest, in several parcels',
    'express',
  )
  return JSON.stringify(cheapest.parts) === JSON.stringify(fastest.parts) ? [cheapest] : [cheapest, fastest]
}

function toRate(offers: readonly Offer[], description: string, serviceLevel: string): ShippingRate {
  const days = offers.map((offer) => offer.deliveryDays)
  return {
    id: newId('shippingRate'),
    amount: offers.reduce((sum, offer) => sum + offer.amount, 0),
    description,
    serviceLevel,
    carrier: [...new Set(offers.map((offer) => offer.carrier))].join(' + '),
    deliveryDays: days.every((value) => value !== null) ? Math.max(...days) : null,
    parts: offers.map((offer) => offer.part),
  }
}
