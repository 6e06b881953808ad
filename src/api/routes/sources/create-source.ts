import { createRoute, z } from '@hono/zod-openapi'
import { currencyOfSession, prepareCredit } from '../../../checkouts/prepare-credit.ts'
import { prepareSource } from '../../../customers/prepare-source.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isLive } from '../../../providers/providers.ts'
import { creditType, sourceTypeNames } from '../../../providers/source-types.ts'
import { type PreparedSource, storeSource } from '../../../sources/store-source.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { ownerSchema, sourceSchema, toSourceJson } from '../../payment-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  amountSchema,
  anyKey,
  currencySchema,
  errorResponses,
  idParam,
  json,
  jsonBody,
  minorUnits,
} from '../../schemas.ts'

const inputSchema = z.object({
  type: z.enum([...sourceTypeNames, creditType]),
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
  amount: amountSchema
    .optional()
    .openapi({ description: 'How much a `customerCredit` pays; others pay what is left.' }),
  paymentSessionId: idParam
    .optional()
    .openapi({ description: 'The session of the only checkout that a `customerCredit` may pay.' }),
  upstreamId: z
    .string()
    .max(255)
    .optional()
    .openapi({ description: "A `customerCredit`'s number in the books of whoever grants it." }),
  customerCredit: z.looseObject({}).optional(),
})
type Input = z.infer<typeof inputSchema>

/**
 * `POST /v2/sources`: a means of payment of the buyer's details. A card without `paymentMethod` answers `requires_action`
 * with the `clientSecret` for the provider's browser SDK. A `customerCredit` is what its merchant promises the buyer, so it needs a secret key.
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
    const { type, currency, owner, paymentMethod, customerId } = input
    const liveMode = isLive(parts.providers)
    const prepared =
      type === creditType
        ? await readCredit(parts, caller, input)
        : await prepareSource(parts, {
            type,
            currency,
            owner,
            paymentMethod,
            customerId,
            merchantId,
            apiKeyId,
            liveMode,
          })
    const answer = await answerOnce(c, parts, async (tx) => ({
      status: 201 as const,
      body: toSourceJson(await storeSource(tx, parts.tell.source, prepared)),
    }))
    return c.json(answer.body as ReturnType<typeof toSourceJson>, answer.status)
  })
}

/** @throws ApiError `not_allowed_with_publishable_key`, `missing_parameter`, `invalid_parameter`, `invalid_amount`, `not_found` */
async function readCredit(parts: ApiParts, caller: KeyOwner, input: Input): Promise<PreparedSource> {
  if (caller.kind === 'publishable')
    throw new ApiError('not_allowed_with_publishable_key', {
      message: 'A credit is granted with a secret key.',
      parameter: 'type',
    })
  for (const parameter of ['paymentMethod', 'customerId'] as const)
    if (input[parameter] !== undefined)
      throw new ApiError('invalid_parameter', { message: `A ${creditType} has none.`, parameter })
  const { merchantId } = caller
  const { amount, owner, upstreamId, paymentSessionId: checkoutId } = input
  const isSession = checkoutId === undefined || z.uuid().safeParse(checkoutId).success
  if (!isSession) throw new ApiError('not_found', { parameter: 'paymentSessionId' })
  const ofCheckout = checkoutId && (await currencyOfSession(parts.database.sql, { merchantId, checkoutId }))
  const currency = input.currency ?? ofCheckout
  if (!currency) throw new ApiError('missing_parameter', { parameter: 'currency' })
  if (ofCheckout && ofCheckout !== currency)
    throw new ApiError('invalid_parameter', {
      message: `This checkout is paid in ${ofCheckout}.`,
      parameter: 'currency',
    })
  if (amount === undefined) throw new ApiError('missing_parameter', { parameter: 'amount' })
  const minor = minorUnits(amount, currency, 'amount')
  if (minor === 0) throw new ApiError('invalid_amount', { parameter: 'amount' })
  return prepareCredit({
    merchantId,
    owner,
    upstreamId,
    checkoutId,
    currency,
    amount: minor,
    liveMode: isLive(parts.providers),
  })
}
