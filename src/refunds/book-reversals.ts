import type { ChargeRow } from '../charges/charge-row.ts'
import { insertLedgerSql, toLedgerRows } from '../ledger/ledger.ts'
import { recordOperation } from '../operations/operations.ts'
import type { SeenReversal } from '../providers/provider.ts'
import type { Transaction } from '../tasks/transaction.ts'

type Transfer = { id: string; recipient: string; destination: string }

/**
 * Books what somebody took back of one of our transfers at the provider without us, each once: the recipient is owed it again, and no
 * refund takes it a second time. Reversals of ours are booked with their own operations. Returns whether anything was booked.
 */
export async function bookReversals(
  tx: Transaction,
  charge: ChargeRow,
  transferOperationId: string,
  reversals: readonly SeenReversal[],
  cause: string,
): Promise<boolean> {
  const [transfer] = await tx.sql<Transfer & { ours: string[] }>(
    `select t.id, s.recipient, s.destination,
       (select coalesce(json_agg(o.id), '[]') from operations o where o.order_id = $2 and o.kind = 'transfer_reversal') as ours
     from operations t join splits s on s.id = split_part(t.purpose, '-transfer', 1)
     where t.id = $1 and t.order_id = $2 and t.kind = 'transfer'`,
    [transferOperationId, charge.orderId],
  )
  if (!transfer) return false
  const foreign = reversals.filter(
    ({ operationId }) => operationId === undefined || !transfer.ours.includes(operationId),
  )
  let booked = false
  for (const { reference, amount } of foreign) {
    const { orderId, provider, currency } = charge
    const purpose = `${transfer.id}-reversal-${reference}`
    const request = { transfer: transfer.id, amount }
    const spec = {
      purpose,
      orderId,
      chargeId: charge.id,
      kind: 'transfer_reversal' as const,
      provider,
      amount,
      currency,
      request,
    }
    const operationId = await recordOperation(tx, spec, reference)
    if (operationId === undefined) continue
    booked = true
    const from = `account:${transfer.destination}`
    await tx.sql(
      `with entered as (${insertLedgerSql('$1')})
       update operations set state = 'failed', failure_code = 'superseded', completed_at = now()
       where order_id = $2 and kind = 'transfer_reversal' and starts_with(purpose, $3) and state = 'pending' and attempts = 0`,
      [
        toLedgerRows([{ correlationKey: operationId, orderId, from, to: transfer.recipient, amount, currency }]),
        orderId,
        `${transfer.id}-reversal-`,
      ],
    )
    tx.note({
      orderId,
      kind: 'note',
      subject: 'operation',
      subjectId: operationId,
      to: 'reversed',
      cause,
      detail: { amount },
    })
  }
  return booked
}
