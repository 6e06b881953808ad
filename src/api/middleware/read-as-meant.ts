import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { isDigitalRiver } from '../digital-river.ts'

/** Fields whose values are a client's own: an empty text among them is one. */
const ownNotes = 'metadata'
/** Null takes it away from a checkout, which leaving it out does not. */
const clearable = 'shippingChoice'

/** What is a number wherever it stands, and what their documentation writes as a text. */
const numbers = new Set(
  'amount price aggregatePrice quantity cancelQuantity percent percentOff amountOff weight'.split(' '),
)
const isNumber = /^\d{1,12}(\.\d{1,4})?$/

/**
 * Reads a JSON body by one of Digital River's paths as their clients mean it: they fill what they do not know with null or an empty
 * text, write numbers as texts, and send more than one content type.
 */
export const readAsMeant = createMiddleware(async (c, next) => {
  if (hasJsonBody(c) && isDigitalRiver(c)) {
    const body = cleaned(await c.req.text())
    const headers = new Headers(c.req.raw.headers)
    headers.set('content-type', 'application/json')
    // What was read of it already is what was sent.
    c.req.bodyCache = {}
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body })
  }
  await next()
})

const hasJsonBody = (c: Context): boolean =>
  ['POST', 'PUT', 'PATCH'].includes(c.req.method) &&
  /^(application\/json|text\/plain)\b/i.test(c.req.header('content-type') ?? '')

function cleaned(text: string): string {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // Said by the route, in its own words.
    return text
  }
  return JSON.stringify(withoutBlanks(body))
}

function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      if (entry === '' || (entry === null && key !== clearable)) return []
      if (key === ownNotes) return [[key, withoutNullNotes(entry)]]
      return [[key, numbers.has(key) && isNumberText(entry) ? Number(entry) : withoutBlanks(entry)]]
    }),
  )
}

const isNumberText = (entry: unknown): boolean => typeof entry === 'string' && isNumber.test(entry)

/** Metadata with its empty texts. */
const withoutNullNotes = (notes: unknown): unknown =>
  typeof notes === 'object' && notes !== null && !Array.isArray(notes)
    ? Object.fromEntries(Object.entries(notes).filter(([, note]) => note !== null))
    : notes
