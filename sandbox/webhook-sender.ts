import { Agent, request } from 'node:http'
import type { Provider } from './books.ts'
import type { EventHead, EventLog, EventWish, LoggedEvent } from './event-log.ts'
import { shuffled, type WebhookSettings } from './webhook-settings.ts'

/** The text of an event is read when it is sent: however much waits, only heads wait in memory. */
type Attempt = { event: EventHead; number: number; retries: boolean }
type Signer = (provider: Provider, body: string) => { headers: Record<string, string>; body: string }

/** One line of the delivery record: `status` is the answer's, 0 when there was none. */
export type Delivery = {
  eventId: string
  provider: Provider
  type: string
  attempt: number
  status: number
  at: string
}

type Counts = { delivered: number; failed: number; gaveUp: number; pending: number }

const inFlightLimit = 32
const answerTimeoutMs = 10_000
const shuffleWindowMs = 30
const shuffleWindowSize = 8
const rememberedDeliveries = 500

/**
 * Sends webhooks as providers do: at least once, in no promised order, only 2xx counting as received, the same body on
 * every attempt with a fresh signature, and back-off between attempts. Control settings make it misbehave on purpose.
 */
export class WebhookSender {
  readonly #settings: WebhookSettings
  readonly #log: EventLog
  readonly #sign: Signer
  readonly #agent = new Agent({ keepAlive: true, maxSockets: inFlightLimit })
  readonly #timers = new Set<NodeJS.Timeout>()
  /** The events that still wait. */
  readonly #owed = new Set<string>()
  #queue: Attempt[] = []
  #head = 0
  #held: Attempt[] = []
  #windows = new Map<Provider, Attempt[]>()
  #deliveries: Delivery[] = []
  #counts = new Map<Provider, Counts>()
  #inFlight = 0
  #generation = 0

  constructor(settings: WebhookSettings, log: EventLog, sign: Signer) {
    this.#settings = settings
    this.#log = log
    this.#sign = sign
  }

  /** Logs an event and sends it in its provider's mode, unless nobody listens for its type. */
  publish(event: Omit<LoggedEvent, 'state'>): void {
    const wanted = this.#settings.wants(event.provider, event.type)
    const { body, ...head } = { ...event, state: wanted ? ('pending' as const) : ('unsent' as const) }
    this.#log.add({ ...head, body })
    if (wanted) this.#await(head)
  }

  /** Sends again what an earlier process had not got through. */
  resume(): void {
    for (const event of this.#log.owed()) this.#await(event)
  }

  /** Sends logged events once more, as a person would from the provider's dashboard. Returns how many. */
  resend(wish: EventWish): number {
    const again = this.#log.chosen(wish)
    for (const event of again) this.#push({ event, number: 1, retries: false })
    return again.length
  }

  /** Lets go of what a pause held back; called after every change of the settings. */
  settingsChanged(): void {
    const held = this.#held
    this.#held = []
    for (const attempt of held) this.#admit(attempt)
  }

  /** How far one provider's deliveries got, or all of them: attempts received and refused, events given up or waiting. */
  counts(provider?: Provider): Counts {
    const sum = { delivered: 0, failed: 0, gaveUp: 0, pending: 0 }
    for (const [name, counts] of this.#counts) {
      if (provider !== undefined && name !== provider) continue
      sum.delivered += counts.delivered
      sum.failed += counts.failed
      sum.gaveUp += counts.gaveUp
      sum.pending += counts.pending
    }
    return sum
  }

  /** The last deliveries, newest last. */
  last(): Delivery[] {
    return this.#deliveries.slice(-100)
  }

  /** Drops everything that waits and forgets the record. */
  clear(): void {
    this.#generation += 1
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#queue = []
    this.#head = 0
    this.#held = []
    this.#windows.clear()
    this.#deliveries = []
    this.#counts.clear()
    this.#owed.clear()
  }

  /** Stops for good. */
  close(): void {
    this.clear()
    this.#agent.destroy()
  }

  #await(event: EventHead): void {
    this.#owed.add(event.id)
    this.#countsOf(event.provider).pending += 1
    this.#admit({ event, number: 1, retries: true })
  }

  #countsOf(provider: Provider): Counts {
    const known = this.#counts.get(provider)
    if (known) return known
    const fresh = { delivered: 0, failed: 0, gaveUp: 0, pending: 0 }
    this.#counts.set(provider, fresh)
    return fresh
  }

  #settle(event: EventHead, state: 'delivered' | 'failed'): void {
    if (!this.#owed.delete(event.id)) return
    this.#log.settle(event.id, state)
    this.#countsOf(event.provider).pending -= 1
  }

  /** Passes an attempt through its provider's mode into the queue. */
  #admit(attempt: Attempt): void {
    const mode = this.#settings.mode(attempt.event.provider)
    switch (mode.mode) {
      case 'normal':
        this.#push(attempt)
        return
      case 'paused':
        this.#held.push(attempt)
        return
      case 'duplicate':
        this.#push(attempt)
        for (let copy = 1; copy < mode.copies; copy += 1) this.#push({ ...attempt, retries: false })
        return
      case 'delay':
        this.#later(mode.delayMs, () => this.#push(attempt))
        return
      case 'shuffle':
        this.#gather(attempt)
        return
    }
  }

  #gather(attempt: Attempt): void {
    const provider = attempt.event.provider
    const open = this.#windows.get(provider)
    const window = open ?? []
    window.push(attempt)
    if (!open) {
      this.#windows.set(provider, window)
      this.#later(shuffleWindowMs, () => this.#release(provider, window))
    }
    if (window.length >= shuffleWindowSize) this.#release(provider, window)
  }

  #release(provider: Provider, window: Attempt[]): void {
    if (this.#windows.get(provider) !== window) return
    this.#windows.delete(provider)
    for (const attempt of shuffled(window, this.#settings.mode(provider).random)) this.#push(attempt)
  }

  #later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      action()
    }, delayMs)
    this.#timers.add(timer)
  }

  #push(attempt: Attempt): void {
    const generation = this.#generation
    const enqueue = () => {
      if (generation !== this.#generation) return
      this.#queue.push(attempt)
      // The provider's own answer leaves first; a webhook made by a request never runs inside it.
      if (this.#queue.length - this.#head === 1) setImmediate(() => this.#pump())
    }
    // Nobody may hear of what a crash would still undo. An event that could not be written is not found when it is sent.
    this.#log.written().then(enqueue, enqueue)
  }

  #pump(): void {
    while (this.#inFlight < inFlightLimit) {
      const attempt = this.#queue[this.#head]
      if (!attempt) break
      this.#head += 1
      this.#send(attempt)
    }
    if (this.#head >= this.#queue.length) {
      this.#queue = []
      this.#head = 0
    } else if (this.#head > 1_024) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #send(attempt: Attempt): void {
    const { id, provider } = attempt.event
    const target = this.#settings.target
    const body = this.#log.body(id)
    if (!target || body === undefined) {
      this.#settle(attempt.event, 'failed')
      return
    }
    const generation = this.#generation
    this.#inFlight += 1
    let done = false
    const end = (status: number) => {
      if (done) return
      done = true
      this.#inFlight -= 1
      if (generation === this.#generation) this.#ended(attempt, status)
      this.#pump()
    }
    const signed = this.#sign(provider, body)
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(signed.body),
      ...signed.headers,
    }
    const path = `${target.pathname.replace(/\/$/, '')}/webhooks/${provider}`
    const options = {
      agent: this.#agent,
      host: target.hostname,
      port: target.port || 80,
      path,
      method: 'POST',
      headers,
    }
    const outgoing = request(options, (answer) => {
      answer.resume()
      answer.on('end', () => end(answer.statusCode ?? 0))
      answer.on('error', () => end(0))
    })
    outgoing.setTimeout(answerTimeoutMs, () => outgoing.destroy())
    outgoing.on('error', () => end(0))
    outgoing.on('close', () => end(0))
    outgoing.end(signed.body)
  }

  #ended(attempt: Attempt, status: number): void {
    const { event, number } = attempt
    const { id: eventId, provider, type } = event
    this.#deliveries.push({ eventId, provider, type, attempt: number, status, at: new Date().toISOString() })
    if (this.#deliveries.length > rememberedDeliveries * 2)
      this.#deliveries = this.#deliveries.slice(-rememberedDeliveries)
    const counts = this.#countsOf(provider)
    if (status >= 200 && status < 300) {
      counts.delivered += 1
      this.#settle(event, 'delivered')
      return
    }
    counts.failed += 1
    if (!attempt.retries) return
    const delayMs = this.#settings.retryDelayMs(number)
    if (delayMs !== undefined) {
      this.#later(delayMs, () => this.#admit({ ...attempt, number: number + 1 }))
      return
    }
    counts.gaveUp += 1
    this.#settle(event, 'failed')
  }
}
