import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { ApiError } from '../../platform/errors.ts'
import { findUnstorable, problemOf } from '../../platform/storable.ts'

/** Below this many characters nesting cannot exhaust a stack. */
const shallowLength = 8_192

/** What a body has to contain, escaped or not, to be worth a closer look. */
const suspicious = /\\u(?:0000|005f|d[89a-f])|__proto__/i

/**
 * Refuses what no column can hold before any route sees it: NUL and halves of surrogate pairs in the path, the query and a JSON body,
 * JSON that is nested without an end, and keys that name a prototype. Webhooks are read by their own rules, after their signature.
 * @throws ApiError `invalid_parameter` that names the place
 */
export const checkText = createMiddleware(async (c, next) => {
  if (c.req.url.includes('%00') && !isPage(c)) checkUrl(c)
  if (hasJsonBody(c) && !isWebhook(c)) await checkBody(c)
  await next()
})

function checkUrl(c: Context): void {
  for (const [name, values] of Object.entries(c.req.queries())) {
    if ([name, ...values].some(problemOf)) throw unstorable(name.replaceAll('\0', ''), 'contains a NUL character')
  }
  if (c.req.path.includes('%00') || c.req.path.includes('\0')) throw new ApiError('not_found')
}

/** Pages answer in their own words what they do not have. */
const isPage = (c: Context) => /^\/(dashboard|ops|c|o)(\/|$)/.test(c.req.path)

const hasJsonBody = (c: Context) =>
  c.req.method !== 'GET' &&
  c.req.method !== 'HEAD' &&
  /\bjson\b|^text\/plain\b/i.test(c.req.header('content-type') ?? '')

/** What a provider sends. Below the same path Digital River's clients change their endpoints, by PATCH. */
const isWebhook = (c: Context) =>
  c.req.method === 'POST' && (c.req.path.startsWith('/webhooks/') || c.req.path.endsWith('/confirm-payment'))

async function checkBody(c: Context): Promise<void> {
  const text = await c.req.text()
  if (text.length < shallowLength && !suspicious.test(text)) return
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // Said by the route, in its own words: some take an empty body.
    return
  }
  const found = findUnstorable(body)
  if (found) throw unstorable(found.path, found.problem)
}

const unstorable = (parameter: string, problem: string) =>
  new ApiError('invalid_parameter', {
    message: `${parameter || 'body'}: ${problem}`,
    ...(parameter ? { parameter } : {}),
  })
