import { createRoute, z } from '@hono/zod-openapi'
import { type Parcel, type ParcelItem, toParcelItem } from '../../../carriers/carrier.ts'
import { listSkus } from '../../../catalog/skus.ts'
import { type ParcelsQuote, quoteParcels } from '../../../checkouts/quote-parcels.ts'
import { readMerchant } from '../../../merchants/merchants.ts'
import { type Address, addressSchema, nameSchema } from '../../../parties/address.ts'
import { ApiError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { isLive } from '../../../providers/providers.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  amountSchema,
  currencySchema,
  errorResponses,
  idParam,
  json,
  jsonBody,
  majorUnits,
  minorUnits,
  secretKey,
} from '../../schemas.ts'

const place = addressSchema.extend({ name: nameSchema.optional() })
const weight = z.number().min(0).max(100_000).optional()
const weightUnit = z.enum(['oz', 'lb', 'g', 'kg']).optional()
const inches = z.number().min(0).max(10_000).optional()
const quantity = z.number().int().min(1).max(10_000)

const productSchema = z.looseObject({
  name: z.string().trim().min(1).max(500).optional(),
  countryOfOrigin: z.string().length(2).optional(),
  weight,
  weightUnit,
})

const packageSchema = z.object({
  items: z
    .array(z.object({ productDetails: productSchema, amount: amountSchema.default(0), quantity }))
    .min(1)
    .max(100),
  weight,
  weightUnit,
  length: inches,
  width: inches,
  height: inches,
})
type Package = z.infer<typeof packageSchema>

const quotesSchema = z
  .object({
    currency: z.string(),
    quotes: z.array(
      z.object({
        id: z.string(),
        description: z.string(),
        serviceLevel: z.string(),
        estimatedDelivery: z.string().optional(),
        totalAmount: z.number(),
        shipFrom: place,
      }),
    ),
    liveMode: z.boolean(),
  })
  .openapi('ShippingQuotes')

const methodsSchema = z
  .object({
    shipments: z.array(z.object({ itemIds: z.array(z.string()), shipFrom: place })),
    shippingMethods: z.array(z.object({ description: z.string(), serviceLevel: z.string(), amount: z.number() })),
    liveMode: z.boolean(),
  })
  .openapi('ShippingMethodQuotes')

/** `/shipping-quotes` and `/checkout/shipping-quotes` in Digital River's words: what our carriers ask, without a basket. */
export function registerShippingQuotes(app: ApiApp, parts: ApiParts): void {
  const settings = { tags: ['Shipping'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  addPackages(app, parts, settings)
  addItems(app, parts, settings)
}

type Settings = { tags: string[]; security: typeof secretKey; middleware: ReturnType<typeof requireKey> }

function addPackages(app: ApiApp, parts: ApiParts, settings: Settings): void {
  const route = createRoute({
    ...settings,
    method: 'post',
    path: '/shipping-quotes',
    summary: 'Ask what some packages cost',
    request: jsonBody(
      z.object({
        currency: currencySchema,
        shipFrom: place,
        shipTo: place,
        packages: z.array(packageSchema).min(1).max(20),
      }),
    ),
    responses: { 200: json(quotesSchema, 'Cheapest first; empty when nobody delivers there.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { currency, shipFrom, shipTo, packages } = c.req.valid('json')
    const quotes = await quoteParcels(
      parts.carriers,
      packages.map((box, index) => ({
        from: named(shipFrom),
        to: named(shipTo),
        currency,
        items: itemsOf(box, currency, `packages.${index}`),
      })),
    )
    const answer = {
      currency,
      quotes: quotes.map((quote) => ({
        id: newId('shippingRate'),
        ...wordsOf(quote),
        ...(quote.deliveryDays === null ? {} : { estimatedDelivery: `${quote.deliveryDays} days` }),
        totalAmount: majorUnits(quote.amount, currency),
        shipFrom,
      })),
      liveMode: isLive(parts.providers),
    }
    return c.json(answer, 200)
  })
}

function addItems(app: ApiApp, parts: ApiParts, settings: Settings): void {
  const route = createRoute({
    ...settings,
    method: 'post',
    path: '/checkout/shipping-quotes',
    summary: 'Ask what the goods of a checkout page cost to send',
    description: 'They leave from where the merchant ships from, in one parcel.',
    request: jsonBody(
      z.object({
        sessionId: z.string().max(255).optional(),
        sessionUpstreamId: z.string().max(255).optional(),
        currency: currencySchema,
        shipTo: place,
        items: z
          .array(
            z.object({
              id: z.string().max(255),
              amount: amountSchema,
              quantity,
              sku: z.looseObject({ id: idParam.optional(), physical: z.boolean().optional() }).optional(),
              productDetails: productSchema.extend({ physical: z.boolean().optional() }).optional(),
            }),
          )
          .min(1)
          .max(100),
      }),
    ),
    responses: { 200: json(methodsSchema, 'Cheapest first; empty when nobody delivers there.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { currency, shipTo, items } = c.req.valid('json')
    const { merchantId } = c.get('caller')
    const em = parts.database.em()
    const { shipFrom } = await readMerchant(em, merchantId, merchantId)
    if (!shipFrom)
      throw new ApiError('missing_parameter', { message: 'This merchant has no shipFrom.', parameter: 'shipFrom' })
    const ids = items.flatMap(({ sku }) => sku?.id ?? [])
    const { skus } = await listSkus(em, merchantId, { limit: items.length }, { ids })
    const shipped = items.flatMap(({ sku, productDetails, ...item }) => {
      const known = skus.find(({ id }) => id === sku?.id)
      const physical = productDetails?.physical ?? sku?.physical ?? known?.kind !== 'digital'
      return physical ? [{ ...item, product: { ...known, ...goodsOf(productDetails ?? {}) } }] : []
    })
    const parcel: Parcel = {
      from: shipFrom,
      to: named(shipTo),
      currency,
      items: shipped.map(({ id, amount, quantity, product }) =>
        toParcelItem(
          {
            ...product,
            name: product.name ?? id,
            weight: product.weight ?? null,
            weightUnit: product.weightUnit ?? null,
            dimensions: product.dimensions ?? null,
            countryOfOrigin: product.countryOfOrigin ?? null,
          },
          { quantity, unitPrice: minorUnits(amount, currency, 'items.amount') },
        ),
      ),
    }
    const quotes = shipped.length === 0 ? [] : await quoteParcels(parts.carriers, [parcel])
    const answer = {
      shipments: shipped.length === 0 ? [] : [{ itemIds: shipped.map(({ id }) => id), shipFrom }],
      shippingMethods: quotes.map((quote) => ({ ...wordsOf(quote), amount: majorUnits(quote.amount, currency) })),
      liveMode: isLive(parts.providers),
    }
    return c.json(answer, 200)
  })
}

const wordsOf = ({ carrier, service }: ParcelsQuote) => ({
  description: `${carrier} ${service}`,
  serviceLevel: service,
})

/** Carriers quote for a place; whose it is they ask when there is a label to buy. */
const named = ({ name = '', ...rest }: z.infer<typeof place>): Address => ({ ...rest, name })

/** What of a product a carrier wants to know, as far as it is said. */
const goodsOf = ({ name, weight, weightUnit, countryOfOrigin }: z.infer<typeof productSchema>) => ({
  ...(name === undefined ? {} : { name }),
  ...(weight === undefined ? {} : { weight }),
  ...(weightUnit === undefined ? {} : { weightUnit }),
  ...(countryOfOrigin === undefined ? {} : { countryOfOrigin }),
})

/** What is in a package. One whose weight is said weighs that, whatever is in it. */
function itemsOf(box: Package, currency: string, parameter: string): ParcelItem[] {
  const { length, width, height } = box
  const dimensions = length && width && height ? { length, width, height, unit: 'in' as const } : null
  const items = box.items.map(({ productDetails, amount, quantity }, index) =>
    toParcelItem(
      { ...goodsOf(productDetails), name: productDetails.name ?? `${index + 1}`, dimensions },
      { quantity, unitPrice: minorUnits(amount, currency, `${parameter}.items.${index}.amount`) },
    ),
  )
  const [first] = items
  if (!box.weight || !first) return items
  const { weightOz } = toParcelItem({ name: first.name, weight: box.weight, weightUnit: box.weightUnit ?? null }, first)
  const unitPrice = items.reduce((sum, item) => sum + item.unitPrice * item.quantity, 0)
  return [{ ...first, quantity: 1, unitPrice, weightOz }]
}
