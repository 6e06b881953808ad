import { sql } from 'kysely'
import { type NewRow, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { ApiError } from '../platform/errors.ts'
import { moveSplits } from '../splits/move-splits.ts'
import type { Transaction } from '../tasks/transaction.ts'

const lockSplits = statement<{ ids: readonly string[]; merchantId: string }>()((db, $) =>
  db
    .selectFrom('splits as s')
    .innerJoin('orders as o', 'o.id', 's.order_id')
    .select([
      's.id',
      's.order_id as orderId',
      's.recipient',
      's.amount',
      's.currency',
      's.state',
      's.settlement_reference as reference',
    ])
    .where('s.id', '=', (s) => s.fn.any($.ids.typed('text[]')))
    .where('o.merchant_id', '=', $.merchantId)
    .orderBy('s.id')
    .forUpdate('s'),
)

const settle = statement<{
  ids: readonly string[]
  reference: string
  entries: readonly NewRow<'ledger_entries'>[]
}>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('settled', () =>
      moveSplits('settled')
        .set({ settlement_reference: $.reference })
        .where('s.id', '=', (s) => s.fn.any($.ids.typed('text[]'))),
    )
    .selectNoFrom(sql.lit(true).as('settled')),
)

/**
 * Marks recorded splits as settled outside the platform, with the reference of that settlement, and books it.
 * The same splits with the same reference again change nothing.
 * @throws ApiError `not_found` for a split that is not the merchant's, `settlement_not_recorded` for one in another state
 */
export async function settleSplits(
  tx: Transaction,
  input: { merchantId: string; splitIds: readonly string[]; reference: string },
): Promise<number> {
  const ids = [...new Set(input.splitIds)]
  const splits = await lockSplits(tx, { ids, merchantId: input.merchantId })
  if (splits.length !== ids.length) throw new ApiError('not_found', { parameter: 'splitIds' })
  const open = splits.filter((split) => split.state !== 'settled' || split.reference !== input.reference)
  if (open.some((split) => split.state !== 'recorded'))
    throw new ApiError('settlement_not_recorded', { parameter: 'splitIds' })
  if (open.length === 0) return 0

  await settle(tx, {
    ids: open.map((split) => split.id),
    reference: input.reference,
    entries: toEntries(
      open.map((split) => ({
        correlationKey: `${split.id}-settled`,
        orderId: split.orderId,
        from: split.recipient,
        to: `settled:${split.recipient}`,
        amount: split.amount,
        currency: split.currency,
      })),
    ),
  })
  for (const split of open) {
    tx.note({
      orderId: split.orderId,
      kind: 'transition',
      subject: 'split',
      subjectId: split.id,
      from: 'recorded',
      to: 'settled',
      cause: 'settlement',
    })
  }
  return open.length
}
