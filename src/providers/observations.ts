import type { ChargeState } from './charge-states.ts'

/** A convenience store at which a voucher can be paid, and the numbers to give at its terminal. */
export type VoucherStore = { store: string; paymentCode: string; confirmationNumber?: string | undefined }

/** Where a buyer sends the money to, and the words that let the bank's payment find its order. */
export type TransferInstructions = {
  /** The country of the account, ISO 3166. */
  country: string
  /** Goes into the transfer's reference field. */
  referenceId: string
  accountHolder?: string | undefined
  bankName?: string | undefined
  accountNumber?: string | undefined
  iban?: string | undefined
  /** BIC. */
  swiftCode?: string | undefined
  /** The bank's own number in its country: ABA routing number, sort code, or zengin bank and branch code. */
  routingNumber?: string | undefined
  instructionsUrl?: string | undefined
}

/** What the buyer has to do before the payment can go on. */
export type NextAction =
  | { action: 'redirect'; redirectUrl: string }
  | {
      action: 'show_payment_instructions'
      /** ISO 8601; absent where the instructions do not expire. */
      expiresAt?: string | undefined
      /** Minor units that have not arrived yet. */
      amountRemaining?: number | undefined
      konbini?: { stores: readonly VoucherStore[]; voucherUrl?: string | undefined } | undefined
      wireTransfer?: TransferInstructions | undefined
    }

/** What a provider thinks of the risk of a payment, e.g. Stripe Radar's outcome. */
export type RiskAssessment = {
  level?: string | undefined
  /** 0 to 100. */
  score?: number | undefined
  /** e.g. `authorized`, `manual_review`, `blocked`, `issuer_declined`. */
  outcome?: string | undefined
  reason?: string | undefined
}

/** What a provider says about a payment, by webhook or when asked. Amounts in our minor units. */
export type ChargeObservation = {
  kind: 'charge'
  state: ChargeState
  /** ISO 4217, as the provider says it: the amounts are in its minor units. */
  currency: string
  /** The buyer has to act or the money is on its way: the order shows `pending_payment`. */
  awaitingBuyer: boolean
  providerChargeId?: string | undefined
  authorizedAmount?: number | undefined
  capturedAmount?: number | undefined
  failureCode?: string | undefined
  failureMessage?: string | undefined
  /** It `failed` for good: this payment cannot be tried again, but the order may be paid by another one. */
  spent?: boolean | undefined
  /** The provider holds the payment for a manual fraud review. */
  inReview?: boolean | undefined
  /** What of the captured money went back, where it was asked for. */
  refundedAmount?: number | undefined
  /** It ended by itself, as a hold does that nobody captures; otherwise somebody ended it. */
  lapsed?: boolean | undefined
  /** What may still be captured. */
  capturableAmount?: number | undefined
  /** Whether it may be captured in parts; undefined where the provider did not say. */
  multicapture?: boolean | undefined
  /** ISO 8601: the end of the hold, after which nothing can be captured. */
  authorizedUntil?: string | undefined
  /** What arrived so far of a payment that may come in parts. */
  fundedAmount?: number | undefined
  /** The money is on its way and nobody can call it back: until it is decided the payment can neither be given up nor can its order end. */
  underWay?: boolean | undefined
  /** What came beyond what was asked for, in all. It goes back. */
  surplusAmount?: number | undefined
  /** What did not come of a payment that counts as whole all the same, because so little is tolerated or somebody there said so. */
  shortfallAmount?: number | undefined
  /** The payment was given up there before; what has come all the same goes back. */
  over?: boolean | undefined
  /** What a person may want to know of how it was paid, such as a rate. */
  detail?: Readonly<Record<string, string | number>> | undefined
  risk?: RiskAssessment | undefined
  /** The same for every use of the same card. */
  fingerprint?: string | undefined
  nextAction?: NextAction | undefined
  /** ISO 8601: the provider decides about the money by then, and the order waits for it as long. */
  decidedUntil?: string | undefined
  /** The buyer has agreed, and the money waits for `take`. */
  approved?: boolean | undefined
  /** What the provider holds back or has taken back of the money, where it was asked for. */
  disputes?: readonly SeenDispute[] | undefined
}

/** A dispute as its provider tells of it. `amount` in our minor units; it may be more than was paid. */
export type SeenDispute = {
  kind: 'dispute'
  reference: string
  /** In the words of `dispute.state-machine.ts`. */
  state: string
  amount?: number | undefined
  reason?: string | undefined
  evidenceDueAt?: Date | undefined
}

/** How a refund stands. `pending` with `needsBuyer` waits for the buyer: for an account, or to be claimed. */
export type RefundReport = {
  reference: string
  state: 'pending' | 'complete' | 'failed'
  needsBuyer?: boolean | undefined
  /** Where the buyer claims it: whoever has the address has the money. */
  claimUrl?: string | undefined
  /** Minor units. */
  amount?: number | undefined
  failureReason?: string | undefined
}

/** A refund as the provider tells of it, with our operation's id where one of ours made it. */
export type SeenRefund = RefundReport & { operationId: string | undefined }

/** A transfer that was taken back, wholly or in part, with our operation's id where one of ours did it. Minor units. */
export type SeenReversal = { reference: string; operationId: string | undefined; amount: number }

export type Observation =
  | ChargeObservation
  | { kind: 'review'; result: 'opened' | 'approved' | 'rejected' }
  | SeenDispute
  | (SeenRefund & { kind: 'refund' })
  /** How much of a payment went back in all, without saying by which refunds. */
  | { kind: 'refunded'; refundedAmount: number }
  | {
      kind: 'transfer'
      operationId: string | undefined
      reference: string
      reversedAmount: number
      reversals: readonly SeenReversal[]
    }
  /** Something happened to the payment, or to a refund that the event names, that is believed only once the provider is asked. `ofMoney`: it says that money came. */
  | { kind: 'ask'; ofMoney?: boolean | undefined }
  /** About a means of payment that is being kept, not about a payment. */
  | { kind: 'setup' }
  /** Signed, but not of the form its type should have: a person has to look. */
  | { kind: 'unreadable' }
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
  /** `setup`: about a means of payment that is being kept; `reference` is then the setup's id. Absent means `payment`. */
  subject?: 'payment' | 'setup' | undefined
  /** False for types that never change anything here: they are stored and acknowledged. */
  relevant: boolean
  /** Another event of the same payment, sent at the same moment, says the same and more. */
  echo: boolean
  /** Nobody has signed it: it is kept only where it is about a payment that its provider knows for ours. */
  hint?: boolean | undefined
}
