import { ProviderError } from '../../platform/provider-error.ts'
import type { BankLine, BankLineKind } from '../bank-line.ts'
import { fromPayPal } from './paypal-amounts.ts'
import type { PayPalClient } from './paypal-client.ts'
import { disputesOf } from './paypal-disputes.ts'
import { type PayPalTransaction, readTransactions } from './paypal-transactions.ts'

/** https://developer.paypal.com/docs/transaction-search/transaction-event-codes/ */
const codes: Readonly<Record<string, BankLineKind>> = {
  // Payments: in general, agreed to beforehand, by card, by PayPal's checkout, by its buttons, by telephone.
  T0000: 'charge',
  T0003: 'charge',
  T0005: 'charge',
  T0006: 'charge',
  T0007: 'charge',
  T0011: 'charge',
  T1107: 'refund',
  T1108: 'fee',
  T1109: 'fee',
  // What goes to our bank and does not arrive, or was to come from it and does not.
  T1101: 'payout',
  T1104: 'payout',
  // Taken back by PayPal, held for a dispute and let go, charged back and given back.
  T1106: 'dispute',
  T1110: 'dispute',
  T1111: 'dispute',
  T1201: 'dispute',
  T1202: 'dispute',
}

/** The first half of a code is its group. */
const groups: Readonly<Record<string, BankLineKind>> = {
  T01: 'fee',
  // Money that is exchanged leaves one balance of ours and comes into another.
  T02: 'payout',
  T03: 'payout',
  T04: 'payout',
  T20: 'payout',
}

const kindOf = (code: string): BankLineKind => codes[code] ?? groups[code.slice(0, 3)] ?? 'other'

/** A payment that waited for a review stands in the books at the moment at which it began to: of days that were read, ours are read again. */
const lateMs = 3 * 24 * 3_600_000

const ours = /^(?:chg|op)_\w{1,60}$/

const isOurs = ({ custom_field: custom }: PayPalTransaction): boolean => ours.test(custom ?? '')

/** The lines of PayPal's books from one moment up to another, oldest first. @throws ProviderError */
export async function readPayPalBook(client: PayPalClient, from: Date, to: Date): Promise<BankLine[]> {
  const rows = await readTransactions(client, new Date(from.getTime() - lateMs), to)
  const news = rows.filter((row) => isOurs(row) || !(Date.parse(row.transaction_initiation_date) < from.getTime()))
  const disputes = new Map<string, string | undefined>()
  const lines: BankLine[] = []
  for (const row of news) {
    const line = toLine(row)
    lines.push(line.kind === 'dispute' ? { ...line, source: await disputeOf(client, row, disputes) } : line)
  }
  return lines.sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** The dispute that a movement belongs to: the books name the payment only. */
async function disputeOf(
  client: PayPalClient,
  { transaction_id: id, paypal_reference_id: payment }: PayPalTransaction,
  known: Map<string, string | undefined>,
): Promise<string> {
  if (payment === undefined) return id
  if (!known.has(payment)) known.set(payment, (await disputesOf(client, payment))?.at(-1)?.reference)
  return known.get(payment) ?? payment
}

/** One transaction may stand in the books twice, as something else each time. */
function toLine(row: PayPalTransaction): BankLine {
  const { transaction_id: id, transaction_event_code: code, transaction_amount: money, custom_field: custom } = row
  const kind = kindOf(code)
  const amount = fromPayPal(money)
  const fee = row.fee_amount ? fromPayPal(row.fee_amount) : 0
  const at = new Date(row.transaction_initiation_date)
  if (amount === undefined || fee === undefined || Number.isNaN(at.getTime()))
    throw new ProviderError('paypal', 'unavailable', 'book_not_understood', { explanation: `PayPal’s line ${id}` })
  const own = isOurs(row) ? custom : undefined
  return {
    reference: `${id}-${code}`,
    kind,
    source: kind === 'charge' && own?.startsWith('chg_') ? own : id,
    operationId: kind === 'refund' && own?.startsWith('op_') ? own : undefined,
    amount,
    // What PayPal keeps is written as a loss; zero has no sign.
    fee: 0 - fee,
    currency: money.currency_code,
    at,
    availableOn: undefined,
  }
}
