import { createRoute, z } from '@hono/zod-openapi'
import { attachSourceToCheckout, detachSourceFromCheckout } from '../../../checkouts/attach-source.ts'
import { updateCheckout } from '../../../checkouts/change-checkout.ts'
import { readCheckout } from '../../../checkouts/checkout.ts'
import { inTransaction, type Transaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { sourceSchema, toSourceJson } from '../../payment-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, secretKey } from '../../schemas.ts'

/** `POST` and `DELETE /v2/checkouts/{id}/sources/{sourceId}`: what a checkout will be paid with. */
export function registerAttachSource(app: ApiApp, parts: ApiParts): void {
  const settings = {
    path: '/v2/checkouts/{id}/sources/{sourceId}',
    tags: ['Checkouts'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: z.uuid(), sourceId: z.uuid() }) },
  }
  const tellUpdated = async (tx: Transaction, { merchantId, checkoutId }: { merchantId: string; checkoutId: string }) =>
    parts.tell.checkout(tx, {
      merchantId,
      type: 'checkout.updated',
      object: await readCheckout(tx.sql, merchantId, checkoutId),
    })

  const attach = createRoute({
    ...settings,
    method: 'post',
    summary: 'Attach a source to a checkout',
    responses: { 200: json(sourceSchema, 'The source.'), ...errorResponses },
  })
  app.openapi(attach, async (c) => {
    const { id: checkoutId, sourceId } = c.req.valid('param')
    const target = { merchantId: c.get('caller').merchantId, checkoutId, sourceId }
    const answer = await answerOnce(c, parts, async (tx) => {
      const source = await attachSourceToCheckout(tx, target)
      await tellUpdated(tx, target)
      return { status: 200 as const, body: toSourceJson(source) }
    })
    const { billTo } = await readCheckout(parts.database.sql, target.merchantId, checkoutId)
    // With the owner's address it may have another seller and tax.
    if (!billTo && (answer.body as ReturnType<typeof toSourceJson>).owner)
      await updateCheckout(parts, { merchantId: target.merchantId, id: checkoutId }, {})
    return c.json(answer.body as ReturnType<typeof toSourceJson>, answer.status)
  })

  const detach = createRoute({
    ...settings,
    method: 'delete',
    summary: 'Detach a source from a checkout',
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(detach, async (c) => {
    const { id: checkoutId, sourceId } = c.req.valid('param')
    const target = { merchantId: c.get('caller').merchantId, checkoutId, sourceId }
    await inTransaction(parts, async (tx) => {
      await detachSourceFromCheckout(tx, target)
      await tellUpdated(tx, target)
    })
    return c.body(null, 204)
  })
}
