import { decimalAmount } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation, RefundReport, SeenRefund } from '../observations.ts'
import type { MoneyCall } from '../provider.ts'
import { callRemote, type RemoteAnswer, type RemoteTransaction } from './telr-calls.ts'
import { checkOrder, observeOrder, type TelrOrder } from './telr-orders.ts'
import type { TelrConnection } from './telr-settings.ts'
import { isAuthorised, listTransactions, paymentIn, refundsIn, type TelrTransaction } from './telr-transactions.ts'

/**
 * Telr knows no idempotency keys. What follows a payment is therefore sent once under each operation, whose id stands in its description:
 * where the answer was lost it is looked for among the transactions with the cart, and never sent again.
 */
type Money = Pick<MoneyCall, 'key' | 'amount' | 'currency' | 'lookUpFirst' | 'sentAt'>

/** What a person has to decide about, who sees Telr's own pages. */
const undecided = (code: string, explanation: string): ProviderError =>
  new ProviderError('telr', 'unknown', code, { outage: false, explanation, forAPerson: true })

/** Takes the money of an authorised order. Returns what is true afterwards. */
export async function captureOrder(
  connection: TelrConnection,
  reference: string,
  call: MoneyCall,
): Promise<ChargeObservation> {
  const order = await checkOrder(connection, reference)
  const seen = observeOrder(connection, order)
  if (seen.state !== 'capturable') return seen
  if (order.transaction?.status === 'H') throw undecided('on_hold', 'Telr holds the payment: accept or refuse it there')
  const transactions = await listTransactions(connection, order)
  if (call.lookUpFirst) {
    const made = transactions?.find(({ type, description }) => type === 'capture' && description === call.key)
    if (made && isAuthorised(made)) return { ...seen, state: 'complete', capturedAmount: made.amount }
    ensureNeverCame(connection, call, transactions)
  }
  const answer = await callRemote(connection, following(order, transactions, 'capture', call))
  if (answer.status !== 'A') throw refusal(answer)
  return { ...seen, state: 'complete', capturedAmount: call.amount, providerChargeId: answer.tranref }
}

/** Gives up an order that is not paid: its page cannot be closed, so that what is paid on it later goes back then. A hold is let go. */
export async function cancelOrder(
  connection: TelrConnection,
  reference: string,
  call: MoneyCall,
): Promise<ChargeObservation> {
  const order = await checkOrder(connection, reference)
  const { currency } = call
  const seen = observeOrder(connection, order)
  const cancelled = { kind: 'charge', state: 'cancelled', awaitingBuyer: false, currency } as const
  if (seen.state === 'complete') return seen
  if (seen.state !== 'capturable') return cancelled
  const transactions = await listTransactions(connection, order)
  // Letting go of a hold twice does nothing more: Telr refuses the second time.
  const answer = await callRemote(connection, following(order, transactions, 'void', call))
  if (answer.status === 'A') return cancelled
  const after = observeOrder(connection, await checkOrder(connection, reference))
  if (after.state === 'capturable') throw refusal(answer)
  return after
}

/** Gives captured money back, once. @throws ProviderError `refused` where Telr does not, `unknown` where nobody knows whether it has */
export async function refundOrder(
  connection: TelrConnection,
  reference: string,
  call: MoneyCall,
): Promise<RefundReport> {
  const order = await checkOrder(connection, reference)
  const transactions = await listTransactions(connection, order)
  if (call.lookUpFirst) {
    const made = findRefund(call, transactions)
    if (made) return made
    ensureNeverCame(connection, call, transactions)
  }
  const answer = await callRemote(connection, following(order, transactions, 'refund', call))
  switch (answer.status) {
    case 'A':
      return { reference: answer.tranref, state: 'complete', amount: call.amount }
    case 'H':
    case 'P':
      return { reference: answer.tranref, state: 'pending', amount: call.amount }
    default:
      throw refusal(answer)
  }
}

/** The refunds of an order, whoever made them; undefined where they cannot be asked for. */
export async function listOrderRefunds(
  connection: TelrConnection,
  reference: string,
): Promise<(SeenRefund & { amount: number })[] | undefined> {
  const transactions = await listTransactions(connection, await checkOrder(connection, reference))
  return transactions && refundsIn(transactions)
}

function findRefund(call: Money, transactions: readonly TelrTransaction[] | undefined): SeenRefund | undefined {
  const refunds = refundsIn(transactions ?? [])
  const ours = refunds.find(({ operationId }) => operationId === call.key)
  if (ours) return ours
  const like = refunds.some(({ operationId, amount }) => operationId === undefined && amount === call.amount)
  if (like) throw undecided('refund_unclear', 'a refund of that amount at Telr may be this one: say which it is')
  return undefined
}

/**
 * Passes where a transaction may be sent, because an earlier call for it is certain not to have come about, or is none that we know of.
 * @throws ProviderError `unknown` while it may still appear, or where it cannot be looked for; `refused` once it is certain that it
 * did not take place, so that whoever still wants it asks for a new one
 */
function ensureNeverCame(
  { settings }: TelrConnection,
  { sentAt }: Money,
  transactions: readonly TelrTransaction[] | undefined,
): void {
  if (!transactions)
    throw undecided('not_looked_up', 'see in Telr whether it took place; TELR_SERVICE_KEY lets it be looked up')
  if (sentAt === undefined) return
  if (Date.now() - sentAt.getTime() < settings.certainAfterMs)
    throw new ProviderError('telr', 'unknown', 'not_shown_yet', { outage: false })
  throw new ProviderError('telr', 'refused', 'did_not_take_place')
}

/** A transaction that follows the payment of an order. */
function following(
  order: TelrOrder,
  transactions: readonly TelrTransaction[] | undefined,
  type: RemoteTransaction['type'],
  { key, amount, currency }: Money,
): RemoteTransaction {
  const ref = (transactions && paymentIn(transactions)?.id) ?? paymentOf(order)
  if (!ref) throw new ProviderError('telr', 'refused', 'no_transaction')
  return { type, cartid: order.cartid, description: key, currency, amount: decimalAmount(amount, currency), ref }
}

/** The transaction that Telr names with an order, as long as that is the payment and nothing that followed it. */
const paymentOf = ({ transaction }: TelrOrder): string | undefined =>
  transaction && !['refund', 'void'].includes(transaction.type?.toLowerCase() ?? '') ? transaction.ref : undefined

const refusal = ({ status, code }: RemoteAnswer): ProviderError =>
  new ProviderError('telr', 'refused', `${status}_${code || 'none'}`)
