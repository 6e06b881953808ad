import { bonum } from './bonum/bonum-entry.ts'
import { btcpay } from './btcpay/btcpay-entry.ts'
import { paypal } from './paypal/paypal-entry.ts'
import type { ProviderEntry } from './provider-entry.ts'
import type { StatementFormat } from './statement-format.ts'
import { stripe } from './stripe/stripe-entry.ts'
import { telr } from './telr/telr-entry.ts'

/** Every payment provider that there is, by the name under which rows, events and webhook addresses know it: one line each. */
export const registry = {
  stripe,
  bonum,
  paypal,
  btcpay,
  telr,
} as const satisfies Record<string, ProviderEntry>

export type ProviderName = keyof typeof registry

export const isProviderName = (name: string): name is ProviderName => Object.hasOwn(registry, name)

export const providerNames: readonly ProviderName[] = Object.keys(registry).filter(isProviderName)

/** The registered providers, for what asks all of them the same. */
export const providerEntries: readonly ProviderEntry[] = Object.values(registry)

/**
 * Which provider has sent a webhook, by the header that it signs in, or by the form that it posts without a key of ours; undefined where
 * nothing tells.
 */
export function senderOf(headers: Headers): ProviderName | undefined {
  const signatureHeaderOf = (name: ProviderName) => (registry[name] as ProviderEntry).signatureHeader
  const isForm =
    headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') && !headers.has('authorization')
  return providerNames.find((name) => {
    const header = signatureHeaderOf(name)
    return header === undefined ? isForm : headers.has(header)
  })
}

/** How a provider writes its statements; undefined for one that shows its books, and for a name that is none. */
export const statementFormatOf = (name: string): StatementFormat | undefined =>
  isProviderName(name) ? (registry[name] as ProviderEntry).statement : undefined

/** Whose books are known by their statements only. */
export const providersWithStatements: readonly ProviderName[] = providerNames.filter(statementFormatOf)
