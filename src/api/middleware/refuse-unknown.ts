import { type RouteConfig, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { isDigitalRiver } from '../digital-river.ts'
import { hasEnvelope } from '../envelope.ts'
import { type KnownFields, knownFields } from '../known-fields.ts'
import { refuseUnknownFields } from '../unknown-fields.ts'

type Contract = Pick<RouteConfig, 'path' | 'request'>

/** Whether a route is part of our own API, which takes nothing that it does not know. Digital River's and checkout links' paths have rules of their own. */
export const isStrict = ({ path }: Contract): boolean => path.startsWith('/v2/') && !hasEnvelope(path)

/**
 * Refuses a request that says something its route does not know, in the query or in a JSON body: a misspelt filter would list
 * everything, and a misspelt field would be lost. It stands behind the gates of the route, before anything reads the request.
 * @throws ApiError `unknown_parameter`
 */
export function refuseUnknown({ request }: Contract) {
  const query = request?.query instanceof z.ZodType ? knownFields(request.query) : knownFields(z.object({}))
  const body = bodyOf(request)
  return createMiddleware(async (c, next) => {
    if (!isDigitalRiver(c)) {
      if (c.req.url.includes('?')) refuseUnknownFields(c.req.query(), query)
      if (body && isJson(c)) refuseUnknownFields(await readJson(c), body)
    }
    await next()
  })
}

function bodyOf(request: Contract['request']): KnownFields | undefined {
  const media = request?.body?.content['application/json']
  const schema = media && 'schema' in media ? media.schema : undefined
  return schema instanceof z.ZodType ? knownFields(schema) : undefined
}

const isJson = (c: Context): boolean => /^application\/json\b/i.test(c.req.header('content-type') ?? '')

/** The body; nothing where it is no JSON, which the route says in its own words. */
const readJson = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined)
