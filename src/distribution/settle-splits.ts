import { insertLedgerSql, toLedgerRows } from '../ledger/ledger.ts'
import { ApiError } from '../platform/errors.ts'
import type { SplitState } from '../splits/split.state-machine.ts'
import type { Transaction } from '../tasks/transaction.ts'

type SplitToSettle = {
  id: string
  orderId: string
  recipient: string
  amount: number
  currency: string
  state: SplitState
  reference: string | null
}

/**
 * Marks recorded splits as settled outside the platform, with the reference of that settlement, and books it (R31).
 * The same splits with the same reference again change nothing.
 * @throws ApiError `not_found` for a split that is not the merchant's, `settlement_not_recorded` for one in another state
 */
export async function settleSplits(
  tx: Transaction,
  input: { merchantId: string; splitIds: readonly string[]; reference: string },
): Promise<number> {
  const ids = [...new Set(input.splitIds)]
  const splits = await tx.sql<SplitToSettle>(
    `select s.id, s.order_id as "orderId", s.recipient, s.amount, s.currency, s.state, s.settlement_reference as reference
     from splits s join orders o on o.id = s.order_id where s.id = any($1::text[]) and o.merchant_id = $2 order by s.id for update of s`,
    [ids, input.merchantId],
  )
  if (splits.length !== ids.length) throw new ApiError('not_found', { parameter: 'splitIds' })
  const open = splits.filter((split) => split.state !== 'settled' || split.reference !== input.reference)
  if (open.some((split) => split.state !== 'recorded'))
    throw new ApiError('settlement_not_recorded', { parameter: 'splitIds' })
  if (open.length === 0) return 0

  await tx.sql(
    `with entered as (${insertLedgerSql('$3')})
     update splits set state = 'settled', settlement_reference = $2, updated_at = now() where id = any($1::text[])`,
    [
      open.map((split) => split.id),
      input.reference,
      toLedgerRows(
        open.map((split) => ({
          correlationKey: `${split.id}-settled`,
          orderId: split.orderId,
          from: split.recipient,
          to: `settled:${split.recipient}`,
          amount: split.amount,
          currency: split.currency,
        })),
      ),
    ],
  )
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
