import { type NewRow, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { complete, type DoneRow } from '../operations/operations.statements.ts'
import {
  attemptOperation,
  type ClaimedOperation,
  claimOperations,
  confirmCompleted,
  doneRows,
  recordFailedAttempt,
} from '../operations/operations.ts'
import { payoutTransferOf } from '../operations/purposes.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProvider, PaymentProviders } from '../providers/providers.ts'
import { TaskBusy, TaskError, TaskMoot } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { failPayout, lockPayout } from './fail-payout.ts'
import { movePayouts } from './move-payout.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

const readOpen = statement<{ payoutId: string }>()((db, $) =>
  db
    .selectFrom('payouts')
    .select(['id', 'amount', 'currency', 'destination'])
    .where('id', '=', $.payoutId)
    .where('state', '=', 'pending'),
)

type OpenPayout = Awaited<ReturnType<typeof readOpen>>[number]

/** Whoever holds the money and can pass it on; undefined where there is nobody. */
export const transferrerOf = (providers: PaymentProviders): PaymentProvider | undefined =>
  [...providers.values()].find(({ settlement, transfer }) => settlement === 'live' && transfer !== undefined)

/**
 * Transfers a payout to its connected account, exactly once, whichever worker dies and whenever. A definite refusal ends the payout, and its
 * money is available again; where the platform's own money has yet to arrive, the transfer is tried again later.
 */
export async function makePayout(parts: Parts, { payoutId }: { payoutId: string }, taskId: string): Promise<void> {
  const [payout] = await readOpen(parts.database, { payoutId })
  if (!payout) throw new TaskMoot('payout_not_open')
  const provider = transferrerOf(parts.providers)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const operation = await claimTransfer(parts, provider, payout)
  try {
    const { reference } = await transfer(parts, provider, payout, operation)
    await bookTransfer(parts, payout, { operation, reference }, taskId)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    if (error.code === 'balance_insufficient') throw new TaskError(error.code, { retry: true, cause: error })
    await inTransaction(parts, async (tx) => {
      // Where another worker has taken over, it decides.
      if (!(await failPayout(tx, payoutId, error.code))) throw new TaskBusy('payout_in_progress')
      tx.finish(taskId)
    })
  }
}

async function claimTransfer(
  parts: Parts,
  provider: PaymentProvider,
  { id, amount, currency, destination }: OpenPayout,
): Promise<ClaimedOperation> {
  const request = { destination, amount }
  const spec = { ...payoutTransferOf(id), orderId: id, provider: provider.name, amount, currency, request }
  const [claim] = await claimOperations(parts, [spec])
  // It was booked with the payout.
  if (claim?.outcome !== 'claimed') throw new TaskMoot('payout_not_open')
  const { operation } = claim
  // Whoever lets the payout fail holds its row and looks for operations, so that one of both sees the other.
  const locked = await inTransaction(parts, (tx) => lockPayout(tx, id))
  if (locked?.state !== 'pending') {
    await recordFailedAttempt(parts, operation, new ProviderError(provider.name, 'refused', 'called_off'))
    throw new TaskMoot('payout_not_open')
  }
  return operation
}

function transfer(
  parts: Parts,
  provider: PaymentProvider,
  { id, amount, currency, destination }: OpenPayout,
  operation: ClaimedOperation,
): Promise<{ reference: string }> {
  const call = provider.transfer?.bind(provider)
  if (!call || destination === null) throw new TaskError('transfer_not_supported', { retry: false })
  return attemptOperation(parts, operation, () =>
    // A restored database may not know of an attempt, and payouts are few: it is asked for in any case.
    call({ key: operation.id, orderId: id, amount, currency, destination, lookUpFirst: true, fromBalance: true }),
  )
}

const book = statement<{
  payoutId: string
  reference: string
  done: readonly DoneRow[]
  entries: readonly NewRow<'ledger_entries'>[]
}>()((db, $) =>
  db
    .with('completed', () => complete($.done))
    .with('entered', () => insertEntries($.entries))
    .with('paid', () =>
      movePayouts('paid').set({ reference: $.reference }).where('p.id', '=', $.payoutId).returning('p.id'),
    )
    .selectFrom('completed')
    .select((c) => c.fn.countAll<number>().as('completed')),
)

async function bookTransfer(
  parts: Parts,
  { id, amount, currency, destination }: OpenPayout,
  done: { operation: ClaimedOperation; reference: string },
  taskId: string,
): Promise<void> {
  const movement = {
    correlationKey: done.operation.id,
    orderId: null,
    payoutId: id,
    from: `payout:${id}`,
    to: `account:${destination}`,
    amount,
    currency,
  }
  await inTransaction(parts, async (tx) => {
    const [booked] = await book(tx, {
      payoutId: id,
      reference: done.reference,
      done: doneRows([done]),
      entries: toEntries([movement]),
    })
    confirmCompleted(tx, [done], booked?.completed ?? 0)
    tx.finish(taskId)
  })
}
