import { z } from 'zod'
import type { Variables } from '../../platform/provider-variables.ts'
import { commaList, count, optional, text, withDefault } from '../../platform/variable-kinds.ts'

export const paypalVariables = z.object({
  PAYPAL_CLIENT_ID: optional(text),
  PAYPAL_CLIENT_SECRET: optional(text),
  PAYPAL_WEBHOOK_ID: optional(commaList),
  PAYPAL_API_BASE: withDefault(z.url(), 'https://api-m.paypal.com'),
  PAYPAL_SANDBOX_ROOT: optional(text),
  PAYPAL_FEE_BPS: count(349),
  PAYPAL_FEE_FIXED: count(49),
})

/** Its hosts, of which the same answers serve API and certificates. */
export const paypalHosts: ReadonlySet<string> = new Set([
  'api.paypal.com',
  'api-m.paypal.com',
  'api.sandbox.paypal.com',
  'api-m.sandbox.paypal.com',
])

/** How PayPal is reached. `liveMode`: where money is real. */
export type PayPalSettings = {
  clientId: string
  clientSecret: string
  /** The ids of our registrations, which are a part of what PayPal signs. */
  webhookIds: readonly string[]
  /** Without a slash at its end. */
  apiBase: string
  liveMode: boolean
  /** A root certificate as base64 that is trusted beside the usual ones; undefined at PayPal's own hosts. */
  sandboxRoot: string | undefined
}

/** Undefined without a client id and its secret: PayPal is switched off. */
export function readPayPalSettings(variables: Variables): PayPalSettings | undefined {
  const e = paypalVariables.parse(variables)
  if (!e.PAYPAL_CLIENT_ID || !e.PAYPAL_CLIENT_SECRET) return undefined
  const { hostname } = new URL(e.PAYPAL_API_BASE)
  const isPayPal = paypalHosts.has(hostname)
  return {
    clientId: e.PAYPAL_CLIENT_ID,
    clientSecret: e.PAYPAL_CLIENT_SECRET,
    webhookIds: e.PAYPAL_WEBHOOK_ID ?? [],
    apiBase: e.PAYPAL_API_BASE.replace(/\/$/, ''),
    liveMode: isPayPal && !hostname.includes('sandbox'),
    // Anybody has the key of the sandbox's root: at PayPal's own hosts it must vouch for nothing.
    sandboxRoot: isPayPal ? undefined : e.PAYPAL_SANDBOX_ROOT,
  }
}
