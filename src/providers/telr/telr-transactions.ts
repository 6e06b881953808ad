import { isCurrency, toMinor } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { SeenRefund } from '../observations.ts'
import { callService, recordOf, textOf } from './telr-calls.ts'
import type { TelrOrder } from './telr-orders.ts'
import type { TelrConnection } from './telr-settings.ts'

/** A transaction with a cart, as the service API shows it. Minor units. */
export type TelrTransaction = {
  id: string
  /** The one that it follows. */
  previous: string
  /** `sale`, `auth`, `capture`, `refund`, `void`, `refund reversal`. */
  type: string
  status: string
  code: string
  description: string
  amount: number | undefined
  currency: string
}

/**
 * The transactions with an order's cart; undefined where this installation has no key of the service API.
 * @throws ProviderError `unknown` where Telr shows none: the payment itself would be one
 */
export async function listTransactions(
  connection: TelrConnection,
  { cartid }: Pick<TelrOrder, 'cartid'>,
): Promise<TelrTransaction[] | undefined> {
  const { service } = connection.settings
  if (!service) return undefined
  const rows = await callService(connection, service, cartid)
  const own = rows.filter((row) => textOf(row.cartid) === cartid).map(toTransaction)
  if (own.length === 0) throw new ProviderError('telr', 'unknown', 'transactions_not_shown')
  return own
}

function toTransaction(row: Record<string, unknown>): TelrTransaction {
  const auth = recordOf(row.auth)
  const currency = textOf(row.currency)
  return {
    id: textOf(row.id),
    previous: textOf(row.prev_id),
    type: (textOf(recordOf(row.type).name) || textOf(row.type)).toLowerCase(),
    status: textOf(auth.status),
    code: textOf(auth.code),
    description: textOf(row.description),
    amount: isCurrency(currency) ? toMinor(Number(textOf(row.amount)), currency) : undefined,
    currency,
  }
}

/** The transaction that took the money: what captures, voids and refunds follow. */
export const paymentIn = (transactions: readonly TelrTransaction[]): TelrTransaction | undefined =>
  (['capture', 'sale', 'auth'] as const)
    .map((type) => transactions.find((transaction) => transaction.type === type && isAuthorised(transaction)))
    .find((transaction) => transaction !== undefined)

export const isAuthorised = ({ status }: Pick<TelrTransaction, 'status'>): boolean => status === 'A'

const ourOperation = /^op_\w+$/

/** The refunds among the transactions, whoever made them; ours bear their operation's id as their description. */
export function refundsIn(transactions: readonly TelrTransaction[]): (SeenRefund & { amount: number })[] {
  const reversed = new Set(
    transactions.flatMap(({ type, previous, status }) =>
      type === 'refund reversal' && status === 'A' ? [previous] : [],
    ),
  )
  return transactions.flatMap(({ id, type, status, description, amount }) =>
    type === 'refund' && amount !== undefined && ['A', 'H', 'P'].includes(status)
      ? [
          {
            reference: id,
            operationId: ourOperation.test(description) ? description : undefined,
            state: reversed.has(id) ? 'failed' : status === 'A' ? 'complete' : 'pending',
            amount,
          },
        ]
      : [],
  )
}
