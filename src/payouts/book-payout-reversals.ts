import { jsonList, type NewRow, scalar, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { recordOperation } from '../operations/operations.ts'
import { foundReversalOf } from '../operations/purposes.ts'
import type { SeenReversal } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { movementsBack } from './fail-payout.ts'
import { movePayouts } from './move-payout.ts'

const lockTransfer = statement<{ operationId: string }>()((db, $) =>
  db
    .selectFrom('operations as t')
    .innerJoin('payouts as p', 'p.id', 't.order_id')
    .select(['p.id', 'p.currency', 'p.destination', 't.provider'])
    .select((eb) =>
      scalar(
        eb
          .selectFrom('operations as o')
          .select((o) => jsonList(o.ref('o.id')).as('ids'))
          .whereRef('o.order_id', '=', 'p.id')
          .where('o.kind', '=', 'transfer_reversal'),
      ).as('ours'),
    )
    .where('t.id', '=', $.operationId)
    .where('t.kind', '=', 'transfer')
    .where('t.state', '=', 'complete')
    .forUpdate('p'),
)

const enter = statement<{ entries: readonly NewRow<'ledger_entries'>[] }>()((_, $) => insertEntries($.entries))

const failReversed = statement<{ payoutId: string; account: string; reason: string }>()((_, $) =>
  movePayouts('failed')
    .set({ reason: $.reason })
    .where('p.id', '=', $.payoutId)
    .where((p) =>
      p.not(
        p.exists(
          p
            .selectFrom('ledger_entries as l')
            .select('l.account')
            .whereRef('l.payout_id', '=', 'p.id')
            .where('l.account', '=', $.account)
            .groupBy('l.account')
            .having((l) => l(l.fn.sum<number>('l.amount'), '<>', 0)),
        ),
      ),
    ),
)

/**
 * Books what somebody took back of the transfer of a payout at the provider, each once: it is in its balance again, and available at once. A
 * payout of which nothing is left has failed. Returns whether anything was booked; undefined where the operation made no payout.
 */
export async function bookPayoutReversals(
  tx: Transaction,
  operationId: string,
  reversals: readonly SeenReversal[],
): Promise<boolean | undefined> {
  const [payout] = await lockTransfer(tx, { operationId })
  if (!payout) return undefined
  const { id, currency, provider, destination } = payout
  const account = `account:${destination}`
  let booked = false
  for (const { reference, amount, operationId: known } of reversals) {
    if (known !== undefined && payout.ours.includes(known)) continue
    const request = { transfer: operationId, amount }
    const spec = { ...foundReversalOf(operationId, reference), orderId: id, provider, amount, currency, request }
    const reversalId = await recordOperation(tx, spec, reference)
    if (reversalId === undefined) continue
    booked = true
    const entry = { correlationKey: reversalId, orderId: null, payoutId: id, amount, currency }
    const back = await movementsBack(tx, payout, reversalId, amount)
    await enter(tx, { entries: toEntries([{ ...entry, from: account, to: `payout:${id}` }, ...back]) })
  }
  if (booked) await failReversed(tx, { payoutId: id, account, reason: 'reversed' })
  return booked
}
