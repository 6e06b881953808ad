import { createRoute, z } from '@hono/zod-openapi'
import { prepareSource } from '../../../customers/prepare-source.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isLive } from '../../../providers/providers.ts'
import { sourceTypeNames } from '../../../providers/source-types.ts'
import { storeSource } from '../../../sources/store-source.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { ownerSchema, sourceSchema, toSourceJson } from '../../payment-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, currencySchema, errorResponses, idParam, json, jsonBody } from '../../schemas.ts'

const inputSchema = z.object({
  type: z.preprocess((type, context) => {
    if (type === 'customerCredit')
      context.addIssue('customerCredit is not offered here: an order is paid by one source')
    return type
  }, z.enum(sourceTypeNames)),
  currency: currencySchema.optional(),
  owner: ownerSchema.optional(),
  paymentMethod: z
    .string()
    .regex(/^pm_\w{1,250}$/, "must be the provider's id of a payment method")
    .optional()
    .openapi({
      description: "A card that the provider's browser SDK has read; without one the buyer enters it later.",
    }),
  customerId: idParam.optional().openapi({ description: 'Whose it is. Secret keys only.' }),
})

/**
 * `POST /v2/sources`: a means of payment of the buyer's details. A card without `paymentMethod` answers `requires_action`
 * with the `clientSecret` for the provider's browser SDK.
 */
export function registerCreateSource(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/sources',
    tags: ['Sources'],
    summary: 'Create a source',
    security: anyKey,
    middleware: [requireKey(parts.keys, 'secret', 'publishable'), parts.limits.ofBrowsers('sources')] as const,
    request: jsonBody(inputSchema),
    responses: { 201: json(sourceSchema, 'The source.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const input = c.req.valid('json')
    if (input.customerId !== undefined && caller.kind === 'publishable')
      throw new ApiError('not_allowed_with_publishable_key', { parameter: 'customerId' })
    const { merchantId, apiKeyId = null } = viewerOf(caller)
    const prepared = await prepareSource(parts, {
      ...input,
      merchantId,
      apiKeyId,
      liveMode: isLive(parts.providers),
    })
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 201 as const,
      body: toSourceJson(await storeSource(tx, parts.tell.source, prepared)),
    }))
    return c.json(answer.body as ReturnType<typeof toSourceJson>, answer.status)
  })
}
