import type { Breaker } from '../platform/breakers.ts'
import type { ProviderVariables, Variables } from '../platform/provider-variables.ts'
import type { Capabilities } from './capabilities.ts'
import type { PaymentAdapter } from './provider.ts'
import type { SharedTokens } from './shared-tokens.ts'
import type { StatementFormat } from './statement-format.ts'

/** How a provider is reached: how long a call may take, what lets it through, and the access tokens that all processes share. */
export type ProviderConnection = { timeoutMs: number; breaker: Breaker; tokens?: SharedTokens | undefined }

/** A payment provider as the rest of the application knows it. Its folder exports one, and `registry.ts` lists it. */
export type ProviderEntry = ProviderVariables & {
  /** What a storefront asks for to be paid there, as in `BONUM`. */
  method: string
  /** As people call it. */
  name: string
  /** How a buyer pays there: with a card, in a form on our page, or on the provider's own page, which goes by its name. */
  form: 'card' | 'hosted'
  capabilities: Capabilities
  /** The header that its webhooks are signed in, in small letters: it tells who sends. Absent where a field of the form that it posts signs. */
  signatureHeader?: string
  /** The variable with the key that its form in a page works with; absent where there is no such form. */
  pageKey?: string
  /** The types to enable at its webhook endpoint; absent where it does not let one choose. */
  eventTypes?: readonly string[]
  /** How the statements are written that it gives instead of showing its books; absent where it shows them. */
  statement?: StatementFormat
  /** The variables that lead to the sandbox instead, without the one of the webhook secret. */
  sandbox(url: string): Record<string, string>
  /** What it is expected to charge: of the amount paid, and per payment in minor units. */
  expectedFee(variables: Variables): { bps: number; fixed: number }
  /** Its calls; undefined where the variables leave it switched off. */
  create(variables: Variables, connection: ProviderConnection): PaymentAdapter | undefined
}
