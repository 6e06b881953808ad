import type { Answer, Exchange } from '../http.ts'
import { json } from '../http.ts'
import type { Store } from '../store.ts'

type Remembered = { fingerprint: string; requestId: string; answer: { status: number; body: string } | null }

/** Keys kept before the oldest leave: far more than any run needs, and a bound on memory. */
const kept = 100_000

/**
 * Stripe's memory of idempotency keys: the first result is replayed once execution began, a key that is still in
 * flight answers 409, and one reused with other parameters 400.
 */
export class IdempotencyKeys {
  readonly #keys: Map<string, Remembered>

  constructor(store: Store) {
    this.#keys = store.table<Remembered>('stripe.idempotencyKeys')
    // What was in flight when the process ended is not in flight any more.
    for (const [key, known] of this.#keys) if (!known.answer) this.#keys.delete(key)
  }

  /** The answer that the key already has, or undefined after claiming it for this request. */
  claim(key: string, exchange: Exchange, requestId: string): Answer | undefined {
    const fingerprint = `${exchange.path}\n${exchange.body}`
    const known = this.#keys.get(key)
    if (!known) {
      this.#keys.set(key, { fingerprint, requestId, answer: null })
      this.#evict()
      return undefined
    }
    if (known.fingerprint !== fingerprint) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
      return json({ error: { type: 'idempotency_error', message } }, 400)
    }
    if (!known.answer) {
      const message = `There is currently another in-progress request using this Stripe idempotency key (${key}).`
      return json({ error: { type: 'idempotency_error', code: 'idempotency_key_in_use', message } }, 409)
    }
    const headers = { 'idempotent-replayed': 'true', 'original-request': known.requestId }
    return { ...known.answer, headers: { 'content-type': 'application/json', ...headers } }
  }

  /** Keeps the result of the request that claimed the key. */
  keep(key: string, answer: Answer): void {
    const known = this.#keys.get(key)
    if (known) known.answer = { status: answer.status, body: answer.body.toString() }
  }

  /** Frees a key unless a result is kept under it: its request never began to execute. */
  release(key: string): void {
    if (!this.#keys.get(key)?.answer) this.#keys.delete(key)
  }

  /** Forgets all keys, as Stripe may after 24 hours. Returns how many there were. */
  forget(): number {
    const count = this.#keys.size
    this.#keys.clear()
    return count
  }

  #evict(): void {
    if (this.#keys.size <= kept) return
    const oldest = this.#keys.keys().next().value
    if (oldest !== undefined) this.#keys.delete(oldest)
  }
}
