import { setTimeout as delay } from 'node:timers/promises'
import { SetupError } from './setup-error.ts'

/** Something the supervisor keeps alive. */
export interface Supervised {
  readonly name: string
  /** Resolves when the process that runs now has ended. */
  exited(): Promise<unknown>
  /** Starts it again after an unexpected end. */
  restart(): Promise<void>
  stop(graceMs: number): Promise<void>
  kill(): Promise<void>
  readonly stopWithinMs: number
  /** What it said last, for the report of a crash loop. */
  lastLines(): readonly string[]
}

export interface SupervisorOptions {
  readonly print: (line: string) => void
  /** Ends in the sense of a crash loop: this many unexpected ends ... */
  readonly maxCrashes?: number
  /** ... within this time. */
  readonly crashWindowMs?: number
}

/**
 * Keeps processes alive: one that ends by itself is started again after a pause that grows from half a second to five;
 * five ends of one process within thirty seconds end the whole. Stops everything in the reverse order of its start.
 */
export class Supervisor {
  readonly #options: Required<SupervisorOptions>
  readonly #members: Supervised[] = []
  readonly #ending = new AbortController()
  readonly #failure = Promise.withResolvers<never>()
  #stopped: Promise<void> | undefined

  constructor(options: SupervisorOptions) {
    this.#options = { maxCrashes: 5, crashWindowMs: 30_000, ...options }
    // Whoever starts the whole awaits the failure; an early one must not count as unhandled meanwhile.
    this.#failure.promise.catch(() => {})
  }

  /** Rejects with a SetupError when a process cannot be kept alive. */
  get failed(): Promise<never> {
    return this.#failure.promise
  }

  /** Takes over a process that runs. */
  watch(member: Supervised): void {
    this.#members.push(member)
    this.#keepAlive(member).catch((error: unknown) => this.#failure.reject(error))
  }

  /** Stops everything in the reverse order of its start. Idempotent: a second caller waits for the same end. */
  async stop(): Promise<void> {
    this.#ending.abort()
    this.#stopped ??= this.#stopAll()
    return await this.#stopped
  }

  /** SIGKILL to everything at once. */
  async kill(): Promise<void> {
    this.#ending.abort()
    await Promise.all(this.#members.map((member) => member.kill()))
  }

  async #stopAll(): Promise<void> {
    for (const member of this.#members.toReversed()) await member.stop(member.stopWithinMs)
  }

  async #keepAlive(member: Supervised): Promise<void> {
    const { print, maxCrashes, crashWindowMs } = this.#options
    let crashes: number[] = []
    for (;;) {
      await member.exited()
      if (this.#ending.signal.aborted) return
      const now = performance.now()
      crashes = [...crashes.filter((at) => now - at < crashWindowMs), now]
      if (crashes.length >= maxCrashes) {
        const said = member.lastLines().map((line) => `  ${line}`)
        throw new SetupError(
          [`${member.name} ended ${crashes.length} times in a row. The last it said:`, ...said].join('\n'),
        )
      }
      const pauseMs = Math.min(500 * 2 ** (crashes.length - 1), 5_000)
      print(`${member.name} ended unexpectedly and is started again`)
      try {
        await delay(pauseMs, undefined, { signal: this.#ending.signal })
      } catch {
        return
      }
      await member.restart()
      // The end may have been ordered while it was starting: then nobody stopped this new process.
      if (this.#ending.signal.aborted) return await member.kill()
    }
  }
}
