import { createRoute, z } from '@hono/zod-openapi'
import { overrideDelivery, requestRedelivery, setDigitalStatus } from '../../../links/change-delivery.ts'
import { digitalStatuses, listDigitalOrders, readDigitalOrder } from '../../../links/digital-orders.ts'
import { checkOwnFile } from '../../../links/products.ts'
import { ApiError } from '../../../platform/errors.ts'
import { retryTask } from '../../../tasks/tasks.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { envelopeOf, success } from '../../envelope.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam, json, jsonBody } from '../../schemas.ts'
import { createdAtQuery, readPeriod } from '../../time-filter.ts'
import { deliverySchema, digitalOrderSchema, toContent, toDigitalOrderJson } from './digital-json.ts'
import { refusals, sellerRoute } from './seller-route.ts'

const one = z.object({ id: idParam })
const orderAnswer = json(envelopeOf(digitalOrderSchema), 'The order.')

/** `/v2/digital/orders`: a seller's orders, and what to do when a delivery went wrong. */
export function registerDigitalOrders(app: ApiApp, parts: ApiParts): void {
  addList(app, parts)
  addReading(app, parts)
  addStatus(app, parts)
  addDelivery(app, parts)
  addRedelivery(app, parts)
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'orders'),
      method: 'get',
      path: '/v2/digital/orders',
      summary: 'List orders',
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(50),
          starting_after: idParam.optional(),
          status: z.enum(digitalStatuses).optional(),
          link_id: idParam.optional(),
          search: z.string().max(200).optional().openapi({
            description: "How an email address or a buyer's name begins, whatever the case, or a whole order id.",
          }),
          attention: z.stringbool().optional(),
          ...createdAtQuery,
        }),
      },
      responses: {
        200: json(
          envelopeOf(z.object({ has_more: z.boolean(), orders: z.array(digitalOrderSchema) })),
          'Newest first.',
        ),
        ...refusals,
      },
    }),
    async (c) => {
      const { limit, starting_after: startingAfter, link_id: linkId, ...asked } = c.req.valid('query')
      const { status, search, attention } = asked
      const { hasMore, orders } = await listDigitalOrders(
        parts.database.sql,
        c.get('seller').merchantId,
        { status, search, attention, linkId, created: readPeriod(asked, 'created_at') },
        { limit, startingAfter },
      )
      return success(c, { has_more: hasMore, orders: orders.map(toDigitalOrderJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'orders'),
      method: 'get',
      path: '/v2/digital/orders/{id}',
      summary: 'Read an order',
      request: { params: one },
      responses: { 200: orderAnswer, ...refusals },
    }),
    async (c) => success(c, await readForSeller(parts, c.req.valid('param').id, c.get('seller').merchantId), 200),
  )
}

function addStatus(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'orders'),
      method: 'put',
      path: '/v2/digital/orders/{id}/status',
      summary: 'Call a paid order delivered',
      request: { params: one, ...jsonBody(z.object({ status: z.enum(digitalStatuses) })) },
      responses: { 200: orderAnswer, ...refusals },
    }),
    async (c) => {
      const target = { orderId: c.req.valid('param').id, merchantId: c.get('seller').merchantId }
      await inTransaction(parts, (tx) => setDigitalStatus(tx, target, c.req.valid('json').status))
      return success(c, await readForSeller(parts, target.orderId, target.merchantId), 200)
    },
  )
}

function addDelivery(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'orders'),
      method: 'put',
      path: '/v2/digital/orders/{id}/delivery',
      summary: 'Replace what one order delivers',
      request: { params: one, ...jsonBody(deliverySchema) },
      responses: { 200: orderAnswer, ...refusals },
    }),
    async (c) => {
      const target = { orderId: c.req.valid('param').id, merchantId: c.get('seller').merchantId }
      const content = toContent(c.req.valid('json'))
      await checkOwnFile(parts, target.merchantId, content)
      await inTransaction(parts, (tx) => overrideDelivery(tx, target, content))
      return success(c, await readForSeller(parts, target.orderId, target.merchantId), 200)
    },
  )
}

function addRedelivery(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'orders'),
      method: 'post',
      path: '/v2/digital/orders/{id}/retry-delivery',
      summary: 'Deliver again',
      request: { params: one },
      responses: { 200: orderAnswer, ...refusals },
    }),
    async (c) => {
      const target = { orderId: c.req.valid('param').id, merchantId: c.get('seller').merchantId }
      const { failedTaskId } = await inTransaction(parts, (tx) => requestRedelivery(tx, target))
      if (failedTaskId) await retryTask(parts, failedTaskId)
      return success(c, await readForSeller(parts, target.orderId, target.merchantId), 200)
    },
  )
}

async function readForSeller(parts: ApiParts, orderId: string, merchantId: string) {
  const order = await readDigitalOrder(parts.database.sql, orderId, merchantId)
  if (!order) throw new ApiError('not_found')
  return toDigitalOrderJson(order)
}
