import { createRoute, z } from '@hono/zod-openapi'
import {
  createSellingEntity,
  deleteSellingEntity,
  listSellingEntities,
  readSellingEntity,
  updateSellingEntity,
} from '../../../checkouts/selling-entities.ts'
import type { OwnedSellingEntity } from '../../../checkouts/selling-entity.ts'
import { sellingEntityChangesSchema, sellingEntitySchema } from '../../../checkouts/selling-entity-schema.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { requireEntityOwner } from '../../middleware/require-entity-owner.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, listOf, secretKey } from '../../schemas.ts'
import { session } from '../ops/session-security.ts'

const position = z.number().int().min(1).max(50).optional().openapi({
  description: 'When it is tried: 1 is first. The first entity whose countries fit sells.',
})
const ofMerchant = z.object({
  merchantId: idParam.optional().openapi({
    description: "By an operator: whose entities. Without it those of the installation. A key's are its merchant's.",
  }),
})
const one = { params: z.object({ id: idParam }), query: ofMerchant }

const ownedSchema = sellingEntitySchema
  .extend({ merchantId: z.string().nullable().openapi({ description: 'Null: it serves all who have none.' }) })
  .openapi('OwnedSellingEntity')

const toJson = ({ ownerId, ...entity }: OwnedSellingEntity) => ({ ...entity, merchantId: ownerId })

const entityRoute = (parts: ApiParts) => ({
  tags: ['Selling entities'],
  security: [...secretKey, ...session],
  middleware: requireEntityOwner(parts),
})

/** `/v2/selling-entities`: who sells, and which of them where. */
export function registerSellingEntities(app: ApiApp, parts: ApiParts): void {
  addList(app, parts)
  addReading(app, parts)
  addCreation(app, parts)
  addChange(app, parts)
  addRemoval(app, parts)
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...entityRoute(parts),
      method: 'get',
      path: '/v2/selling-entities',
      summary: 'List selling entities',
      description: 'All of them, in the order in which they are tried.',
      request: { query: ofMerchant },
      responses: { 200: json(listOf(ownedSchema), 'In the order in which they are tried.'), ...errorResponses },
    }),
    async (c) => {
      const entities = await listSellingEntities(parts.database, c.get('owner').merchantId)
      return c.json({ hasMore: false, data: entities.map(toJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...entityRoute(parts),
      method: 'get',
      path: '/v2/selling-entities/{id}',
      summary: 'Read a selling entity',
      request: one,
      responses: { 200: json(ownedSchema, 'The entity.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('owner')
      return c.json(toJson(await readSellingEntity(parts.database, merchantId, c.req.valid('param').id)), 200)
    },
  )
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...entityRoute(parts),
      method: 'post',
      path: '/v2/selling-entities',
      summary: 'Add a selling entity',
      description: 'Once a merchant has one of its own, only its own sell for it, and it owes their taxes.',
      request: { query: ofMerchant, ...jsonBody(sellingEntitySchema.extend({ position })) },
      responses: { 201: json(ownedSchema, 'The entity.'), ...errorResponses },
    }),
    async (c) => {
      const { position: place, ...entity } = c.req.valid('json')
      const { merchantId, author } = c.get('owner')
      const made = await inTransaction(parts, async (tx) => {
        await createSellingEntity(tx, merchantId, entity, place)
        return readSellingEntity(tx, merchantId, entity.id)
      })
      parts.log.info({ author, merchantId, sellingEntity: entity.id }, 'selling entity added')
      return c.json(toJson(made), 201)
    },
  )
}

function addChange(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...entityRoute(parts),
      method: 'post',
      path: '/v2/selling-entities/{id}',
      summary: 'Change a selling entity',
      description:
        'Its id and country stay: another taxpayer is another entity. What was sold before keeps the entity as it was.',
      request: { ...one, ...jsonBody(sellingEntityChangesSchema.extend({ position })) },
      responses: { 200: json(ownedSchema, 'The entity.'), ...errorResponses },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { merchantId, author } = c.get('owner')
      const changed = await inTransaction(parts, async (tx) => {
        await updateSellingEntity(tx, merchantId, id, c.req.valid('json'))
        return readSellingEntity(tx, merchantId, id)
      })
      parts.log.info({ author, merchantId, sellingEntity: id }, 'selling entity changed')
      return c.json(toJson(changed), 200)
    },
  )
}

function addRemoval(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...entityRoute(parts),
      method: 'delete',
      path: '/v2/selling-entities/{id}',
      summary: 'Remove a selling entity',
      request: one,
      responses: {
        204: { description: 'It sells nothing from now on; its orders stay as they are.' },
        ...errorResponses,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { merchantId, author } = c.get('owner')
      await inTransaction(parts, (tx) => deleteSellingEntity(tx, merchantId, id))
      parts.log.info({ author, merchantId, sellingEntity: id }, 'selling entity removed')
      return c.body(null, 204)
    },
  )
}
