import { z } from 'zod'
import { commaList, count, optional, text, withDefault } from '../../platform/variable-kinds.ts'
import type { ProviderEntry } from '../provider-entry.ts'
import { createBtcpayProvider } from './btcpay.ts'
import { btcpayStatement } from './btcpay-statement.ts'
import { btcpayEventTypes } from './btcpay-webhooks.ts'

const btcpayVariables = z.object({
  BTCPAY_URL: optional(z.url()),
  BTCPAY_API_KEY: optional(text),
  BTCPAY_STORE_ID: optional(text),
  BTCPAY_WEBHOOK_SECRET: optional(commaList),
  BTCPAY_SPEED_POLICY: withDefault(z.enum(['HighSpeed', 'MediumSpeed', 'LowMediumSpeed', 'LowSpeed']), 'MediumSpeed'),
  BTCPAY_PAYMENT_TOLERANCE: withDefault(z.coerce.number().min(0).max(100), 0),
  BTCPAY_PAYOUT_METHODS: optional(commaList),
  BTCPAY_FEE_BPS: count(0),
  BTCPAY_FEE_FIXED: count(0),
})

/** BTCPay Server in the registry. */
export const btcpay = {
  method: 'CRYPTO',
  name: 'Bitcoin',
  form: 'hosted',
  capabilities: {
    capture: 'none',
    refund: 'claim',
    transfer: false,
    idempotencyKeys: false,
    lookUp: true,
    books: 'statements',
  },
  signatureHeader: 'btcpay-sig',
  eventTypes: btcpayEventTypes,
  variables: btcpayVariables,
  statement: btcpayStatement,
  key: 'BTCPAY_API_KEY',
  webhookSecret: 'BTCPAY_WEBHOOK_SECRET',
  sandboxSecret: 'btcpay_sandbox',
  sandbox: (url) => ({
    BTCPAY_URL: `${url}/btcpay`,
    BTCPAY_API_KEY: 'btcpay_sandbox',
    BTCPAY_STORE_ID: 'sandbox',
  }),
  expectedFee(variables) {
    const { BTCPAY_FEE_BPS: bps, BTCPAY_FEE_FIXED: fixed } = btcpayVariables.parse(variables)
    return { bps, fixed }
  },
  create(variables, { timeoutMs, breaker }) {
    const e = btcpayVariables.parse(variables)
    if (!e.BTCPAY_URL || !e.BTCPAY_API_KEY || !e.BTCPAY_STORE_ID) return undefined
    return createBtcpayProvider({
      url: e.BTCPAY_URL.replace(/\/$/, ''),
      apiKey: e.BTCPAY_API_KEY,
      storeId: e.BTCPAY_STORE_ID,
      webhookSecrets: e.BTCPAY_WEBHOOK_SECRET ?? [],
      speedPolicy: e.BTCPAY_SPEED_POLICY,
      paymentTolerance: e.BTCPAY_PAYMENT_TOLERANCE,
      payoutMethods: e.BTCPAY_PAYOUT_METHODS ?? [],
      timeoutMs,
      breaker,
    })
  },
} as const satisfies ProviderEntry
