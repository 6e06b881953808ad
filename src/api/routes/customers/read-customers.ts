import { createRoute, z } from '@hono/zod-openapi'
import { listCustomers, readCustomer } from '../../../customers/customers.ts'
import { customerSchema, toCustomerJson } from '../../customer-json.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idList, idParam, json, listOf, pageQuery, searchText, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

/** `GET /v2/customers` and `/v2/customers/{id}`. */
export function registerReadCustomers(app: ApiApp, parts: ApiParts): void {
  const settings = { tags: ['Customers'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const one = createRoute({
    ...settings,
    method: 'get',
    path: '/v2/customers/{id}',
    summary: 'Read a customer',
    request: { params: z.object({ id: idParam }) },
    responses: { 200: json(customerSchema, 'The customer.'), ...errorResponses },
  })
  app.openapi(one, async (c) => {
    const customer = await readCustomer(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
    return c.json(toCustomerJson(customer), 200)
  })

  const list = createRoute({
    ...settings,
    method: 'get',
    path: '/v2/customers',
    summary: 'List customers, newest first',
    request: {
      query: pageQuery.extend({
        ids: idList.optional(),
        email: z.string().max(254).optional(),
        requestToBeForgotten: z.stringbool().optional(),
        q: searchText.optional().openapi({ description: 'How their e-mail address begins; or a customer’s id.' }),
        ...createdQuery,
      }),
    },
    responses: { 200: json(listOf(customerSchema), 'Customers.'), ...errorResponses },
  })
  app.openapi(list, async (c) => {
    const { limit, startingAfter, endingBefore, q, ...asked } = c.req.valid('query')
    const filter = { ...asked, text: q, created: readPeriod(asked) }
    const { hasMore, customers } = await listCustomers(parts.database.sql, c.get('caller').merchantId, filter, {
      limit,
      startingAfter,
      endingBefore,
    })
    return c.json({ hasMore, data: customers.map(toCustomerJson) }, 200)
  })
}
