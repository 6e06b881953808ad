import type { Answer, Exchange } from '../http.ts'
import { json } from '../http.ts'
import type { Store } from '../store.ts'
import type { Table } from '../table.ts'

type Claim = { fingerprint: string; requestId: string }
type Result = Claim & { answer: { status: number; body: string } }

/** Keys kept before the oldest leave: far more than any run needs, and a bound on the file. */
const kept = 100_000

/**
 * Stripe's memory of idempotency keys: the first result is replayed once execution began, a key that is still in
 * flight answers 409, and one reused with other parameters 400.
 */
export class IdempotencyKeys {
  readonly #results: Table<Result>
  /** Requests that have claimed their key and not ended. The end of the process ends them, too. */
  readonly #inFlight = new Map<string, Claim>()

  constructor(store: Store) {
    this.#results = store.table('stripe.idempotencyKeys', { kept })
  }

  /** The answer that the key already has, or undefined after claiming it for this request. */
  claim(key: string, exchange: Exchange, requestId: string): Answer | undefined {
    const fingerprint = `${exchange.path}\n${exchange.body}`
    const result = this.#results.look(key)
    const first = result ?? this.#inFlight.get(key)
    if (!first) {
      this.#inFlight.set(key, { fingerprint, requestId })
      return undefined
    }
    if (first.fingerprint !== fingerprint) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
      return json({ error: { type: 'idempotency_error', message } }, 400)
    }
    if (!result) {
      const message = `There is currently another in-progress request using this Stripe idempotency key (${key}).`
      return json({ error: { type: 'idempotency_error', code: 'idempotency_key_in_use', message } }, 409)
    }
    const headers = { 'idempotent-replayed': 'true', 'original-request': result.requestId }
    return { ...result.answer, headers: { 'content-type': 'application/json', ...headers } }
  }

  /** Keeps the result of the request that claimed the key. */
  keep(key: string, answer: Answer): void {
    const claim = this.#inFlight.get(key)
    if (claim) this.#results.set(key, { ...claim, answer: { status: answer.status, body: answer.body.toString() } })
  }

  /** Ends a claim. Without a result the key is free: its request never began to execute. */
  release(key: string): void {
    this.#inFlight.delete(key)
  }

  /** Forgets all keys, as Stripe may after 24 hours. Returns how many there were. */
  forget(): number {
    const count = this.#results.size + this.#inFlight.size
    this.#results.clear()
    this.#inFlight.clear()
    return count
  }
}
