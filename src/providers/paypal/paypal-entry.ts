import type { ProviderEntry } from '../provider-entry.ts'
import { createPayPalProvider } from './paypal.ts'
import { paypalEventTypes } from './paypal-events.ts'
import { sandboxRoot } from './paypal-roots.ts'
import { paypalVariables, readPayPalSettings } from './paypal-settings.ts'

/** PayPal in the registry. */
export const paypal = {
  method: 'PAYPAL',
  name: 'PayPal',
  form: 'hosted',
  capabilities: {
    capture: 'several',
    refund: 'any',
    transfer: false,
    idempotencyKeys: true,
    lookUp: true,
    books: 'asked',
  },
  signatureHeader: 'paypal-transmission-sig',
  eventTypes: paypalEventTypes,
  variables: paypalVariables,
  key: 'PAYPAL_CLIENT_ID',
  webhookSecret: 'PAYPAL_WEBHOOK_ID',
  sandboxSecret: '5ANDB0XWEBH00K1D7',
  sandbox: (url) => ({
    PAYPAL_CLIENT_ID: 'paypal_sandbox',
    PAYPAL_CLIENT_SECRET: 'paypal_sandbox_secret',
    PAYPAL_API_BASE: `${url}/paypal`,
    PAYPAL_SANDBOX_ROOT: sandboxRoot,
  }),
  expectedFee(variables) {
    const { PAYPAL_FEE_BPS: bps, PAYPAL_FEE_FIXED: fixed } = paypalVariables.parse(variables)
    return { bps, fixed }
  },
  create(variables, { timeoutMs, breaker }) {
    const settings = readPayPalSettings(variables)
    return settings && createPayPalProvider(settings, timeoutMs, breaker)
  },
} as const satisfies ProviderEntry
