import { createRoute, z } from '@hono/zod-openapi'
import { type ReplaySelection, replayCap, replayEvents } from '../../../inbox/replay-events.ts'
import { ApiError } from '../../../platform/errors.ts'
import { momentSchema } from '../../../platform/moments.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { session } from './session-security.ts'

const inputSchema = z.object({
  ids: z.array(idParam).min(1).max(replayCap).optional(),
  provider: z.string().min(1).max(40).optional(),
  since: momentSchema.optional().openapi({ description: 'Received at this time or later.' }),
  until: momentSchema.optional().openapi({ description: 'Received before this time.' }),
  dryRun: z.boolean().default(false),
})

const resultSchema = z
  .object({
    matched: z.number().int(),
    replayed: z.number().int().openapi({ description: 'Run again within seconds; in a dry run: would be.' }),
    skipped: z.number().int().openapi({ description: 'Applied or judged before; nothing is done to them.' }),
    dryRun: z.boolean(),
  })
  .openapi('Replay')

/** `POST /v2/ops/inbox/replay`: applies stored webhooks that were never applied, by id or by provider and time. */
export function registerReplayInbox(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/ops/inbox/replay',
    tags: ['Operations'],
    summary: 'Replay stored webhooks',
    description: `Either \`ids\`, or \`provider\`, \`since\` and \`until\`. At most ${replayCap} webhooks are replayed by one call.`,
    security: session,
    middleware: [requireOperator(parts)] as const,
    request: jsonBody(inputSchema),
    responses: { 200: json(resultSchema, 'What was replayed.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const input = c.req.valid('json')
    const result = await replayEvents(parts.database.sql, toSelection(input), input)
    parts.log.info({ operatorId: c.get('operator').userId, ...result, dryRun: input.dryRun }, 'webhooks replayed')
    return c.json({ ...result, dryRun: input.dryRun }, 200)
  })
}

function toSelection({ ids, provider, since, until }: z.infer<typeof inputSchema>): ReplaySelection {
  if (ids) {
    if (provider ?? since ?? until) {
      throw new ApiError('invalid_parameter', {
        message: 'ids: cannot be combined with provider, since and until',
        parameter: 'ids',
      })
    }
    return { ids }
  }
  if (provider === undefined) throw new ApiError('missing_parameter', { parameter: 'provider' })
  if (since === undefined) throw new ApiError('missing_parameter', { parameter: 'since' })
  if (until === undefined) throw new ApiError('missing_parameter', { parameter: 'until' })
  return { provider, since: new Date(since), until: new Date(until) }
}
