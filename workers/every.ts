import { setTimeout } from 'node:timers/promises'
import type { WorkerParts } from './connect-worker.ts'
import type { Running } from './run.ts'

/**
 * Repeats `work` with a pause in between; an error is logged and the next round tries again. A round that may be long looks at
 * `stopped` now and then.
 */
export function every(
  { log }: WorkerParts,
  name: string,
  intervalMs: number,
  work: (stopped: AbortSignal) => Promise<void>,
): Running {
  const stopped = new AbortController()
  const loop = async () => {
    while (!stopped.signal.aborted) {
      try {
        await work(stopped.signal)
      } catch (error) {
        log.warn({ loop: name, err: error }, 'round failed')
      }
      await pause(intervalMs, stopped.signal)
    }
  }
  const running = loop()
  return {
    close: async () => {
      stopped.abort()
      await running
    },
  }
}

/** Resolves after the time, or at once when it is time to stop. */
const pause = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }).catch(() => undefined)
