import { createBell } from '../../queues/bell.ts'
import { createQueues } from '../../queues/connection.ts'
import { connect } from '../boot/connect.ts'
import { createCarriers } from '../carriers/carriers.ts'
import { watchPool } from '../database/watch-pool.ts'
import { createDocumentFonts } from '../documents/document-fonts.ts'
import { createFiles } from '../files/files.ts'
import { createFraudScreen } from '../fraud/create-fraud-screen.ts'
import { createSecondFactors } from '../operators/second-factor.ts'
import type { Config } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { watchedBreakers } from '../platform/watched-breakers.ts'
import { createPaymentProviders } from '../providers/providers.ts'
import { createTaxCalculator } from '../tax/create-tax-calculator.ts'
import { createAddressReader } from './limits/client-address.ts'
import { createCounters } from './limits/counters.ts'
import { createLimits } from './limits/limits.ts'
import { createSignInLimit } from './limits/sign-in-limit.ts'
import { createKeyDirectory } from './middleware/require-key.ts'
import type { ApiParts } from './route-dependencies.ts'
import { createTellers } from './tell-merchants.ts'

/** Everything the API process needs, made once. */
export async function createApiParts(config: Config): Promise<ApiParts & { close(): Promise<void> }> {
  const log = createLog(config.logLevel, 'api')
  const database = await connect({ url: config.databaseUrl, poolSize: config.databasePoolSize, name: 'api' })
  const queues = createQueues(config)
  const bell = createBell(queues, (error) => log.warn({ err: error }, 'ring not sent, the relay repeats it'))
  const metrics = createMetrics()
  watchPool(metrics.registry, database)
  const breakers = watchedBreakers(config, log, metrics)
  const providers = createPaymentProviders(config, breakers, database)
  const counters = createCounters(config)
  const addressOf = createAddressReader(config, log)
  return {
    config,
    log,
    database,
    bell,
    queues,
    stopping: { begun: false },
    operationLeaseSeconds: Math.ceil((config.providerTimeoutMs * 6.5) / 1000),
    metrics,
    providers,
    carriers: createCarriers(config, breakers),
    files: createFiles(config),
    fonts: createDocumentFonts(),
    tax: createTaxCalculator(config, database.sql, breakers),
    fraud: createFraudScreen({ database, config }),
    tell: createTellers(providers),
    keys: createKeyDirectory(database.sql),
    limits: createLimits(counters, addressOf, config),
    signInLimit: createSignInLimit(counters, addressOf, config),
    secondFactors: createSecondFactors(config, database.sql),
    async close() {
      await bell.close()
      counters.close()
      await database.close()
    },
  }
}
