import type { Stripe } from 'stripe'
import { append } from '../store.ts'
import { unixNow, type World } from '../world.ts'
import { IdempotencyKeys } from './idempotency.ts'
import type { Cause } from './pipeline.ts'

// The SDK's types allow expanded objects where the books keep ids; these narrow the references that the sandbox follows.
export type Intent = Stripe.PaymentIntent & {
  latest_charge: string | null
  payment_method: string | null
  customer: string | null
  review: string | null
}
export type Charge = Stripe.Charge & {
  payment_intent: string | null
  balance_transaction: string | null
  payment_method: string | null
  review: string | null
  customer: string | null
}
/** `charge` is null for money that leaves a customer's cash balance. */
export type Refund = Stripe.Refund & {
  charge: string | null
  customer: string | null
  payment_intent: string | null
  balance_transaction: string | null
}
export type Transfer = Stripe.Transfer & { destination: string; source_transaction: string | null }
export type TransferReversal = Stripe.TransferReversal & { transfer: string }
export type Method = Stripe.PaymentMethod & { customer: string | null }
export type Review = Stripe.Review & { charge: string | null; payment_intent: string }
export type Dispute = Stripe.Dispute & { charge: string; payment_intent: string | null }
export type SetupIntent = Stripe.SetupIntent & { payment_method: string | null; customer: string | null }
export type Customer = Stripe.Customer
export type CashTransaction = Stripe.CustomerCashBalanceTransaction & { customer: string }

/** One capture of a payment intent: not an object of Stripe's, but an effect that the books count. */
export type Capture = {
  id: string
  amount: number
  currency: string
  payment_intent: string
  charge: string
  final: boolean
  created: number
}

/** The version whose shapes these are: the one that the pinned SDK speaks. */
export const apiVersion = '2026-10-28.endive'

/** Everything that Stripe knows, with the indexes that keep its endpoints from scanning. */
export class StripeState {
  readonly world: World
  readonly idempotency: IdempotencyKeys
  readonly intents: Map<string, Intent>
  readonly charges: Map<string, Charge>
  readonly captures: Map<string, Capture>
  readonly refunds: Map<string, Refund>
  readonly transfers: Map<string, Transfer>
  readonly reversals: Map<string, TransferReversal>
  readonly transactions: Map<string, Stripe.BalanceTransaction>
  readonly customers: Map<string, Customer>
  readonly methods: Map<string, Method>
  /** The test card behind a payment method. */
  readonly cards: Map<string, string>
  readonly setupIntents: Map<string, SetupIntent>
  readonly reviews: Map<string, Review>
  readonly disputes: Map<string, Dispute>
  /** `<metadata key>=<value>` → payment intents. */
  readonly intentsByMetadata: Map<string, string[]>
  readonly chargesByIntent: Map<string, string[]>
  readonly refundsByCharge: Map<string, string[]>
  readonly transfersByGroup: Map<string, string[]>
  readonly transfersBySource: Map<string, string[]>
  readonly reversalsByTransfer: Map<string, string[]>
  readonly methodsByCustomer: Map<string, string[]>
  readonly transactionsBySource: Map<string, string[]>
  /** What the platform may spend, by currency. */
  readonly balances: Map<string, number>
  readonly cashTransactions: Map<string, CashTransaction>
  readonly cashTransactionsByCustomer: Map<string, string[]>
  /** `<customer> <currency>` → what a customer sent and has not spent. */
  readonly cashBalances: Map<string, number>
  /** Payment intent → what bank transfers have paid of it so far. */
  readonly funded: Map<string, number>
  /** Payment method → what used it up: one that nobody keeps pays once. */
  readonly usedUp: Map<string, string>

  constructor(world: World) {
    const { store } = world
    this.world = world
    this.idempotency = new IdempotencyKeys(store)
    this.intents = store.table('stripe.paymentIntents')
    this.charges = store.table('stripe.charges')
    this.captures = store.table('stripe.captures')
    this.refunds = store.table('stripe.refunds')
    this.transfers = store.table('stripe.transfers')
    this.reversals = store.table('stripe.transferReversals')
    this.transactions = store.table('stripe.balanceTransactions')
    this.customers = store.table('stripe.customers')
    this.methods = store.table('stripe.paymentMethods')
    this.cards = store.table('stripe.cards')
    this.setupIntents = store.table('stripe.setupIntents')
    this.reviews = store.table('stripe.reviews')
    this.disputes = store.table('stripe.disputes')
    this.intentsByMetadata = store.table('stripe.intentsByMetadata')
    this.chargesByIntent = store.table('stripe.chargesByIntent')
    this.refundsByCharge = store.table('stripe.refundsByCharge')
    this.transfersByGroup = store.table('stripe.transfersByGroup')
    this.transfersBySource = store.table('stripe.transfersBySource')
    this.reversalsByTransfer = store.table('stripe.reversalsByTransfer')
    this.methodsByCustomer = store.table('stripe.methodsByCustomer')
    this.transactionsBySource = store.table('stripe.transactionsBySource')
    this.balances = store.table('stripe.balances')
    this.cashTransactions = store.table('stripe.cashTransactions')
    this.cashTransactionsByCustomer = store.table('stripe.cashTransactionsByCustomer')
    this.cashBalances = store.table('stripe.cashBalances')
    this.funded = store.table('stripe.fundedIntents')
    this.usedUp = store.table('stripe.usedUpMethods')
  }

  /** The object with that id, whatever its kind. */
  byId(id: string): object | undefined {
    const prefix = id.slice(0, id.indexOf('_'))
    switch (prefix) {
      case 'pi':
        return this.intents.get(id)
      case 'ch':
      case 'py':
        return this.charges.get(id)
      case 're':
        return this.refunds.get(id)
      case 'tr':
        return this.transfers.get(id)
      case 'trr':
        return this.reversals.get(id)
      case 'txn':
        return this.transactions.get(id)
      case 'cus':
        return this.customers.get(id)
      case 'pm':
        return this.methods.get(id)
      case 'seti':
        return this.setupIntents.get(id)
      case 'prv':
        return this.reviews.get(id)
      case 'ccsbtxn':
        return this.cashTransactions.get(id)
      case 'dp':
        return this.disputes.get(id)
      default:
        return undefined
    }
  }

  /** Records an event with the object as it is at this moment, and sends it. */
  emit(cause: Cause, type: Stripe.Event['type'], object: object, previous?: Record<string, unknown>): void {
    const id = this.world.mintId('evt')
    const created = unixNow()
    const data = previous ? { object, previous_attributes: previous } : { object }
    const request = { id: cause.requestId, idempotency_key: cause.idempotencyKey }
    const head = { id, object: 'event', api_version: apiVersion, created, data, livemode: false, pending_webhooks: 1 }
    const body = JSON.stringify({ ...head, request, type })
    this.world.webhooks.publish({ id, provider: 'stripe', type, createdUnix: created, body })
  }

  /** Enters an effect in the books. Without an idempotency key every call is an effect of its own. */
  record(cause: Cause, kind: string, id: string, orderId: string | null): void {
    const { idempotencyKey } = cause
    this.world.books.record('stripe', kind, { id, orderId, idempotencyKey, countedBy: idempotencyKey })
  }

  /** Makes the intent findable by its metadata; values it had before still find it only if they still apply. */
  indexMetadata(intent: Intent): void {
    for (const [key, value] of Object.entries(intent.metadata)) {
      const name = `${key}=${value}`
      if (!this.intentsByMetadata.get(name)?.includes(intent.id)) append(this.intentsByMetadata, name, intent.id)
    }
  }

  /** Moves the platform's balance. */
  addToBalance(currency: string, amount: number): void {
    this.balances.set(currency, (this.balances.get(currency) ?? 0) + amount)
  }
}

/** The order that an object belongs to: its metadata or else its transfer group without a customary prefix. */
export function orderOf(metadata: Record<string, string>, transferGroup?: string | null): string | null {
  return metadata.orderId ?? metadata.order_id ?? transferGroup?.replace(/^(ORDER|order|group)_(?=.)/, '') ?? null
}
