import { createRoute, z } from '@hono/zod-openapi'
import { lockCustomer } from '../../../customers/customers.ts'
import { attachTaxIdentifier } from '../../../customers/tax-identifiers.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'
import { taxIdentifierSchema, toTaxIdentifierJson } from '../../tax-identifier-json.ts'

/** `POST /v2/customers/{id}/tax-identifiers/{taxId}`: gives a tax identifier to a customer. */
export function registerCustomerTaxIdentifiers(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/customers/{id}/tax-identifiers/{taxId}',
    tags: ['Customers'],
    summary: 'Attach a tax identifier to a customer',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam, taxId: idParam }) },
    responses: { 200: json(taxIdentifierSchema, 'The tax identifier.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id: customerId, taxId: taxIdentifierId } = c.req.valid('param')
    const answer = await answerOnce(c, parts, async (tx) => {
      await lockCustomer(tx.sql, merchantId, customerId)
      const identifier = await attachTaxIdentifier(tx, { merchantId, customerId, taxIdentifierId })
      await parts.tell.taxIdentifier(tx, { merchantId, type: 'customer.tax_identifier.created', object: identifier })
      return { status: 200 as const, body: toTaxIdentifierJson(identifier) }
    })
    return c.json(answer.body as ReturnType<typeof toTaxIdentifierJson>, answer.status)
  })
}
