import { type Breakers, createBreakers } from './breakers.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { traceCall } from './tracing.ts'

/** A process's breakers, whose changes stand in its log and on its metrics. */
export const watchedBreakers = (config: Config, log: Log, metrics: Metrics): Breakers =>
  createBreakers({
    pauseMs: config.providerPauseMs,
    onChange(provider, paused) {
      metrics.providerPaused.set({ provider }, paused ? 1 : 0)
      if (paused) log.warn({ provider }, 'provider does not answer and is left alone')
      else log.info({ provider }, 'provider answers again')
    },
    onCall(provider, outcome, seconds) {
      metrics.providerCalls.observe({ provider, outcome }, seconds)
      traceCall(`call ${provider}`, seconds, { provider, outcome, failed: outcome !== 'answered' })
    },
  })
