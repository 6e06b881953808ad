import { lockName } from '../database/lock-name.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { decimalAmount } from '../platform/money.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type BalanceOwner, isEntryOf, lockNameOf, type OwnerValues, ownerValues } from './balance-owner.ts'
import type { PayoutMethod } from './payout.entity.ts'
import { readBalances } from './read-balances.ts'

export type PayoutRequest = {
  owner: BalanceOwner
  currency: string
  /** Minor units; all that is available where it is not said. */
  amount?: number | undefined
  method: PayoutMethod
  /** The bank's, of a manual one that is made already. */
  reference?: string | undefined
  author: string
  holdDays: number
  /** Less is not worth a payout. Minor units. */
  least?: number | undefined
  /** The beginning of the period that the schedule pays for: what came later is left for the next one. */
  scheduledFor?: Date | undefined
}

const readTarget = statement<{ merchantId: string; recipientId: string | null }>()((db, $) =>
  db
    .selectFrom('merchants as m')
    .leftJoin('recipients as r', (on) =>
      on.onRef('r.merchant_id', '=', 'm.id').on('r.id', '=', $.recipientId.typed('text')),
    )
    .select((eb) => [
      eb('r.id', 'is not distinct from', $.recipientId.typed('text')).as('known'),
      eb
        .case()
        .when($.recipientId.typed('text'), 'is', null)
        .then(eb.ref('m.stripe_account_id'))
        .else(eb.ref('r.stripe_account_id'))
        .end()
        .as('destination'),
    ])
    .where('m.id', '=', $.merchantId),
)

/** What each account of an owner has. Minor units. */
const sumAccounts = statement<OwnerValues & { currency: string }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .select((l) => ['l.account', l.fn.sum<number>('l.amount').as('amount')])
    .where('l.account', '=', (l) => l.fn.any($.accounts.typed('text[]')))
    .where('l.currency', '=', $.currency)
    .where((l) => l.or([l($.ofMerchant.typed('text'), 'is', null), isEntryOf($.ofMerchant.typed('text'))]))
    .groupBy('l.account')
    .orderBy('l.account'),
)

const store = statement<{ payout: NewRow<'payouts'>; entries: readonly NewRow<'ledger_entries'>[] }>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('stored', () => insertRows('payouts', $.payout))
    .selectNoFrom((step) => step.lit(1).as('stored')),
)

/**
 * Takes what is available, or a part of it, out of a balance, and calls for its transfer; a manual payout with the bank's reference is paid.
 * Whoever pays the same balance out at the same time waits, so that all together never pay more than there is; what is below zero, reserved
 * or held back is left. Returns the payout's id.
 * @throws ApiError `not_found`, `nothing_to_pay_out`, `payout_too_large`, `payout_account_missing`, `invalid_amount`
 */
export async function createPayout(tx: Transaction, request: PayoutRequest): Promise<string> {
  const { owner, currency, method } = request
  const destination = await destinationOf(tx, request)
  await lockName(tx, lockNameOf(owner))
  const balances = await readBalances(tx, owner, { holdDays: request.holdDays, at: request.scheduledFor })
  const available = balances.find((balance) => balance.currency === currency)?.available ?? 0
  const amount = amountOf(request, available)
  const id = newId('payout')
  const accounts = await sumAccounts(tx, { ...ownerValues(owner), currency })
  await store(tx, {
    payout: toRow(id, request, amount, destination),
    entries: toEntries(movementsOf({ id, currency, amount }, accounts)),
  })
  if (method === 'transfer') tx.enqueue({ job: 'make-payout', payload: { payoutId: id }, dedupeKey: `${id}-make-1` })
  return id
}

async function destinationOf(tx: Transaction, { owner, method }: PayoutRequest): Promise<string | null> {
  const { merchantId, recipientId = null } = owner
  const [target] = await readTarget(tx, { merchantId, recipientId })
  if (!target?.known) throw new ApiError('not_found', { parameter: target ? 'recipientId' : 'merchantId' })
  if (method === 'manual') return null
  if (target.destination === null) throw new ApiError('payout_account_missing', { parameter: 'method' })
  return target.destination
}

function amountOf({ amount, currency, least = 1 }: PayoutRequest, available: number): number {
  if (available < Math.max(least, 1)) throw new ApiError('nothing_to_pay_out')
  if (amount === undefined) return available
  if (amount <= 0) throw new ApiError('invalid_amount', { parameter: 'amount' })
  if (amount > available)
    throw new ApiError('payout_too_large', {
      parameter: 'amount',
      message: `${decimalAmount(available, currency)} ${currency} can be paid out.`,
    })
  return amount
}

function toRow(
  id: string,
  { owner, currency, method, reference, author, scheduledFor }: PayoutRequest,
  amount: number,
  destination: string | null,
): NewRow<'payouts'> {
  const at = new Date().toISOString()
  const paid = method === 'manual' && reference !== undefined
  return {
    id,
    merchant_id: owner.merchantId,
    recipient_id: owner.recipientId ?? null,
    currency,
    amount,
    method,
    destination,
    reference: paid ? reference : null,
    state: paid ? 'paid' : 'pending',
    state_transitions: paid ? { pending: at, paid: at } : { pending: at },
    author,
    scheduled_for: scheduledFor?.toISOString() ?? null,
  }
}

/** Out of each account as much as it has, until all of the payout is together. */
function movementsOf(
  payout: { id: string; currency: string; amount: number },
  accounts: readonly { account: string; amount: number }[],
): Movement[] {
  const { id, currency } = payout
  let rest = payout.amount
  return accounts.flatMap(({ account, amount }): Movement[] => {
    const taken = Math.min(rest, Math.max(amount, 0))
    rest -= taken
    const correlationKey = `${id}-${kindOf(account)}`
    return taken > 0
      ? [{ correlationKey, orderId: null, payoutId: id, from: account, to: `payout:${id}`, amount: taken, currency }]
      : []
  })
}

const kindOf = (account: string): string => account.slice(0, account.indexOf(':'))
