import { createRoute, z } from '@hono/zod-openapi'
import { cartTaxes, type Merchant } from '../../../merchants/merchant.entity.ts'
import {
  createMerchant,
  listMerchants,
  type MerchantFields,
  readMerchant,
  updateMerchant,
} from '../../../merchants/merchants.ts'
import { addressSchema, nameSchema } from '../../../parties/address.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  bpsSchema,
  connectedAccount,
  errorResponses,
  idParam,
  json,
  jsonBody,
  listOf,
  pageQuery,
  searchText,
  secretKey,
} from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

const merchantInputSchema = z.object({
  name: nameSchema.min(1),
  email: z.email().max(254).optional(),
  commissionBps: bpsSchema.optional().openapi({
    description:
      'Platform commission in basis points; without it the default applies. A marketplace sets it for its sellers, an operator for everybody.',
  }),
  commissionFixed: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .openapi({ description: 'Platform commission per order, in minor units of the order.' }),
  stripeAccountId: connectedAccount.optional(),
  shipFrom: addressSchema.optional(),
  cartTax: z.enum(cartTaxes).optional().openapi({
    description:
      'Whether prices of carts and checkout links bear tax: `none`, on top of them (`exclusive`) or within them (`inclusive`). Absent keeps what it is.',
  }),
})

const merchantSchema = merchantInputSchema
  .extend({ id: z.string(), parentId: z.string().optional(), createdTime: z.string() })
  .openapi('Merchant')

const toFields = (input: z.infer<typeof merchantInputSchema>): MerchantFields => ({
  name: input.name,
  email: input.email ?? null,
  commissionBps: input.commissionBps ?? null,
  commissionFixed: input.commissionFixed ?? null,
  stripeAccountId: input.stripeAccountId ?? null,
  shipFrom: input.shipFrom ?? null,
  ...(input.cartTax ? { cartTax: input.cartTax } : {}),
})

const toJson = ({ createdAt, ...merchant }: Merchant): z.infer<typeof merchantSchema> => ({
  ...(Object.fromEntries(
    Object.entries(merchant).filter(([name, value]) => value !== null && name in merchantSchema.shape),
  ) as {
    id: string
    name: string
  }),
  createdTime: createdAt.toISOString(),
})

const merchantRoute = (parts: ApiParts) => ({
  tags: ['Merchants'],
  security: secretKey,
  middleware: requireKey(parts.keys, 'secret'),
})
const one = { params: z.object({ id: idParam }) }

/** `/v2/merchants`: the caller's own record and the sellers on its marketplace. */
export function registerMerchants(app: ApiApp, parts: ApiParts): void {
  addCreation(app, parts)
  addList(app, parts)
  addReading(app, parts)
  addReplacement(app, parts)
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...merchantRoute(parts),
      method: 'post',
      path: '/v2/merchants',
      summary: 'Add a seller',
      request: jsonBody(merchantInputSchema),
      responses: { 201: json(merchantSchema, 'The seller.'), ...errorResponses },
    }),
    async (c) => {
      const fields = toFields(c.req.valid('json'))
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 201 as const,
        body: toJson(await createMerchant(tx.em, c.get('caller').merchantId, fields)),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...merchantRoute(parts),
      method: 'get',
      path: '/v2/merchants',
      summary: 'List the own record and the sellers',
      request: {
        query: pageQuery.omit({ endingBefore: true }).extend({
          q: searchText.optional().openapi({ description: 'How their name or e-mail address begins; or an id.' }),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(merchantSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, q, ...asked } = c.req.valid('query')
      const { hasMore, merchants } = await listMerchants(
        parts.database.em(),
        c.get('caller').merchantId,
        { limit, startingAfter },
        { text: q, created: readPeriod(asked) },
      )
      return c.json({ hasMore, data: merchants.map(toJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...merchantRoute(parts),
      method: 'get',
      path: '/v2/merchants/{id}',
      summary: 'Read a merchant',
      request: one,
      responses: { 200: json(merchantSchema, 'The merchant.'), ...errorResponses },
    }),
    async (c) =>
      c.json(toJson(await readMerchant(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)), 200),
  )
}

function addReplacement(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...merchantRoute(parts),
      method: 'post',
      path: '/v2/merchants/{id}',
      summary: 'Replace a merchant',
      // A merchant may be sent as it was read: what cannot change is ignored.
      request: { ...one, ...jsonBody(withFieldsBeside(z.object(merchantInputSchema.shape), merchantSchema)) },
      responses: { 200: json(merchantSchema, 'The merchant.'), ...errorResponses },
    }),
    async (c) => {
      const fields = toFields(c.req.valid('json'))
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 200 as const,
        body: toJson(await updateMerchant(tx.em, c.get('caller').merchantId, c.req.valid('param').id, fields)),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}
