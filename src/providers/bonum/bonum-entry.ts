import { z } from 'zod'
import { commaList, count, optional, text, withDefault } from '../../platform/variable-kinds.ts'
import type { ProviderEntry } from '../provider-entry.ts'
import { createBonumProvider } from './bonum.ts'
import { bonumStatement } from './bonum-statement.ts'

const bonumVariables = z.object({
  BONUM_APP_SECRET: optional(text),
  BONUM_TERMINAL_ID: optional(text),
  BONUM_CHECKSUM_KEY: optional(commaList),
  BONUM_API_BASE: withDefault(z.url(), 'https://apis.bonum.mn'),
  BONUM_FEE_BPS: count(0),
  BONUM_FEE_FIXED: count(0),
})

/** Bonum in the registry. */
export const bonum = {
  method: 'BONUM',
  name: 'Bonum',
  form: 'hosted',
  capabilities: {
    capture: 'none',
    refund: 'none',
    transfer: false,
    idempotencyKeys: false,
    lookUp: false,
    books: 'statements',
  },
  signatureHeader: 'x-checksum-v2',
  variables: bonumVariables,
  statement: bonumStatement,
  key: 'BONUM_APP_SECRET',
  webhookSecret: 'BONUM_CHECKSUM_KEY',
  sandboxSecret: 'bonum_sandbox',
  sandbox: (url) => ({
    BONUM_APP_SECRET: 'bonum_sandbox',
    BONUM_TERMINAL_ID: 'sandbox',
    BONUM_API_BASE: `${url}/bonum`,
  }),
  expectedFee(variables) {
    const { BONUM_FEE_BPS: bps, BONUM_FEE_FIXED: fixed } = bonumVariables.parse(variables)
    return { bps, fixed }
  },
  create(variables, connection) {
    const e = bonumVariables.parse(variables)
    if (!e.BONUM_APP_SECRET || !e.BONUM_TERMINAL_ID) return undefined
    const settings = {
      appSecret: e.BONUM_APP_SECRET,
      terminalId: e.BONUM_TERMINAL_ID,
      checksumKeys: e.BONUM_CHECKSUM_KEY ?? [],
      apiBase: e.BONUM_API_BASE,
    }
    return createBonumProvider(settings, connection)
  },
} as const satisfies ProviderEntry
