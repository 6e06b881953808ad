import type { BankLine } from './bank-line.ts'
import type { ChargeState } from './charge-states.ts'
import type { DisputeEvidence } from './dispute-evidence.ts'
import type { SourceType } from './source-types.ts'

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
  risk?: RiskAssessment | undefined
  /** The same for every use of the same card. */
  fingerprint?: string | undefined
  nextAction?: NextAction | undefined
}

/** How a refund stands. `pending` with `needsBuyer` waits for the buyer's bank details. */
export type RefundReport = {
  reference: string
  state: 'pending' | 'complete' | 'failed'
  needsBuyer?: boolean | undefined
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
  /** `amount` in our minor units; it may be more than was paid. */
  | {
      kind: 'dispute'
      reference: string
      state: string
      amount?: number | undefined
      reason?: string | undefined
      evidenceDueAt?: Date | undefined
    }
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
  /** Captures only. False keeps the rest of the hold for later captures, true releases it; absent means the only capture. */
  final?: boolean | undefined
}

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

/** The calls of a payment provider, as its folder implements them. */
export type PaymentAdapter = {
  /** `live`: shares are transferred through the provider. `off_platform`: they are recorded and settled elsewhere. */
  settlement: 'live' | 'off_platform'
  /** The currencies it takes; undefined where the provider itself decides. */
  currencies?: readonly string[]
  /** Whether money is real there, as its keys say; undefined where keys do not tell, and then events of either mode are taken. */
  liveMode?: boolean
  /** What a browser needs for the provider's own form on our page; absent where buyers go to the provider's page. */
  publishableKey?: string | undefined
  /** There are secrets to verify webhooks with. */
  verifiesWebhooks: boolean
  /** Asks for a payment under the key `chargeId`; asking again returns the same one. */
  createIntent(request: IntentRequest): Promise<Intent>
  /** The provider's present truth about a payment, or undefined where it cannot be asked. */
  retrieve(reference: string, currency: string): Promise<ChargeObservation | undefined>
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
  /** Absent where the provider cannot be asked what it did. */
  recovery?: ProviderRecovery
  /** Payment with stored and push sources; absent where the provider has none. */
  sources?: SourcePayments
  /** Verifies the signature over the raw body and reads the event. @throws ApiError `invalid_signature` */
  readWebhook(rawBody: string, headers: Headers): Promise<ProviderEvent>
  /** What an event says. Pure. */
  observe(event: { type: string; body: Record<string, unknown> }): Observation
}
