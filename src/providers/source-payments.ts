import type { ChargeObservation, NextAction } from './observations.ts'
import type { PlannedSplit } from './provider.ts'
import type { SourceType } from './source-types.ts'

/** The person who pays, as the provider needs to know them. */
export type Payer = {
  name?: string | undefined
  email: string
  phone?: string | undefined
  address?:
    | {
        line1?: string | undefined
        line2?: string | undefined
        city?: string | undefined
        state?: string | undefined
        postalCode?: string | undefined
        country?: string | undefined
      }
    | undefined
}

/** One attempt to pay an order with a source. Amounts in minor units. */
export type AuthorizeRequest = {
  /** The idempotency key. */
  chargeId: string
  orderId: string
  amount: number
  currency: string
  type: SourceType
  /** The provider's id of a stored means of payment; a card needs one, the others are made from the owner. */
  paymentMethod?: string | undefined
  /** The provider's id of the customer. */
  customer?: string | undefined
  owner: Payer
  capture: 'manual' | 'automatic'
  /** The buyer is not there to prove who they are. */
  offSession: boolean
  /** Asks for a hold that can be captured in parts; shares can then not be drawn on the charge. */
  multicapture?: boolean | undefined
  returnUrl: string
  /** How long a voucher may be paid. Has to be the same whenever the request is made again. */
  expiresInSeconds: number
  splits: readonly PlannedSplit[]
}

export type Authorization = {
  reference: string
  clientSecret?: string | undefined
  observation: ChargeObservation
  nextAction?: NextAction | undefined
}

/** A stored means of payment, in Digital River's words: `details` is what stands under the type's name. */
export type StoredMethod = {
  /** The provider's id, which may differ from the one that was asked about: test ids stand for a fresh method. */
  reference: string
  type: SourceType
  details: Record<string, unknown>
  fingerprint?: string | undefined
  owner?: Partial<Payer> | undefined
  customer?: string | undefined
}

/** How the keeping of a means of payment stands. */
export type SetupReport = {
  state: 'requires_action' | 'chargeable' | 'failed'
  paymentMethod?: string | undefined
  failureCode?: string | undefined
  failureMessage?: string | undefined
}

/** Payment with sources: orders that are authorized inside one request, captured on fulfilment, or paid by push. */
export type SourcePayments = {
  /**
   * Tries to pay. A refused card is an answer whose observation is `failed`; asking again with the same `chargeId`
   * repeats the answer. @throws ProviderError `unknown` when it may have happened, `refused` for a request that
   * can never work.
   */
  authorize(request: AuthorizeRequest): Promise<Authorization>
  /** The provider's id of the payment that was made for a charge of ours, found by its metadata; undefined where there is none. */
  find(chargeId: string): Promise<string | undefined>
  /** The present truth about a payment, with what the buyer still has to do. */
  refresh(reference: string, currency: string): Promise<Authorization>
  createCustomer(request: {
    key: string
    customerId: string
    email?: string | undefined
    name?: string | undefined
  }): Promise<{ reference: string }>
  /** @throws ProviderError `refused` `unsupported_source_type` for a means of payment that has no name here. */
  readMethod(paymentMethod: string): Promise<StoredMethod>
  /** Keeps a means of payment with a customer. */
  attach(paymentMethod: string, customer: string, key: string): Promise<void>
  /** Lets go of it for good; one that is kept by nobody is left as it is. */
  detach(paymentMethod: string, key: string): Promise<void>
  /** Asks the buyer to let a means of payment be kept for later. @throws ProviderError `refused` for types that cannot. */
  createSetup(request: {
    key: string
    customer?: string | undefined
    type: SourceType
  }): Promise<{ reference: string; clientSecret: string }>
  readSetup(reference: string): Promise<SetupReport>
  /** What an event whose subject is `setup` says. Pure. */
  observeSetup(event: { type: string; body: Record<string, unknown> }): SetupReport
}
