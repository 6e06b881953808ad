import type { Relation } from '../relation.ts'
import type { Table } from '../table.ts'
import type { World } from '../world.ts'

/** What the buyer pays with, as they chose it when they approved. */
export type Funding = 'balance' | 'declined' | 'reviewed'

/** Amounts are in the smallest units that PayPal knows of a currency. */
type Amount = { amount: number; currency: string }

type Times = { createdAt: string; updatedAt: string }

export type Order = Amount &
  Times & {
    id: string
    status: 'PAYER_ACTION_REQUIRED' | 'CREATED' | 'APPROVED' | 'COMPLETED' | 'VOIDED'
    intent: 'CAPTURE' | 'AUTHORIZE'
    referenceId: string
    customId: string | null
    invoiceId: string | null
    returnUrl: string | null
    cancelUrl: string | null
    funding: Funding
  }

export type Authorization = Amount &
  Times & {
    id: string
    orderId: string
    status: 'CREATED' | 'CAPTURED' | 'DENIED' | 'PARTIALLY_CAPTURED' | 'VOIDED' | 'PENDING'
    expiresAt: string
  }

export type Capture = Amount &
  Times & {
    id: string
    orderId: string
    authorizationId: string | null
    status: 'COMPLETED' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'PENDING' | 'REFUNDED'
    reason: string | null
    fee: number
    customId: string | null
    invoiceId: string | null
    finalCapture: boolean
  }

export type Refund = Amount &
  Times & {
    id: string
    captureId: string
    orderId: string
    status: 'COMPLETED' | 'PENDING' | 'FAILED' | 'CANCELLED'
    reason: string | null
    customId: string | null
    invoiceId: string | null
    note: string | null
  }

export type Dispute = Amount &
  Times & {
    id: string
    captureId: string
    status: 'WAITING_FOR_SELLER_RESPONSE' | 'UNDER_REVIEW' | 'RESOLVED'
    stage: 'INQUIRY' | 'CHARGEBACK'
    outcome: string | null
    reason: string
    /** PayPal holds the money. */
    held: boolean
    dueAt: string
    evidence: unknown[]
  }

/** A line of the books. `amount` and `fee` change the balance. */
export type Transaction = Amount & {
  id: string
  code: string
  fee: number
  reference: string | null
  custom: string | null
  invoice: string | null
  /** Milliseconds. */
  at: number
}

/** How the sandbox's PayPal behaves, as `POST /sandbox/paypal/settings` sets it. */
export type Settings = { refunds: 'COMPLETED' | 'PENDING'; bookDelaySeconds: number; feeBps: number; feeFixed: number }

export const defaults: Settings = { refunds: 'COMPLETED', bookDelaySeconds: 0, feeBps: 349, feeFixed: 49 }

/** Everything that PayPal knows. */
export type State = {
  orders: Table<Order>
  authorizations: Table<Authorization>
  captures: Table<Capture>
  refunds: Table<Refund>
  disputes: Table<Dispute>
  transactions: Table<Transaction>
  tokens: Table<{ expiresAt: number }>
  settings: Table<Settings>
  /** The answers that were given under a request id. */
  answers: Table<{ status: number; body: string; at: number }>
  authorizationsOf: Relation
  capturesOf: Relation
  refundsOf: Relation
  disputesOf: Relation
  /** The captures of an invoice. */
  capturesBy: Relation
}

/** The tables in the sandbox's store. */
export const openState = ({ store }: World): State => ({
  orders: store.table('paypal.orders'),
  authorizations: store.table('paypal.authorizations'),
  captures: store.table('paypal.captures'),
  refunds: store.table('paypal.refunds'),
  disputes: store.table('paypal.disputes'),
  transactions: store.table('paypal.transactions'),
  tokens: store.table('paypal.tokens'),
  settings: store.table('paypal.settings'),
  answers: store.table('paypal.answers'),
  authorizationsOf: store.relation('paypal.authorizations_of'),
  capturesOf: store.relation('paypal.captures_of'),
  refundsOf: store.relation('paypal.refunds_of'),
  disputesOf: store.relation('paypal.disputes_of'),
  capturesBy: store.relation('paypal.captures_by'),
})

/** Now, in the seconds that PayPal writes. */
export const nowText = (): string => `${new Date().toISOString().slice(0, 19)}Z`

/** The rows that belong to a key, oldest first. */
export const rowsOf = <Row>(table: Table<Row>, relation: Relation, key: string): Readonly<Row>[] =>
  relation.of(key).flatMap((id) => table.look(id) ?? [])
