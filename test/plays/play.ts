import type { storefront } from '../storefront.ts'
import type { System } from '../system.ts'

/** A payment under way: what the storefront was given for its buyer, and how the provider knows it. Minor units. */
export type Paying = {
  orderId: string
  chargeId: string
  reference: string
  amount: number
  clientSecret: string | null
  checkoutUrl: string | null
}

/** How the happenings of a payment are brought about in the sandbox; what a provider does not know is absent. */
export type Play = {
  /** What a storefront asks for, such as `PAYPAL`. */
  method: string
  /** Its name in the registry and in the sandbox. */
  provider: string
  currency: 'USD' | 'EUR' | 'MNT' | 'AED'
  /** The kind under which the sandbox's books list its payments, such as `invoices`. */
  payments: string
  /** The buyer pays with the secret that the storefront was answered, not on a page that goes by the payment's number. */
  clientSecretNeeded?: boolean
  /** Names of the sandbox's operations, to disturb them: what asks for a payment, what takes its money, and what gives it back. */
  operations: { create: string; take?: string; refund?: string }
  /** What has to be set at the provider before anything. */
  ready?(): Promise<unknown>
  /** The buyer pays the whole. */
  pay(paying: Paying): Promise<unknown>
  /** The buyer's means of payment is refused; the same payment may be tried again. */
  decline?(paying: Paying): Promise<unknown>
  /** The buyer lets the payment end. */
  expire?(paying: Paying): Promise<unknown>
  /** Less, or more, than was asked for arrives. `amount` in minor units. */
  payAmount?(paying: Paying, amount: number): Promise<unknown>
  /** Somebody gives `amount` back in the provider's own pages. */
  refundThere?(paying: Paying, amount: number): Promise<unknown>
  /** The buyer fetches what a refund left for them; for providers whose refunds are claimed. */
  claim?(paying: Paying): Promise<unknown>
  /** The bank takes the money back (`lost`) or tries in vain (`won`). */
  dispute?(paying: Paying, end: 'won' | 'lost'): Promise<unknown>
  /** The provider's statement as CSV, for those whose books cannot be asked for. */
  statement?(): Promise<string>
}

/** Makes the play of a provider for one running system. */
export type MakePlay = (system: System, shop: ReturnType<typeof storefront>) => Play
