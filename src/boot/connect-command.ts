import type { Bell } from '../../queues/bell.ts'
import { createLog } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { watchedBreakers } from '../platform/watched-breakers.ts'
import { createPaymentProviders } from '../providers/providers.ts'
import { connect } from './connect.ts'
import { readConfigOrExit } from './read-config-or-exit.ts'

const silent = async () => undefined

/** Nobody is rung: the relay finds what is due. */
const silentBell: Bell = { ring: () => undefined, ringNow: silent, ringAlone: silent, flush: silent, close: silent }

/** What a command needs that asks the database and the providers. Its database has to be closed. */
export async function connectCommand(name: string) {
  const config = readConfigOrExit()
  const database = await connect({ url: config.databaseUrl, poolSize: 2, name })
  const breakers = watchedBreakers(config, createLog(config.logLevel, name), createMetrics())
  const providers = createPaymentProviders(config, breakers, database)
  return { config, database, bell: silentBell, providers, operationLeaseSeconds: 60 }
}
