import type { ProviderEntry } from '../provider-entry.ts'
import { createStripeProvider } from './stripe.ts'
import { stripeEventTypes } from './stripe-events.ts'
import { readStripeSettings, stripeVariables } from './stripe-settings.ts'

/** Stripe in the registry. */
export const stripe = {
  method: 'STRIPE',
  name: 'Stripe',
  form: 'card',
  capabilities: {
    capture: 'several',
    refund: 'any',
    transfer: true,
    idempotencyKeys: true,
    lookUp: true,
    books: 'asked',
  },
  signatureHeader: 'stripe-signature',
  eventTypes: stripeEventTypes,
  variables: stripeVariables,
  key: 'STRIPE_SECRET_KEY',
  webhookSecret: 'STRIPE_WEBHOOK_SECRET',
  pageKey: 'STRIPE_PUBLISHABLE_KEY',
  sandboxSecret: 'whsec_sandbox',
  sandbox: (url) => ({
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox',
    STRIPE_API_BASE: url,
  }),
  expectedFee(variables) {
    const { STRIPE_FEE_BPS: bps, STRIPE_FEE_FIXED: fixed } = stripeVariables.parse(variables)
    return { bps, fixed }
  },
  create(variables, { timeoutMs, breaker }) {
    const settings = readStripeSettings(variables)
    return settings && createStripeProvider(settings, timeoutMs, breaker)
  },
} as const satisfies ProviderEntry
