import { createRoute, z } from '@hono/zod-openapi'
import { forgetSource, saveSource } from '../../../customers/save-source.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { sourceSchema, toSourceJson } from '../../payment-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'

/** `POST` and `DELETE /v2/customers/{id}/sources/{sourceId}`: saves a source for later, or forgets it. */
export function registerCustomerSources(app: ApiApp, parts: ApiParts): void {
  const settings = {
    path: '/v2/customers/{id}/sources/{sourceId}',
    tags: ['Customers'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam, sourceId: z.uuid() }) },
  }
  const attach = createRoute({
    ...settings,
    method: 'post',
    summary: 'Save a source with a customer',
    responses: { 200: json(sourceSchema, 'The source.'), ...errorResponses },
  })
  app.openapi(attach, async (c) => {
    const { id: customerId, sourceId } = c.req.valid('param')
    const source = await saveSource(parts, { merchantId: c.get('caller').merchantId, customerId, sourceId })
    return c.json(toSourceJson(source), 200)
  })

  const detach = createRoute({
    ...settings,
    method: 'delete',
    summary: 'Take a source from a customer',
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(detach, async (c) => {
    const { id: customerId, sourceId } = c.req.valid('param')
    await forgetSource(parts, { merchantId: c.get('caller').merchantId, customerId, sourceId })
    return c.body(null, 204)
  })
}
