import { createRoute, z } from '@hono/zod-openapi'
import {
  addItems,
  type Cart,
  dropShippingChoice,
  lockCart,
  maxQuantity,
  readCart,
  setQuantity,
} from '../../../checkouts/cart.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { inTransaction, type Transaction } from '../../../tasks/transaction.ts'
import { cartSchema, itemInputSchema, toCartJson } from '../../cart-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { toCartItems, toOwnDiscount } from './cart-changes.ts'

const itemRoute = (parts: ApiParts) => ({
  tags: ['Carts'],
  security: anyKey,
  middleware: requireKey(parts.keys, 'secret', 'publishable'),
})
const quantitySchema = itemInputSchema
  .pick({ discount: true })
  .extend({ quantity: z.number().int().min(0).max(maxQuantity) })
const cartParam = z.object({ id: z.uuid() })
const itemParam = z.object({ id: z.uuid(), itemId: idParam })
const responses = { 200: json(cartSchema, 'The cart.'), ...errorResponses }

/** Changes a locked cart and returns it as its caller sees it, without a shipping choice. */
async function change(tx: Transaction, caller: KeyOwner, cartId: string, work: (cart: Cart) => Promise<void>) {
  await work(await lockCart(tx, viewerOf(caller), cartId))
  await dropShippingChoice(tx, cartId)
  return toCartJson(await readCart(tx, viewerOf(caller), cartId), caller)
}

/** `POST /v2/carts/{id}/items`, `PATCH` and `DELETE /v2/carts/{id}/items/{itemId}`. Every change drops the shipping choice. */
export function registerCartItems(app: ApiApp, parts: ApiParts): void {
  addItem(app, parts)
  addQuantity(app, parts)
  addRemoval(app, parts)
}

function addItem(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...itemRoute(parts),
      method: 'post',
      path: '/v2/carts/{id}/items',
      summary: 'Add an item',
      request: { params: cartParam, ...jsonBody(itemInputSchema) },
      responses,
    }),
    async (c) => {
      const caller = c.get('caller')
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 200 as const,
        body: await change(tx, caller, c.req.valid('param').id, (cart) =>
          addItems(tx, cart, toCartItems([c.req.valid('json')], caller, cart.currency)),
        ),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}

function addQuantity(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...itemRoute(parts),
      method: 'patch',
      path: '/v2/carts/{id}/items/{itemId}',
      summary: 'Change a quantity; zero removes the item',
      request: { params: itemParam, ...jsonBody(quantitySchema) },
      responses,
    }),
    async (c) => {
      const { id, itemId } = c.req.valid('param')
      const { quantity, discount } = c.req.valid('json')
      const caller = c.get('caller')
      const cart = await inTransaction(parts, (tx) =>
        change(tx, caller, id, (locked) => {
          const wanted = toOwnDiscount(discount, caller, locked.currency, 'discount')
          return setQuantity(tx, locked, itemId, { quantity, discount: wanted })
        }),
      )
      return c.json(cart, 200)
    },
  )
}

function addRemoval(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...itemRoute(parts),
      method: 'delete',
      path: '/v2/carts/{id}/items/{itemId}',
      summary: 'Remove an item',
      request: { params: itemParam },
      responses,
    }),
    async (c) => {
      const { id, itemId } = c.req.valid('param')
      const cart = await inTransaction(parts, (tx) =>
        change(tx, c.get('caller'), id, (locked) => setQuantity(tx, locked, itemId, { quantity: 0 })),
      )
      return c.json(cart, 200)
    },
  )
}
