import { OrdermillUnreachable } from './errors.ts'

export type Retries = {
  /** How often a request is sent again at most. */
  retries: number
  /** The pause before the first repetition, in milliseconds; each further one is twice as long. */
  firstPauseMs: number
  /** How long one attempt may take, in milliseconds. */
  timeoutMs: number
  fetch: (request: Request) => Promise<Response>
}

const longestPauseMs = 30_000

/** Conflicts that are over as soon as another request has ended; every other 409 is a decision. */
const passing = new Set(['idempotency_key_in_use', 'operation_in_progress', 'order_in_progress', 'checkout_busy'])

/**
 * A `fetch` that repeats a request after a lost connection, a timeout, 5xx, 429 and a conflict with a request that still runs. Each POST has
 * one `Idempotency-Key` for all its attempts, so that whatever was done by a lost one is not done again.
 * @throws OrdermillUnreachable when the last attempt got no answer
 */
export const retrying =
  ({ retries, firstPauseMs, timeoutMs, fetch }: Retries) =>
  async (request: Request): Promise<Response> => {
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', crypto.randomUUID())
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt >= retries
      const pauseMs = Math.min(firstPauseMs * 2 ** attempt, longestPauseMs)
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)])
      try {
        const response = await fetch(new Request(request.clone(), { signal }))
        if (last || !(await isPassing(response))) return response
        await pause(askedFor(response) ?? jittered(pauseMs), request.signal)
      } catch (error) {
        request.signal.throwIfAborted()
        if (last) throw new OrdermillUnreachable(request, error)
        await pause(jittered(pauseMs), request.signal)
      }
    }
  }

async function isPassing(response: Response): Promise<boolean> {
  if (response.status === 429 || response.status >= 500) return true
  if (response.status !== 409) return false
  const body = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { errors?: { code?: string }[] }
  return passing.has(body.errors?.[0]?.code ?? '')
}

/** What `Retry-After` asks for in milliseconds; nobody waits longer than for the longest pause. */
function askedFor(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, longestPauseMs) : undefined
}

/** Half of it for sure, so that clients which failed together do not come back together. */
const jittered = (ms: number) => ms / 2 + (Math.random() * ms) / 2

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
