import { flushCompileCache } from 'node:module'
import { readConfigOrExit } from '../src/boot/read-config-or-exit.ts'
import { startTracing } from '../src/boot/start-tracing.ts'
import { createWorkerParts, type WorkerParts } from './connect-worker.ts'
import { serveMetrics } from './metrics-server.ts'

/** Something that runs until it is closed: a queue's worker or the relay. */
export type Running = { close(): Promise<void> }
export type StartWorker = (parts: WorkerParts) => Running | Running[]

const graceMs = 25_000

/**
 * The main function of every worker process: starts, and on SIGTERM or SIGINT finishes what is in hand and exits 0.
 * BullMQ's close never returns while Redis is down, so the wait ends after 25 s with exit code 1; the tasks are in Postgres.
 */
export async function runProcess(name: string, start: StartWorker): Promise<void> {
  const config = readConfigOrExit()
  const tracing = await startTracing(config, `ordermill-${name}`)
  const parts = await createWorkerParts(config, name)
  const running = [start(parts)].flat()
  if (config.workerMetricsPort) running.push(serveMetrics(parts, config.workerMetricsPort))
  parts.log.info('started')
  // For the next start, should this one be killed.
  flushCompileCache()

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    parts.log.info({ signal }, 'stopping')
    const timer = setTimeout(() => {
      parts.log.error('could not stop in time')
      process.exit(1)
    }, graceMs)
    await Promise.all(running.map((worker) => worker.close()))
    await parts.close()
    await tracing.close()
    clearTimeout(timer)
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
}
