import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { countrySchema } from '../../../parties/countries.ts'
import { ApiError } from '../../../platform/errors.ts'
import { daySchema } from '../../../platform/moments.ts'
import { rateColumns, readRatesCsv, toWritten } from '../../../tax/read-rates-csv.ts'
import { toFraction } from '../../../tax/tax-amount.ts'
import { taxCategories } from '../../../tax/tax-categories.ts'
import { exportTaxRates, listTaxRates, type StoredTaxRate, type TaxRateFilter } from '../../../tax/tax-rates.ts'
import { sendCsv, wantsCsv } from '../../csv.ts'
import { jsonOrCsv } from '../../entry-query.ts'
import type { ApiApp } from '../../env.ts'
import { refuseUnknown } from '../../middleware/refuse-unknown.ts'
import { requireBookkeeper } from '../../middleware/require-bookkeeper.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { session } from '../ops/session-security.ts'
import { storeSentRates } from './store-sent-rates.ts'

/** Fifty thousand lines are some 4 MB. */
const maxBytes = 16 * 1024 * 1024

/** Keeps a file of rates in bounds. */
export const limitRates = bodyLimit({
  maxSize: maxBytes,
  onError: () => {
    throw new ApiError('payload_too_large')
  },
})

export const rateFilter = z.object({
  country: countrySchema.optional(),
  state: z
    .string()
    .regex(/^[A-Z0-9]{1,3}$/)
    .optional(),
  category: z.enum(taxCategories).optional(),
  on: daySchema.optional().openapi({ description: 'Only what applies on this day.' }),
})

const rateSchema = z
  .object({
    id: z.string(),
    country: z.string(),
    state: z.string().nullable(),
    county: z.string().nullable(),
    city: z.string().nullable(),
    postalFrom: z.string().nullable(),
    postalTo: z.string().nullable(),
    category: z.enum(taxCategories),
    rate: z.number().openapi({ description: 'A fraction: 0.19 is 19 %.', example: 0.19 }),
    shippingTaxable: z.boolean(),
    validFrom: z.string(),
    validUntil: z.string().nullable().openapi({ description: 'The first day on which it no longer applies.' }),
  })
  .openapi('TaxRate')

const toJson = ({ ratePpm, ...rate }: StoredTaxRate) => ({ ...rate, rate: toFraction(ratePpm) })

const storedSchema = z
  .object({ added: z.number().int(), changed: z.number().int(), unchanged: z.number().int() })
  .openapi('StoredTaxRates')

const rateRoute = (parts: ApiParts) => ({
  tags: ['Tax rates'],
  security: [...secretKey, ...session],
  middleware: requireBookkeeper(parts),
})

/** `/v2/tax-rates`: what the places of this world ask of what is sold, since when and until when. */
export function registerTaxRates(app: ApiApp, parts: ApiParts): void {
  addList(app, parts)
  addExport(app, parts)
  addImport(app, parts)
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...rateRoute(parts),
      method: 'get',
      path: '/v2/tax-rates',
      summary: 'List tax rates',
      request: { query: pageQuery.extend(rateFilter.shape).extend({ format: z.enum(['json', 'csv']).optional() }) },
      responses: {
        200: jsonOrCsv(listOf(rateSchema), 'By their ids, backwards; as CSV all of them, by place.'),
        ...errorResponses,
      },
    }),
    async (c) => {
      const { format, limit, startingAfter, endingBefore, ...wanted } = c.req.valid('query')
      if (wantsCsv(c, format)) return sendRates(c, parts, wanted)
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, rows } = await listTaxRates(parts.database, wanted, page)
      return c.json({ hasMore, data: rows.map(toJson) }, 200)
    },
  )
}

function addExport(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...rateRoute(parts),
      method: 'get',
      path: '/v2/tax-rates.csv',
      summary: 'Export tax rates',
      request: { query: rateFilter },
      responses: {
        200: { description: 'What an import takes.', content: { 'text/csv': { schema: z.string() } } },
        ...errorResponses,
      },
    }),
    (c) => sendRates(c, parts, c.req.valid('query')),
  )
}

function addImport(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    ...rateRoute(parts),
    method: 'post',
    path: '/v2/tax-rates',
    summary: 'Import tax rates',
    description:
      'CSV with the columns of the export. All of it is stored, or nothing: then every wrong cell is named by its line and its column. A line of ' +
      'the same place, category and first day as a rate that is there changes it; other rates stay.',
    request: { body: { required: true, content: { 'text/csv': { schema: z.string() } } } },
    responses: { 200: json(storedSchema, 'What was new, what was changed, what was known.'), ...errorResponses },
  })
  // Documented, but not validated by the contract: the bytes are read as they come.
  app.openAPIRegistry.registerPath(route)
  app.post(route.path, requireBookkeeper(parts), limitRates, refuseUnknown(route), async (c) => {
    if (!/^text\/csv\b/i.test(c.req.header('content-type') ?? ''))
      throw new ApiError('invalid_content_type', { message: 'Send rates with content-type text/csv.' })
    const rates = readRatesCsv(new Uint8Array(await c.req.arrayBuffer()))
    return c.json(await storeSentRates(parts, rates, c.get('bookkeeper')), 200)
  })
}

const sendRates = (c: Context, parts: ApiParts, wanted: TaxRateFilter) =>
  sendCsv<StoredTaxRate, never>(c, {
    filename: 'tax-rates.csv',
    header: rateColumns,
    toCells: (rate) => {
      const written = toWritten(rate)
      return rateColumns.map((column) => written[column])
    },
    read: async () => ({ rows: await exportTaxRates(parts.database, wanted), next: undefined }),
  })
