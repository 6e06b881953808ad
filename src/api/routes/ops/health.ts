import { createRoute, z } from '@hono/zod-openapi'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { errorResponses, json } from '../../schemas.ts'

/** `GET /healthz`: this process is alive. It asks nobody else, so that a lost database does not restart healthy processes. */
export function registerHealth(app: ApiApp): void {
  const route = createRoute({
    method: 'get',
    path: '/healthz',
    tags: ['Operations'],
    summary: 'Whether the process is alive',
    security: [],
    middleware: openToAnyone,
    responses: { 200: json(z.object({ status: z.literal('alive') }), 'Alive.'), 400: errorResponses[400] },
  })
  app.openapi(route, (c) => c.json({ status: 'alive' as const }, 200, { 'cache-control': 'no-store' }))
}
