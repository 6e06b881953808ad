import { createBell } from '../queues/bell.ts'
import { createQueues } from '../queues/connection.ts'
import { createTellers } from '../src/api/tell-merchants.ts'
import { connect } from '../src/boot/connect.ts'
import { createCarriers } from '../src/carriers/carriers.ts'
import { watchPool } from '../src/database/watch-pool.ts'
import { createFiles } from '../src/files/files.ts'
import { createFraudScreen } from '../src/fraud/create-fraud-screen.ts'
import { failMockUp } from '../src/goods/make-mock-up.ts'
import { markOrphan } from '../src/inbox/inbox-writes.ts'
import { setAttention } from '../src/orders/move-order.ts'
import { failPayout } from '../src/payouts/fail-payout.ts'
import type { Config } from '../src/platform/config.ts'
import { createLog } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { watchedBreakers } from '../src/platform/watched-breakers.ts'
import { createPaymentProviders } from '../src/providers/providers.ts'
import type { RunnerParts } from '../src/tasks/attempt-task.ts'
import { createTaxCalculator } from '../src/tax/create-tax-calculator.ts'

export type WorkerParts = Awaited<ReturnType<typeof createWorkerParts>>

/** Everything a worker process needs, made once. */
export async function createWorkerParts(config: Config, name: string) {
  const log = createLog(config.logLevel, name)
  const database = await connect({ url: config.databaseUrl, poolSize: config.databasePoolSize, name })
  const bell = createBell(createQueues(config), (error) =>
    log.warn({ err: error }, 'ring not sent, the relay repeats it'),
  )
  const metrics = createMetrics()
  watchPool(metrics.registry, database)
  const breakers = watchedBreakers(config, log, metrics)
  const providers = createPaymentProviders(config, breakers, database)
  const runner: RunnerParts = {
    config,
    log,
    database,
    bell,
    operationLeaseSeconds: Math.ceil((config.providerTimeoutMs * 6.5) / 1000),
    metrics,
    onTaskFailed: async (tx, { taskId, job, payload, orderId, error, explanation }) => {
      if (orderId)
        await setAttention(tx, orderId, { reason: `${job}: ${error}${explanation ? ` (${explanation})` : ''}`, taskId })
      // What was definitely refused is available again; what may have been made waits for a person.
      if (job === 'make-payout' && 'payoutId' in payload) await failPayout(tx, String(payload.payoutId), error)
      if ('skuId' in payload && 'merchantId' in payload)
        await failMockUp(tx, { merchantId: String(payload.merchantId), skuId: String(payload.skuId), failure: error })
      if ('inboxEventId' in payload) await markOrphan(tx, String(payload.inboxEventId))
    },
  }
  return {
    ...runner,
    breakers,
    providers,
    carriers: createCarriers(config, breakers),
    files: createFiles(config),
    fraud: createFraudScreen({ database, config }),
    tell: createTellers(providers),
    tax: createTaxCalculator(config, database.sql, breakers),

    async close() {
      await bell.close()
      await database.close()
    },
  }
}
