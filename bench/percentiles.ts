export type Spread = { count: number; p50: number; p99: number }

/** Nearest-rank percentiles of a list of milliseconds; zeros for an empty one. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) }
}

/** Times of named steps, taken around the requests of a load. */
export class Stopwatch {
  readonly #times = new Map<string, number[]>()

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const result = await work()
    const list = this.#times.get(step)
    const ms = performance.now() - startedAt
    if (list) list.push(ms)
    else this.#times.set(step, [ms])
    return result
  }

  spreads(): Record<string, Spread> {
    return Object.fromEntries([...this.#times].map(([step, times]) => [step, spread(times)]))
  }
}
