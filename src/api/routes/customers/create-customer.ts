import { createRoute } from '@hono/zod-openapi'
import { createCustomer } from '../../../customers/customers.ts'
import { isLive } from '../../../providers/providers.ts'
import { customerInputSchema, customerSchema, toCustomerJson } from '../../customer-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'
import { requireFiles } from './require-files.ts'

/** `POST /v2/customers`: a buyer with an account at the merchant's shop. */
export function registerCreateCustomer(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/customers',
    tags: ['Customers'],
    summary: 'Create a customer',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(customerInputSchema),
    responses: { 201: json(customerSchema, 'The customer.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const liveMode = isLive(parts.providers)
    const answer = await answerOnce(c, parts, async (tx) => {
      await requireFiles(tx.sql, merchantId, c.req.valid('json'))
      const customer = await createCustomer(tx, { ...c.req.valid('json'), merchantId, liveMode })
      await parts.tell.customer(tx, { merchantId, type: 'customer.created', object: customer })
      return { status: 201 as const, body: toCustomerJson(customer) }
    })
    return c.json(answer.body as ReturnType<typeof toCustomerJson>, answer.status)
  })
}
