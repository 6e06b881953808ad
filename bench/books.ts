// The witnesses that the chaos run compares: what buyers were told, our tables, the providers' own books, and whoever acted in a dashboard.

export type Line = 'digital' | 'physical' | 'pod'

/** What one buyer set out to do and what the shop acknowledged. */
export type Acknowledged = {
  orderId: string
  lines: readonly Line[]
  /** `either`: cancelled and paid in the same moment, so that one of the two wins. */
  wish: 'pay' | 'cancel' | 'either'
  /** The provider told the buyer that the payment succeeded. */
  paid: boolean
  /** The shop answered the cancellation with 200. */
  cancelled: boolean
  /** Why the buyer gave up, if the shop never let the wish come true. */
  gaveUp?: string | undefined
}

export type OurOrder = { id: string; checkoutId: string; state: string; total: number; attention: string | null }
export type OurItem = { id: string; orderId: string; sellerId: string; kind: Line; state: string }
export type OurCharge = {
  id: string
  orderId: string
  reference: string | null
  state: string
  amount: number
  captured: number
  refunded: number
}
export type OurSplit = {
  id: string
  orderId: string
  chargeId: string
  destination: string | null
  /** What is to be transferred of it, beside what is kept back for a debt. */
  amount: number
  withheld: number
  state: string
}
export type OurOperation = {
  id: string
  orderId: string
  kind: string
  state: string
  reference: string | null
  failureCode: string | null
}
export type OurShipment = {
  id: string
  orderId: string
  sellerId: string
  path: 'shipping' | 'pod'
  state: string
  reference: string | null
}
export type OurDelivery = { orderId: string; itemId: string }
export type OurTask = { id: string; job: string; orderId: string | null; state: string; lastError: string | null }
export type OurEvent = {
  id: string
  provider: string
  type: string
  eventId: string
  orderId: string | null
  handled: boolean
  outcome: string | null
}
export type OurEntry = { correlationKey: string; orderId: string; account: string; amount: number }

/** Every row that matters, amounts in minor units. */
export type OurBooks = {
  orders: OurOrder[]
  items: OurItem[]
  charges: OurCharge[]
  splits: OurSplit[]
  operations: OurOperation[]
  shipments: OurShipment[]
  deliveries: OurDelivery[]
  tasks: OurTask[]
  events: OurEvent[]
  ledger: OurEntry[]
}

/** A payment at a provider; `status` in Stripe's words, undefined at the others. */
export type Intent = {
  id: string
  orderId: string | null
  status: string | undefined
  amount: number
  received: number
}
export type Refund = { id: string; intentId: string; amount: number; status: string }
export type Transfer = {
  id: string
  orderId: string | null
  splitId: string | null
  destination: string
  amount: number
  reversed: number
}
/** `voided`: given back to the carrier before it was used. */
export type Label = { id: string; shipmentId: string; amount: number; voided: boolean }
export type PodOrder = { id: string; externalId: string | null; status: string }

/** What the providers did, by their own books. */
export type ProviderBooks = {
  intents: Intent[]
  refunds: Refund[]
  transfers: Transfer[]
  labels: Label[]
  podOrders: PodOrder[]
}

/** What somebody did in the provider's dashboard; `id` is that of the payment or of the transfer, `amount` in minor units. */
export type ByHand = { act: 'refund' | 'part' | 'reversal' | 'cancel'; id: string; amount: number }

/**
 * One thing that is not as it must be. `lost`: something that was promised or paid for did not happen. `doubled`: something
 * happened more often than it may, or without its reason. `unbalanced`: amounts disagree. `unfinished`: work that stands still.
 * `attention`: an order asks for a person although nothing happened that needs one.
 */
export type Discrepancy = {
  verdict: 'lost' | 'doubled' | 'unbalanced' | 'unfinished' | 'attention'
  what: string
  orderId: string | null
  detail: string
}
