import { createRoute, z } from '@hono/zod-openapi'
import { viewerOf } from '../../../merchants/viewer.ts'
import { refreshSource } from '../../../sources/finish-setup.ts'
import { readSource } from '../../../sources/sources.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { sourceSchema, toSourceJson } from '../../payment-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json } from '../../schemas.ts'

/** `GET /v2/sources/{id}` for any key that made it; one that waits for its buyer is asked about at the provider. */
export function registerReadSource(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/sources/{id}',
    tags: ['Sources'],
    summary: 'Read a source',
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    request: { params: z.object({ id: z.uuid() }) },
    responses: { 200: json(sourceSchema, 'The source.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const source = await readSource(parts.database.sql, viewerOf(c.get('caller')), c.req.valid('param').id)
    return c.json(toSourceJson(await refreshSource(parts, source)), 200)
  })
}
