import type { Stripe } from 'stripe'
import type { Relation } from '../relation.ts'
import type { Table } from '../table.ts'
import { unixNow, type World } from '../world.ts'
import { IdempotencyKeys } from './idempotency.ts'
import type { Cause } from './pipeline.ts'
import { Settings } from './settings.ts'
import { current } from './transactions.ts'
import { UnpaidTransactions } from './unpaid-transactions.ts'

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
export type Payout = Stripe.Payout & { balance_transaction: string | null; failure_balance_transaction: string | null }
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
  readonly settings: Settings
  readonly intents: Table<Intent>
  readonly charges: Table<Charge>
  readonly captures: Table<Capture>
  readonly refunds: Table<Refund>
  readonly transfers: Table<Transfer>
  readonly reversals: Table<TransferReversal>
  /** The platform's balance transactions. */
  readonly transactions: Table<Stripe.BalanceTransaction>
  /** Those of connected accounts. */
  readonly accountTransactions: Table<Stripe.BalanceTransaction>
  readonly transactionsByAccount: Relation
  readonly unpaid: UnpaidTransactions
  readonly payouts: Table<Payout>
  /** Payout → the connected account that is paid; none for the platform's. */
  readonly payoutOwners: Table<string>
  readonly payoutsByOwner: Relation
  /** Automatic payout → what it pays, and its own transaction. */
  readonly transactionsByPayout: Relation
  readonly files: Table<Stripe.File>
  /** File → what was uploaded, in Base64. */
  readonly fileContents: Table<string>
  readonly customers: Table<Customer>
  readonly methods: Table<Method>
  /** The test card behind a payment method. */
  readonly cards: Table<string>
  readonly setupIntents: Table<SetupIntent>
  readonly reviews: Table<Review>
  readonly disputes: Table<Dispute>
  /** `<metadata key>=<value>` → payment intents. */
  readonly intentsByMetadata: Relation
  readonly intentsByCustomer: Relation
  readonly chargesByIntent: Relation
  readonly refundsByCharge: Relation
  readonly disputesByCharge: Relation
  readonly transfersByGroup: Relation
  readonly transfersBySource: Relation
  readonly reversalsByTransfer: Relation
  readonly methodsByCustomer: Relation
  readonly transactionsBySource: Relation
  /** What the platform has, available or not, by currency. */
  readonly balances: Table<number>
  /** `<account> <currency>` → what a connected account has. */
  readonly accountBalances: Table<number>
  readonly cashTransactions: Table<CashTransaction>
  readonly cashTransactionsByCustomer: Relation
  /** `<customer> <currency>` → what a customer sent and has not spent. */
  readonly cashBalances: Table<number>
  /** Payment intent → what bank transfers have paid of it so far. */
  readonly funded: Table<number>
  /** Payment method → what used it up: one that nobody keeps pays once. */
  readonly usedUp: Table<string>

  constructor(world: World) {
    const { store } = world
    this.world = world
    this.idempotency = new IdempotencyKeys(store)
    this.settings = new Settings(store)
    this.intents = store.table('stripe.paymentIntents')
    this.charges = store.table('stripe.charges')
    this.captures = store.table('stripe.captures')
    this.refunds = store.table('stripe.refunds')
    this.transfers = store.table('stripe.transfers')
    this.reversals = store.table('stripe.transferReversals')
    this.transactions = store.table('stripe.balanceTransactions')
    this.accountTransactions = store.table('stripe.accountTransactions')
    this.transactionsByAccount = store.relation('stripe.transactionsByAccount')
    this.unpaid = new UnpaidTransactions(store)
    this.payouts = store.table('stripe.payouts')
    this.payoutOwners = store.table('stripe.payoutOwners')
    this.payoutsByOwner = store.relation('stripe.payoutsByOwner')
    this.transactionsByPayout = store.relation('stripe.transactionsByPayout')
    this.files = store.table('stripe.files')
    this.fileContents = store.table('stripe.fileContents')
    this.customers = store.table('stripe.customers')
    this.methods = store.table('stripe.paymentMethods')
    this.cards = store.table('stripe.cards')
    this.setupIntents = store.table('stripe.setupIntents')
    this.reviews = store.table('stripe.reviews')
    this.disputes = store.table('stripe.disputes')
    this.intentsByMetadata = store.relation('stripe.intentsByMetadata')
    this.intentsByCustomer = store.relation('stripe.intentsByCustomer')
    this.chargesByIntent = store.relation('stripe.chargesByIntent')
    this.refundsByCharge = store.relation('stripe.refundsByCharge')
    this.disputesByCharge = store.relation('stripe.disputesByCharge')
    this.transfersByGroup = store.relation('stripe.transfersByGroup')
    this.transfersBySource = store.relation('stripe.transfersBySource')
    this.reversalsByTransfer = store.relation('stripe.reversalsByTransfer')
    this.methodsByCustomer = store.relation('stripe.methodsByCustomer')
    this.transactionsBySource = store.relation('stripe.transactionsBySource')
    this.balances = store.table('stripe.balances')
    this.accountBalances = store.table('stripe.accountBalances')
    this.cashTransactions = store.table('stripe.cashTransactions')
    this.cashTransactionsByCustomer = store.relation('stripe.cashTransactionsByCustomer')
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
      case 'txn': {
        const transaction = this.transactions.look(id) ?? this.accountTransactions.look(id)
        return transaction && current(transaction)
      }
      case 'po':
        return this.payouts.get(id)
      case 'file':
        return this.files.get(id)
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
    const account = cause.account === undefined ? {} : { account: cause.account }
    const head = {
      id,
      object: 'event',
      ...account,
      api_version: apiVersion,
      created,
      data,
      livemode: false,
      pending_webhooks: 1,
    }
    const body = JSON.stringify({ ...head, request, type })
    this.world.webhooks.publish({ id, provider: 'stripe', type, createdUnix: created, body })
  }

  /** Enters an effect in the books. Without an idempotency key every call is an effect of its own. */
  record(cause: Cause, kind: string, id: string, orderId: string | null): void {
    const { idempotencyKey } = cause
    this.world.books.record('stripe', kind, { id, orderId, idempotencyKey, countedBy: idempotencyKey })
  }

  /** Makes an intent findable by its metadata and its customer as they are now; `before` is what they were. */
  indexIntent(intent: Intent, before: Pick<Intent, 'metadata' | 'customer'> = { metadata: {}, customer: null }): void {
    const pairs = new Set(pairsOf(intent))
    const known = new Set(pairsOf(before))
    for (const pair of known.difference(pairs)) this.intentsByMetadata.remove(pair, intent.id)
    for (const pair of pairs.difference(known)) this.intentsByMetadata.append(pair, intent.id)
    if (intent.customer === before.customer) return
    if (before.customer) this.intentsByCustomer.remove(before.customer, intent.id)
    if (intent.customer) this.intentsByCustomer.append(intent.customer, intent.id)
  }
}

const pairsOf = ({ metadata }: Pick<Intent, 'metadata'>) =>
  Object.entries(metadata).map(([key, value]) => `${key}=${value}`)

/** The order that an object belongs to: its metadata or else its transfer group without a customary prefix. */
export function orderOf(metadata: Record<string, string>, transferGroup?: string | null): string | null {
  return metadata.orderId ?? metadata.order_id ?? transferGroup?.replace(/^(ORDER|order|group)_(?=.)/, '') ?? null
}
