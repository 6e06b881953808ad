import type { Provider } from './books.ts'
import { seededRandom } from './ids.ts'

type Mode = {
  mode: 'normal' | 'paused' | 'duplicate' | 'shuffle' | 'delay'
  delayMs: number
  copies: number
  random: () => number
}

/** The types that the endpoint at a provider listens for, as its owner has set it there; all of them where it is absent. */
export type EnabledEvents = Readonly<Record<Provider, readonly string[]>>

const modes: readonly string[] = ['normal', 'paused', 'duplicate', 'shuffle', 'delay']
const second = 1_000

/** The default schedule: quick at first, then once a minute, given up after about three hours like Stripe's sandbox. */
const defaultRetryDelaysMs = [1, 2, 4, 8, 15, 30, ...Array<number>(179).fill(60)].map((seconds) => seconds * second)

const normal = (): Mode => ({ mode: 'normal', delayMs: 0, copies: 2, random: seededRandom(1) })

/** Where webhooks go and how they misbehave, as `POST /sandbox/webhooks` sets it. */
export class WebhookSettings {
  readonly #providers: readonly Provider[]
  #target: URL | undefined
  #retryDelaysMs: readonly number[] = defaultRetryDelaysMs
  readonly #enabledEvents = new Map<Provider, ReadonlySet<string>>()
  readonly #enabledAtStart: EnabledEvents
  readonly #modes = new Map<Provider, Mode>()

  constructor(providers: readonly Provider[], target: string | undefined, enabledEvents: EnabledEvents = {}) {
    this.#providers = providers
    this.#enabledAtStart = enabledEvents
    this.#target = target ? new URL(target) : undefined
    this.reset()
  }

  /** Back to well-behaved delivery; the target stays. */
  reset(): void {
    this.#retryDelaysMs = defaultRetryDelaysMs
    for (const provider of this.#providers) {
      this.#enabledEvents.set(provider, new Set(this.#enabledAtStart[provider] ?? ['*']))
      this.#modes.set(provider, normal())
    }
  }

  get target(): URL | undefined {
    return this.#target
  }

  mode(provider: Provider): Mode {
    return this.#modes.get(provider) ?? normal()
  }

  /** The pause after the given attempt, or undefined when that was the last one. */
  retryDelayMs(attempt: number): number | undefined {
    return this.#retryDelaysMs[attempt - 1]
  }

  /** Whether an endpoint listens for the type. `*` is everything. */
  wants(provider: Provider, type: string): boolean {
    if (!this.#target) return false
    const enabled = this.#enabledEvents.get(provider)
    return !enabled || enabled.has('*') || enabled.has(type)
  }

  /** Applies a control request; returns a sentence when it makes no sense, and changes nothing then. */
  apply(wish: Record<string, unknown>): string | undefined {
    const { provider, mode, target, retryDelaysMs, enabledEvents } = wish
    if (mode !== undefined && !modes.includes(String(mode))) return `mode must be one of ${modes.join(', ')}`
    if (provider !== undefined && provider !== '*' && !this.#providers.includes(String(provider))) {
      return `provider must be one of ${this.#providers.join(', ')}`
    }
    if (typeof target === 'string' && !target.startsWith('http://')) return 'target must be an http:// address'
    if (typeof target === 'string') this.#target = new URL(target)
    if (target === null) this.#target = undefined
    if (Array.isArray(retryDelaysMs)) this.#retryDelaysMs = retryDelaysMs.map(Number)
    if (retryDelaysMs === null) this.#retryDelaysMs = defaultRetryDelaysMs
    if (Array.isArray(enabledEvents)) this.#enabledEvents.set('stripe', new Set(enabledEvents.map(String)))
    if (mode !== undefined) this.#setMode(mode as Mode['mode'], wish)
    return undefined
  }

  /** The settings as `GET /sandbox/webhooks` shows them. */
  describe(): Record<string, unknown> {
    const byProvider = [...this.#modes].map(([provider, { mode, delayMs, copies }]) => [
      provider,
      { mode, delayMs, copies },
    ])
    return {
      target: this.#target?.href ?? null,
      enabledEvents: [...(this.#enabledEvents.get('stripe') ?? [])],
      retryDelaysMs: this.#retryDelaysMs.slice(0, 10),
      modes: Object.fromEntries(byProvider),
    }
  }

  #setMode(mode: Mode['mode'], wish: Record<string, unknown>): void {
    const chosen = this.#providers.filter(
      (name) => wish.provider === undefined || wish.provider === '*' || wish.provider === name,
    )
    for (const provider of chosen) {
      this.#modes.set(provider, {
        mode,
        delayMs: typeof wish.delayMs === 'number' ? wish.delayMs : 500,
        copies: typeof wish.copies === 'number' ? wish.copies : 2,
        random: seededRandom(typeof wish.seed === 'number' ? wish.seed : 1),
      })
    }
  }
}

/** A copy of the list in an order that depends on the generator alone. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
