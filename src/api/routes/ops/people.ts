import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { openSession } from '../../../operators/sessions.ts'
import { changePassword, inviteUser, type ListedUser, listUsers, removeUser } from '../../../operators/users.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator, sendSessionCookie } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { session } from './session-security.ts'

export const passwordSchema = z.string().min(10, 'must have 10 characters at least').max(1024)

const operatorSchema = z.object({ id: z.string(), email: z.string(), createdTime: z.string() }).openapi('Operator')

const toJson = ({ id, email, createdAt }: ListedUser) => ({ id, email, createdTime: iso(createdAt) })

/** What every route about the people of this installation has in common. */
const operatorRoute = (parts: ApiParts) => ({
  tags: ['Operations'],
  security: session,
  middleware: requireOperator(parts),
})

/** `/v2/ops/people` and `/v2/ops/password`: who runs this installation. */
export function registerOperators(app: ApiApp, parts: ApiParts): void {
  addList(app, parts)
  addOperator(app, parts)
  addRemoval(app, parts)
  addPassword(app, parts)
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...operatorRoute(parts),
      method: 'get',
      path: '/v2/ops/people',
      summary: 'List the operators',
      responses: {
        200: json(z.object({ data: z.array(operatorSchema) }), 'In the order they came.'),
        ...errorResponses,
      },
    }),
    async (c) => c.json({ data: (await listUsers(parts.database.sql, null)).map(toJson) }, 200),
  )
}

function addOperator(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...operatorRoute(parts),
      method: 'post',
      path: '/v2/ops/people',
      summary: 'Add an operator',
      request: jsonBody(z.object({ email: z.email().max(254) })),
      responses: {
        201: json(
          z.object({ id: z.string(), email: z.string(), password: z.string() }),
          'The operator, with a password that is shown this once.',
        ),
        ...errorResponses,
      },
    }),
    async (c) => {
      const { email } = c.req.valid('json')
      const added = await inviteUser(parts.database.sql, { merchantId: null, email })
      parts.log.info({ operatorId: c.get('operator').userId, addedId: added.id }, 'operator added')
      c.header('cache-control', 'no-store')
      return c.json(added, 201)
    },
  )
}

function addRemoval(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...operatorRoute(parts),
      method: 'delete',
      path: '/v2/ops/people/{id}',
      summary: 'Remove an operator',
      request: { params: z.object({ id: idParam }) },
      responses: { 204: { description: 'Removed, and signed out everywhere.' }, ...errorResponses },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { userId } = c.get('operator')
      // Whoever is signed in stays, so that an installation is never left without anybody.
      if (id === userId) throw new ApiError('in_use', { message: 'You cannot remove yourself.' })
      await removeUser(parts.database.sql, null, id)
      parts.log.info({ operatorId: userId, removedId: id }, 'operator removed')
      return c.body(null, 204)
    },
  )
}

function addPassword(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...operatorRoute(parts),
      method: 'post',
      path: '/v2/ops/password',
      summary: 'Change your own password',
      request: jsonBody(z.object({ present: z.string().min(1).max(1024), wanted: passwordSchema })),
      responses: { 204: { description: 'Changed; other browsers are signed out.' }, ...errorResponses },
    }),
    async (c) => {
      const { present, wanted } = c.req.valid('json')
      const { userId, email } = c.get('operator')
      await parts.signInLimit.spend(c, email)
      if (!(await changePassword(parts.database, { userId, present, wanted })))
        throw new ApiError('invalid_parameter', { message: 'present: is not your password', parameter: 'present' })
      sendSessionCookie(c, parts, await openSession(parts.database.sql, userId))
      await parts.signInLimit.forgive(c, email)
      parts.log.info({ operatorId: userId }, 'password changed')
      return c.body(null, 204)
    },
  )
}
