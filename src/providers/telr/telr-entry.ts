import { z } from 'zod'
import { commaList, count, optional, text, withDefault } from '../../platform/variable-kinds.ts'
import type { ProviderEntry } from '../provider-entry.ts'
import { createTelrProvider } from './telr.ts'
import { telrStatement } from './telr-statement.ts'

const telrVariables = z.object({
  TELR_STORE_ID: optional(z.string().regex(/^\d{1,15}$/, 'the number of the store')),
  TELR_AUTH_KEY: optional(text),
  TELR_REMOTE_KEY: optional(text),
  TELR_MERCHANT_ID: optional(text),
  TELR_SERVICE_KEY: optional(text),
  TELR_WEBHOOK_SECRET: optional(commaList),
  TELR_TEST: withDefault(z.enum(['0', '1']), '0'),
  TELR_CERTAIN_AFTER_SECONDS: count(900),
  TELR_API_BASE: withDefault(z.url(), 'https://secure.telr.com'),
  TELR_FEE_BPS: count(0),
  TELR_FEE_FIXED: count(0),
})

/** Telr in the registry. */
export const telr = {
  method: 'TELR',
  name: 'Telr',
  form: 'hosted',
  capabilities: {
    capture: 'once',
    refund: 'any',
    transfer: false,
    idempotencyKeys: false,
    lookUp: true,
    books: 'statements',
  },
  variables: telrVariables,
  statement: telrStatement,
  key: 'TELR_AUTH_KEY',
  webhookSecret: 'TELR_WEBHOOK_SECRET',
  sandboxSecret: 'telr_sandbox',
  sandbox: (url) => ({
    TELR_STORE_ID: '1234',
    TELR_AUTH_KEY: 'telr_sandbox',
    TELR_REMOTE_KEY: 'telr_sandbox',
    TELR_MERCHANT_ID: 'sandbox',
    TELR_SERVICE_KEY: 'telr_sandbox',
    TELR_TEST: '1',
    // The sandbox carries out what it was sent at once, or never.
    TELR_CERTAIN_AFTER_SECONDS: '5',
    TELR_API_BASE: `${url}/telr`,
  }),
  expectedFee(variables) {
    const { TELR_FEE_BPS: bps, TELR_FEE_FIXED: fixed } = telrVariables.parse(variables)
    return { bps, fixed }
  },
  create(variables, { timeoutMs, breaker }) {
    const e = telrVariables.parse(variables)
    if (!e.TELR_STORE_ID || !e.TELR_AUTH_KEY) return undefined
    const settings = {
      store: e.TELR_STORE_ID,
      authKey: e.TELR_AUTH_KEY,
      remoteKey: e.TELR_REMOTE_KEY,
      service:
        e.TELR_MERCHANT_ID && e.TELR_SERVICE_KEY
          ? { merchant: e.TELR_MERCHANT_ID, key: e.TELR_SERVICE_KEY }
          : undefined,
      webhookSecrets: e.TELR_WEBHOOK_SECRET ?? [],
      apiBase: e.TELR_API_BASE,
      test: e.TELR_TEST === '1',
      certainAfterMs: e.TELR_CERTAIN_AFTER_SECONDS * 1000,
    }
    return createTelrProvider({ settings, timeoutMs, breaker })
  },
} as const satisfies ProviderEntry
