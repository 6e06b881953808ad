import { createRoute, z } from '@hono/zod-openapi'
import { updateCustomer } from '../../../customers/customers.ts'
import { deleteCustomer } from '../../../customers/delete-customer.ts'
import { requestErasure, withdrawErasure } from '../../../erasure/request-erasure.ts'
import { customerSchema, customerUpdateSchema, toCustomerJson } from '../../customer-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { requireFiles } from './require-files.ts'

/** `POST` and `DELETE /v2/customers/{id}`: changes a customer, or takes it away with what was saved for it. */
export function registerUpdateCustomer(app: ApiApp, parts: ApiParts): void {
  const settings = {
    path: '/v2/customers/{id}',
    tags: ['Customers'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  const params = z.object({ id: idParam })
  const update = createRoute({
    ...settings,
    method: 'post',
    summary: 'Change a customer',
    request: { params, ...jsonBody(customerUpdateSchema) },
    responses: { 200: json(customerSchema, 'The customer.'), ...errorResponses },
  })
  app.openapi(update, async (c) => {
    const { merchantId } = c.get('caller')
    const answer = await answerOnce(c, parts, async (tx) => {
      const { id } = c.req.valid('param')
      const changes = c.req.valid('json')
      await requireFiles(tx.sql, merchantId, changes)
      const customer = await updateCustomer(tx, { merchantId, id }, changes)
      const subject = { merchantId, customerId: id }
      if (changes.requestToBeForgotten === true) await requestErasure(tx, subject)
      if (changes.requestToBeForgotten === false) await withdrawErasure(tx, subject)
      await parts.tell.customer(tx, { merchantId, type: 'customer.updated', object: customer })
      return { status: 200 as const, body: toCustomerJson(customer) }
    })
    return c.json(answer.body as ReturnType<typeof toCustomerJson>, answer.status)
  })

  const remove = createRoute({
    ...settings,
    method: 'delete',
    summary: 'Delete a customer',
    request: { params },
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(remove, async (c) => {
    await deleteCustomer(parts, { merchantId: c.get('caller').merchantId, id: c.req.valid('param').id })
    return c.body(null, 204)
  })
}
