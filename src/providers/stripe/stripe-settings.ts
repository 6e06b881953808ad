import { z } from 'zod'
import type { Variables } from '../../platform/provider-variables.ts'
import { commaList, count, optional, text, withDefault } from '../../platform/variable-kinds.ts'

export const stripeVariables = z.object({
  STRIPE_SECRET_KEY: optional(text),
  STRIPE_PUBLISHABLE_KEY: optional(text),
  STRIPE_WEBHOOK_SECRET: optional(commaList),
  STRIPE_API_BASE: withDefault(z.url(), 'https://api.stripe.com'),
  STRIPE_FEE_BPS: count(300),
  STRIPE_FEE_FIXED: count(0),
})

/** How Stripe is reached. `liveMode`: with a key that moves real money. */
export type StripeSettings = {
  secretKey: string
  publishableKey: string | undefined
  webhookSecrets: readonly string[]
  apiBase: string
  liveMode: boolean
}

/** Undefined without a secret key: Stripe is switched off. */
export function readStripeSettings(variables: Variables): StripeSettings | undefined {
  const e = stripeVariables.parse(variables)
  return e.STRIPE_SECRET_KEY
    ? {
        secretKey: e.STRIPE_SECRET_KEY,
        publishableKey: e.STRIPE_PUBLISHABLE_KEY,
        webhookSecrets: e.STRIPE_WEBHOOK_SECRET ?? [],
        apiBase: e.STRIPE_API_BASE,
        liveMode: /^(sk|rk)_live_/.test(e.STRIPE_SECRET_KEY),
      }
    : undefined
}
