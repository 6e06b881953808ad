import { createRoute, z } from '@hono/zod-openapi'
import { taxIdentifierStates } from '../../../customers/tax-identifier.state-machine.ts'
import { deleteTaxIdentifier, listTaxIdentifiers, readTaxIdentifier } from '../../../customers/tax-identifiers.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idList, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { taxIdentifierSchema, toTaxIdentifierJson } from '../../tax-identifier-json.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

/** `GET /v2/tax-identifiers`, `GET` and `DELETE /v2/tax-identifiers/{id}`. */
export function registerTaxIdentifiers(app: ApiApp, parts: ApiParts): void {
  const settings = { tags: ['Tax identifiers'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const params = z.object({ id: idParam })
  const one = createRoute({
    ...settings,
    method: 'get',
    path: '/v2/tax-identifiers/{id}',
    summary: 'Read a tax identifier',
    request: { params },
    responses: { 200: json(taxIdentifierSchema, 'The tax identifier.'), ...errorResponses },
  })
  app.openapi(one, async (c) => {
    const { merchantId } = c.get('caller')
    const taxIdentifierId = c.req.valid('param').id
    return c.json(
      toTaxIdentifierJson(await readTaxIdentifier(parts.database.sql, { merchantId, taxIdentifierId })),
      200,
    )
  })

  const list = createRoute({
    ...settings,
    method: 'get',
    path: '/v2/tax-identifiers',
    summary: 'List tax identifiers, newest first',
    request: {
      query: pageQuery.extend({
        ids: idList.optional(),
        customerId: idParam.optional(),
        type: z.string().max(40).optional(),
        value: z.string().max(100).optional(),
        state: z.enum(taxIdentifierStates).optional(),
        ...createdQuery,
      }),
    },
    responses: { 200: json(listOf(taxIdentifierSchema), 'Tax identifiers.'), ...errorResponses },
  })
  app.openapi(list, async (c) => {
    const { merchantId } = c.get('caller')
    const asked = c.req.valid('query')
    const filter = { ...asked, created: readPeriod(asked), merchantId }
    const { hasMore, taxIdentifiers } = await listTaxIdentifiers(parts.database.sql, filter)
    return c.json({ hasMore, data: taxIdentifiers.map(toTaxIdentifierJson) }, 200)
  })

  const remove = createRoute({
    ...settings,
    method: 'delete',
    path: '/v2/tax-identifiers/{id}',
    summary: 'Delete a tax identifier',
    request: { params },
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(remove, async (c) => {
    const { merchantId } = c.get('caller')
    await inTransaction(parts, async (tx) => {
      const deleted = await deleteTaxIdentifier(tx, { merchantId, taxIdentifierId: c.req.valid('param').id })
      await parts.tell.taxIdentifier(tx, { merchantId, type: 'tax_identifier.deleted', object: deleted })
    })
    return c.body(null, 204)
  })
}
