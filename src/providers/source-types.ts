/** How a buyer pays with a source: at once, on the bank's page, or by sending money to a voucher or an account. */
export type SourceFlow = 'standard' | 'redirect' | 'receiver'

/** What a means of payment can do; decides how an order is authorized, captured and refunded. */
export type MethodCapabilities = {
  flow: SourceFlow
  /** May be kept with a customer and charged again. */
  reusable: boolean
  /** The money can be held first and taken later; without it, paying and capturing are one. */
  manualCapture: boolean
  /** The money may come days after the order. */
  delayed: boolean
  /** Less than the whole amount may arrive. */
  partialFunding: boolean
  /** A refund waits until the buyer has said where it should go. */
  refundNeedsBuyer: boolean
  /** The currencies it takes; absent where the provider decides. */
  currencies?: readonly string[]
  /** The least and the most that one payment may be, in minor units; absent where the provider decides. */
  amounts?: { least: number; most: number }
}

/** Named as Digital River names the sources. */
export const sourceTypeNames = ['creditCard', 'konbini', 'wireTransfer', 'bancontact'] as const
export type SourceType = (typeof sourceTypeNames)[number]

/** A credit that the buyer has with the merchant: a promise, no money. No provider knows of it, and it pays beside a source of another type. */
export const creditType = 'customerCredit'
/** Every type of source there is. */
export type AnySourceType = SourceType | typeof creditType

/** https://docs.stripe.com/payments/payment-methods/payment-method-support */
export const sourceTypes: Record<SourceType, MethodCapabilities> = {
  creditCard: {
    flow: 'standard',
    reusable: true,
    manualCapture: true,
    delayed: false,
    partialFunding: false,
    refundNeedsBuyer: false,
  },
  konbini: {
    flow: 'receiver',
    reusable: false,
    manualCapture: false,
    delayed: true,
    partialFunding: false,
    refundNeedsBuyer: true,
    currencies: ['JPY'],
    amounts: { least: 120, most: 300_000 },
  },
  wireTransfer: {
    flow: 'receiver',
    reusable: false,
    manualCapture: false,
    delayed: true,
    partialFunding: true,
    refundNeedsBuyer: false,
    currencies: ['EUR', 'GBP', 'JPY', 'MXN', 'USD'],
  },
  bancontact: {
    flow: 'redirect',
    reusable: false,
    manualCapture: false,
    delayed: false,
    partialFunding: false,
    refundNeedsBuyer: false,
    currencies: ['EUR'],
  },
}
