import type { BankLine } from './bank-line.ts'
import type { DisputeEvidence } from './dispute-evidence.ts'
import type {
  ChargeObservation,
  Observation,
  ProviderEvent,
  RefundReport,
  SeenRefund,
  SeenReversal,
} from './observations.ts'
import type { SourcePayments } from './source-payments.ts'

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
  /** The provider's id of the payment, where a webhook brought it although the answer was lost. */
  reference?: string | undefined
  /** True when it may have been asked for before in a time that the database does not know: it is looked for by our metadata. */
  lookUpFirst: boolean
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
  /** When that attempt was made, where it is known: what a provider does not show so soon after may still come. */
  sentAt?: Date | undefined
  /** Captures only. False keeps the rest of the hold for later captures, true releases it; absent means the only capture. */
  final?: boolean | undefined
}

/** A payment of ours as the provider knows it. Minor units. */
export type FoundPayment = {
  reference: string
  orderId: string
  chargeId: string
  amount: number
  received: number
  currency: string
  clientSecret?: string | undefined
  /** It can neither be paid any more nor was it. */
  ended: boolean
}

/** What a provider tells of a time that a restored database has lost, oldest first. */
export type ProviderRecovery = {
  /** Every payment that was made since. */
  payments(since: Date): Promise<FoundPayment[]>
  /** Every event whose webhook may have been received since, which is later than it happened. */
  events(since: Date): AsyncIterable<ProviderEvent>
  /** Ends a payment whose order was lost: transfers are reversed, received money goes back, an open payment is cancelled. Repeating it does nothing. */
  giveBack(payment: FoundPayment): Promise<void>
}

/** The provider's script for browsers, and the key that it works with. */
export type CardForm = {
  script: string
  key: string
  /** An amount of ours as the script counts it; the same where it is absent. */
  units?: (amount: number, currency: string) => number
}

/** The calls of a payment provider, as its folder implements them. */
export type PaymentAdapter = {
  /** `live`: shares are transferred through the provider. `off_platform`: they are recorded and settled elsewhere. */
  settlement: 'live' | 'off_platform'
  /** The currencies it takes; undefined where the provider itself decides. */
  currencies?: readonly string[]
  /** Whether money is real there, as its keys say; undefined where keys do not tell, and then events of either mode are taken. */
  liveMode?: boolean
  /** What a browser needs for the provider's own card fields on a page of ours or a shop's; absent where buyers go to the provider's page. */
  cardForm?: CardForm | undefined
  /** There are secrets to verify webhooks with. */
  verifiesWebhooks: boolean
  /** Asks for a payment under the key `chargeId`; asking again returns the same one. */
  createIntent(request: IntentRequest): Promise<Intent>
  /** The provider's present truth about a payment, or undefined where it cannot be asked. */
  retrieve(reference: string, currency: string): Promise<ChargeObservation | undefined>
  /**
   * Takes the money of a payment whose buyer has agreed, where agreeing and paying are two; asking again under the same key repeats the answer.
   * A refused means of payment is an answer whose observation is `failed`.
   */
  take?(reference: string, call: { key: string; amount: number; currency: string }): Promise<ChargeObservation>
  /** Gives up a payment that is not captured. Returns what is true afterwards, which may be that it succeeded. */
  cancel(reference: string, call: MoneyCall): Promise<ChargeObservation>
  capture(reference: string, call: MoneyCall): Promise<ChargeObservation>
  /** Gives captured money back; undefined where the provider has no such call. */
  refund?(reference: string, call: MoneyCall): Promise<RefundReport>
  /** Every refund of a payment, whoever made it; undefined where the provider has no such call. */
  listRefunds?(reference: string): Promise<SeenRefund[]>
  /** Everything that was taken back of a transfer; undefined where the provider has no such call. */
  listReversals?(reference: string): Promise<SeenReversal[]>
  /** How a refund stands that was given; undefined where the provider has no such call. */
  retrieveRefund?(reference: string): Promise<RefundReport>
  /** Pays a share out to a connected account; undefined for off-platform settlement. */
  transfer?(
    call: MoneyCall & {
      destination: string
      /** The payment that a share is of; absent for a payout, which comes out of the platform's balance. */
      providerChargeId?: string | undefined
      splitId?: string | undefined
      /** The share comes out of the platform's balance instead of the charge, such as one that is captured in parts. */
      fromBalance?: boolean | undefined
    },
  ): Promise<{ reference: string }>
  /** The transfer that was made under a key, or undefined when none was. */
  findTransfer?(call: Omit<MoneyCall, 'lookUpFirst'>): Promise<{ reference: string } | undefined>
  /** Takes a transferred share back; may fail for want of money on the recipient's side. */
  reverseTransfer?(reference: string, call: MoneyCall): Promise<{ reference: string }>
  /** Sends evidence about a dispute to the buyer's bank, once; undefined where the provider has no such call. */
  submitEvidence?(dispute: string, evidence: DisputeEvidence): Promise<void>
  /** The lines of its own books from one moment up to another, oldest first; undefined where it shows none. */
  readBook?(from: Date, to: Date): Promise<BankLine[]>
  /** Up to when its books are complete; absent where they are at once. */
  booksUntil?(): Promise<Date>
  /** Absent where the provider cannot be asked what it did. */
  recovery?: ProviderRecovery
  /** Payment with stored and push sources; absent where the provider has none. */
  sources?: SourcePayments
  /** Verifies the signature over the raw body and reads the event. @throws ApiError `invalid_signature` */
  readWebhook(rawBody: string, headers: Headers): Promise<ProviderEvent>
  /** What an event says. Pure. */
  observe(event: { type: string; body: Record<string, unknown> }): Observation
}
