import { type Config, ConfigError, readConfig } from '../platform/config.ts'
import { providerEntries } from '../providers/registry.ts'

/** For entry points: the configuration of this process, or one readable message per problem and exit code 1. */
export function readConfigOrExit(): Config {
  try {
    return readConfig(process.env, providerEntries)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`Ordermill cannot start:\n${error.message.replace(/^/gm, '  ')}\n`)
    process.exit(1)
  }
}
