import { createRoute, z } from '@hono/zod-openapi'
import { createTaxIdentifier } from '../../../customers/tax-identifiers.ts'
import { canBeVerified, verificationOf } from '../../../customers/tax-registers.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'
import { taxIdentifierSchema, toTaxIdentifierJson } from '../../tax-identifier-json.ts'

/** `POST /v2/tax-identifiers`: a buyer's number with a tax authority, which its register is asked about later. */
export function registerCreateTaxIdentifier(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/tax-identifiers',
    tags: ['Tax identifiers'],
    summary: 'Create a tax identifier',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(z.object({ type: z.string().min(1).max(40), value: z.string().min(1).max(100) })),
    responses: { 201: json(taxIdentifierSchema, 'The tax identifier.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const answer = await answerOnce(c, parts, async (tx) => {
      const identifier = await createTaxIdentifier(tx, { ...c.req.valid('json'), merchantId })
      if (canBeVerified(identifier.type, parts.config)) tx.enqueue(verificationOf(identifier.id))
      await parts.tell.taxIdentifier(tx, { merchantId, type: 'tax_identifier.pending', object: identifier })
      return { status: 201 as const, body: toTaxIdentifierJson(identifier) }
    })
    return c.json(answer.body as ReturnType<typeof toTaxIdentifierJson>, answer.status)
  })
}
