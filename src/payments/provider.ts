import type { ChargeState } from './charge.state-machine.ts'

export type ProviderName = 'stripe' | 'bonum'

/** What a provider says about a payment, by webhook or when asked. Amounts in our minor units. */
export type ChargeObservation = {
  kind: 'charge'
  state: ChargeState
  /** The buyer has to act or the money is on its way: the order shows `pending_payment`. */
  awaitingBuyer: boolean
  providerChargeId?: string | undefined
  authorizedAmount?: number | undefined
  capturedAmount?: number | undefined
  failureCode?: string | undefined
  failureMessage?: string | undefined
  /** The provider holds the payment for a manual fraud review. */
  inReview?: boolean | undefined
}

export type Observation =
  | ChargeObservation
  | { kind: 'review'; result: 'opened' | 'approved' | 'rejected' }
  | { kind: 'dispute'; state: string; closed: boolean }
  | { kind: 'refund'; operationId: string | undefined; reference: string; state: 'pending' | 'complete' | 'failed' }
  | { kind: 'transfer'; operationId: string | undefined; reference: string; reversed: boolean }
  | { kind: 'nothing' }

/** A verified webhook, reduced to what the inbox keeps. */
export type ProviderEvent = {
  eventId: string
  account: string
  type: string
  /** The provider's id of the payment. */
  reference: string | undefined
  /** Our charge, from the metadata the provider hands back. Trusted only where it agrees with `reference`. */
  chargeId: string | undefined
  occurredAt: Date | undefined
  body: Record<string, unknown>
  liveMode: boolean
  /** False for types that never change anything here: they are stored and acknowledged. */
  relevant: boolean
  /** Another event of the same payment, sent at the same moment, says the same and more. */
  echo: boolean
}

export type PlannedSplit = {
  id: string
  kind: string
  recipient: string
  amount: number
}

export type IntentRequest = {
  chargeId: string
  orderId: string
  amount: number
  currency: string
  splits: readonly PlannedSplit[]
  returnUrl: string
  expiresInSeconds: number
}

export type Intent = {
  reference: string
  clientSecret?: string | undefined
  checkoutUrl?: string | undefined
}

export type MoneyCall = {
  /** Operation id: the provider's idempotency key. */
  key: string
  orderId: string
  amount: number
  currency: string
  /** True when an earlier attempt may have had its effect: the provider is asked before the call is made again. */
  lookUpFirst: boolean
}

/** A payment provider. A new one is one file that implements this and one line in `providers.ts`. */
export type PaymentProvider = {
  name: ProviderName
  /** `live`: shares are transferred through the provider. `off_platform`: they are recorded and settled elsewhere (R30). */
  settlement: 'live' | 'off_platform'
  /** The currencies it takes; undefined where the provider itself decides. */
  currencies?: readonly string[]
  /** Asks for a payment under the key `chargeId`; asking again returns the same one. */
  createIntent(request: IntentRequest): Promise<Intent>
  /** The provider's present truth about a payment, or undefined where it cannot be asked. */
  retrieve(reference: string, currency: string): Promise<ChargeObservation | undefined>
  /** Gives up a payment that is not captured. Returns what is true afterwards, which may be that it succeeded. */
  cancel(reference: string, call: MoneyCall): Promise<ChargeObservation>
  capture(reference: string, call: MoneyCall): Promise<ChargeObservation>
  /** Gives captured money back; undefined where the provider has no such call. */
  refund?(reference: string, call: MoneyCall): Promise<{ reference: string; state: 'pending' | 'complete' | 'failed' }>
  /** Pays a share out to a connected account; undefined for off-platform settlement. */
  transfer?(
    call: MoneyCall & { destination: string; providerChargeId: string; splitId: string },
  ): Promise<{ reference: string }>
  /** Takes a transferred share back; may fail for want of money on the recipient's side. */
  reverseTransfer?(reference: string, call: MoneyCall): Promise<{ reference: string }>
  /** Verifies the signature over the raw body and reads the event. @throws ApiError `invalid_signature` */
  readWebhook(rawBody: string, headers: Headers): Promise<ProviderEvent>
  /** What an event says. Pure. */
  observe(event: { type: string; body: Record<string, unknown>; currency: string }): Observation
}
