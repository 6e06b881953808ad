import { sql } from 'kysely'
import type { ChargeRow } from '../charges/charge-row.ts'
import { jsonList, type NewRow, scalar, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { supersedeReversals } from '../operations/operations.statements.ts'
import { recordOperation } from '../operations/operations.ts'
import { foundReversalOf } from '../operations/purposes.ts'
import type { SeenReversal } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'

const readTransfer = statement<{ operationId: string; orderId: string }>()((db, $) =>
  db
    .selectFrom('operations as t')
    .innerJoin('splits as s', 's.id', 't.split_id')
    .select((eb) => [
      't.id',
      's.recipient',
      's.destination',
      scalar(
        eb
          .selectFrom('operations as o')
          .select((o) => jsonList(o.ref('o.id')).as('ids'))
          .where('o.order_id', '=', $.orderId)
          .where('o.kind', '=', 'transfer_reversal'),
      ).as('ours'),
    ])
    .where('t.id', '=', $.operationId)
    .where('t.order_id', '=', $.orderId)
    .where('t.kind', '=', 'transfer'),
)

const bookReversal = statement<{ entries: readonly NewRow<'ledger_entries'>[]; orderId: string; transferId: string }>()(
  (db, $) =>
    db
      .with('entered', () => insertEntries($.entries))
      .with('superseded', () =>
        supersedeReversals().where('order_id', '=', $.orderId).where('reverses_id', '=', $.transferId),
      )
      .selectNoFrom(sql.lit(true).as('booked')),
)

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
  const [transfer] = await readTransfer(tx, { operationId: transferOperationId, orderId: charge.orderId })
  if (!transfer) return false
  const foreign = reversals.filter(
    ({ operationId }) => operationId === undefined || !transfer.ours.includes(operationId),
  )
  let booked = false
  for (const { reference, amount } of foreign) {
    const { orderId, provider, currency } = charge
    const request = { transfer: transfer.id, amount }
    const spec = {
      ...foundReversalOf(transfer.id, reference),
      orderId,
      chargeId: charge.id,
      provider,
      amount,
      currency,
      request,
    }
    const operationId = await recordOperation(tx, spec, reference)
    if (operationId === undefined) continue
    booked = true
    const from = `account:${transfer.destination}`
    const movement = { correlationKey: operationId, orderId, from, to: transfer.recipient, amount, currency }
    await bookReversal(tx, { entries: toEntries([movement]), orderId, transferId: transfer.id })
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
