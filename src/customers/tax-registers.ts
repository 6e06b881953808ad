import type { NewTask } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import type { Breakers } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { createSharedTokens } from '../providers/shared-tokens.ts'
import { definitionOf, type RegisterName } from '../tax/tax-identifier-types.ts'
import { createHmrcRegister } from './hmrc.ts'
import type { TaxRegister } from './tax-register.ts'
import { createViesRegister } from './vies.ts'

/** The registers that can be asked; HMRC answers nobody without credentials. */
export type TaxRegisters = Partial<Record<RegisterName, TaxRegister>>

type Settings = Pick<Config, 'viesApiBase' | 'hmrc' | 'providerTimeoutMs'>

export function createTaxRegisters(config: Settings, on: { sql: Sql }, breakers: Breakers): TaxRegisters {
  const { viesApiBase, hmrc, providerTimeoutMs: timeoutMs } = config
  return {
    vies: createViesRegister({ baseUrl: viesApiBase, timeoutMs, breaker: breakers.of('vies') }),
    ...(hmrc
      ? {
          hmrc: createHmrcRegister({
            ...hmrc,
            timeoutMs,
            breaker: breakers.of('hmrc'),
            tokens: createSharedTokens(on, timeoutMs),
          }),
        }
      : {}),
  }
}

/** The question to a register about one tax identifier, called for once. */
export const verificationOf = (taxIdentifierId: string): NewTask => ({
  job: 'verify-tax-identifier',
  payload: { taxIdentifierId },
  dedupeKey: `${taxIdentifierId}-verify-1`,
})

/** True for a type whose numbers somebody can be asked about; the others stay pending until they can be. */
export function canBeVerified(type: string, config: Pick<Config, 'hmrc'>): boolean {
  const register = definitionOf(type)?.register?.name
  return register === 'vies' || (register === 'hmrc' && config.hmrc !== undefined)
}
