import { purgeOldRows, sweepExpiredOrders, sweepUndecidedCharges } from '../src/orders/sweeps.ts'
import { ringDueTasks } from '../src/platform/relay.ts'
import type { WorkerParts } from './parts.ts'
import { type Running, runProcess, type StartWorker } from './run.ts'

const sweepEveryMs = 5_000
const purgeEveryMs = 3_600_000

/** The relay: rings again for what was lost, and starts what has become due. Any number of processes may run it. */
export const retries: StartWorker = (parts) => [
  every(parts, 'relay', parts.config.tasks.relayIntervalMs, async () => {
    while ((await ringDueTasks(parts, parts.config.tasks.leaseSeconds)) > 0);
  }),
  every(parts, 'sweep', Math.min(sweepEveryMs, parts.config.tasks.relayIntervalMs * 5), async () => {
    await sweepExpiredOrders(parts)
    await sweepUndecidedCharges(parts)
  }),
  every(parts, 'purge', purgeEveryMs, () => purgeOldRows(parts)),
]

/** Repeats `work` with a pause in between; an error is logged and the next round tries again. */
function every({ log }: WorkerParts, name: string, intervalMs: number, work: () => Promise<void>): Running {
  const stopped = new AbortController()
  const loop = async () => {
    while (!stopped.signal.aborted) {
      try {
        await work()
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

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

if (import.meta.main) await runProcess('retries', retries)
