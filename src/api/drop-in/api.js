// Calls to the shop's API with its publishable key.

/** What the API refused, in the form that callers of the script know. */
export class Refused extends Error {
  constructor({ type = 'invalid_request', errors }) {
    super(errors[0].message)
    this.answer = { type, errors }
  }
}

/** What a page is told of an error. */
export const answerOf = ({ answer, message }) =>
  answer ?? { type: 'unavailable', errors: [{ code: 'unavailable', message }] }

export const refusal = (code, message) => new Refused({ errors: [{ code, message }] })

/** @throws Refused when the API says no, or cannot be reached */
export async function call({ api, key }, method, path, body) {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => undefined)
  const content = await answer?.json().catch(() => undefined)
  if (answer?.ok) return content
  throw new Refused({
    type: content?.type,
    errors: content?.errors ?? [{ code: 'unavailable', message: 'The payment service cannot be reached.' }],
  })
}

const asked = new Map()

/** What can be paid with here, and how card fields are shown; asked once a page for each session. */
export function readMethods(shop, sessionId) {
  const path = `/v2/payment-methods${sessionId ? `?sessionId=${encodeURIComponent(sessionId)}` : ''}`
  const known = asked.get(path) ?? call(shop, 'GET', path)
  asked.set(path, known)
  known.catch(() => asked.delete(path))
  return known
}
