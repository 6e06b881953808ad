import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { jsonList, type NewRow, scalar, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { recordOperation } from '../operations/operations.ts'
import { foundCaptureOf } from '../operations/purposes.ts'
import { lineMoneyOf } from '../orders/line-total.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { newId } from '../platform/ids.ts'
import { allocate } from '../platform/money.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { countFound, type FoundCapture } from './capture-entries.ts'
import type { ChargeRow } from './charge-row.ts'
import { setCaptured } from './charge-writes.ts'
import { moveCharge } from './move-charge.ts'
import { wrongAmount } from './report-mismatch.ts'
import { useCreditBeside } from './use-credit.ts'

/**
 * Books a payment of which less than the whole was captured at the provider, and calls a person: it is not what the order costs, so nothing is
 * handed over or shared for it, but it is the buyer's money and can be given back. Returns false for anything else.
 */
export async function bookPartialCapture(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<boolean> {
  const captured = seen.capturedAmount ?? 0
  const open = charge.state !== 'complete' && charge.state !== 'cancelled'
  if (seen.state !== 'complete' || !open || captured <= 0 || captured >= charge.amount) return false
  const { id, orderId, provider, currency } = charge
  await moveCharge(tx, charge, 'complete', cause, {
    providerChargeId: seen.providerChargeId,
    capturedAmount: captured,
    movements: [
      {
        correlationKey: `${id}-capture`,
        orderId,
        from: `provider:${provider}`,
        to: `charge:${id}`,
        amount: captured,
        currency,
      },
    ],
  })
  await setAttention(tx, order.id, { reason: wrongAmount })
  return true
}

const countCapture = statement<{
  chargeId: string
  capturedAmount: number
  providerChargeId: string | null
  entries: readonly NewRow<'ledger_entries'>[]
}>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('counted', () => setCaptured($))
    .with('credited', () => useCreditBeside($.chargeId))
    .selectNoFrom(sql.lit(1).as('booked')),
)

const readOpen = statement<{ chargeId: string; orderId: string }>()((db, $) =>
  db.selectNoFrom((step) => [
    scalar(
      step
        .selectFrom('charge_entries as e')
        .select((e) =>
          jsonList(
            jsonBuildObject({ id: e.ref('e.id'), amount: e.ref('e.amount'), itemId: e.ref('e.order_item_id') }),
            sql`${e.ref('e.created_at')}, ${e.ref('e.id')}`,
          ).as('list'),
        )
        .where('e.charge_id', '=', $.chargeId)
        .where('e.kind', '=', 'capture')
        .where('e.state', 'in', ['pending', 'failed']),
    ).as('pending'),
    scalar(
      step
        .selectFrom('order_items as i')
        .select((i) => {
          const taken = i
            .selectFrom('charge_entries as e')
            .select((e) => e.fn.sum<number>('e.amount').as('amount'))
            .whereRef('e.order_item_id', '=', 'i.id')
            .where('e.kind', 'in', ['capture', 'cancel'])
          return jsonList(
            jsonBuildObject({
              id: i.ref('i.id'),
              open: sql<number>`greatest(0, ${lineMoneyOf} - coalesce(${taken}, 0))`,
            }),
            i.ref('i.position'),
          ).as('list')
        })
        .where('i.order_id', '=', $.orderId),
    ).as('lines'),
  ]),
)

/**
 * Books what somebody captured of held money at the provider without us: first for pieces that wait for their money, then for the other
 * lines by what is left of them. It is shared out like a capture of ours. Minor units.
 */
export async function bookForeignCapture(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
): Promise<void> {
  const total = Math.min(seen.capturedAmount ?? 0, charge.amount)
  const amount = total - charge.capturedAmount
  if (amount <= 0) return
  const { id: chargeId, orderId, provider, currency, providerReference: reference } = charge
  const spec = {
    ...foundCaptureOf(chargeId, total),
    orderId,
    provider,
    amount,
    currency,
    request: { reference, amount },
  }
  const operationId = await recordOperation(tx, spec, reference ?? '')
  if (operationId === undefined) return
  await bookEntries(tx, charge, operationId, amount)
  charge.capturedAmount = total
  const from = `provider:${provider}`
  await countCapture(tx, {
    chargeId,
    capturedAmount: total,
    providerChargeId: seen.providerChargeId ?? null,
    entries: toEntries([{ correlationKey: operationId, orderId, from, to: `charge:${chargeId}`, amount, currency }]),
  })
  tx.note({
    orderId,
    kind: 'operation',
    subject: 'operation',
    subjectId: operationId,
    to: 'complete',
    cause: spec.kind,
    detail: { provider, amount },
  })
  tx.enqueue({
    job: 'distribute-capture',
    payload: { orderId: order.id, chargeId },
    dedupeKey: `${operationId}-distribute-1`,
  })
}

/** Counts captured money to the pieces that wait for it, and the rest to lines. */
async function bookEntries(tx: Transaction, charge: ChargeRow, operationId: string, amount: number): Promise<void> {
  const [read] = await readOpen(tx, { chargeId: charge.id, orderId: charge.orderId })
  let left = amount
  const found: FoundCapture[] = []
  for (const entry of read?.pending ?? []) {
    const part = Math.min(left, entry.amount)
    if (part > 0) found.push({ id: newId('capture'), item_id: entry.itemId, amount: part, of: entry.id })
    left -= part
  }
  const lines = read?.lines ?? []
  const open = lines.map((line) => line.open)
  for (const [index, part] of allocate(left, open).entries())
    if (part > 0) found.push({ id: newId('capture'), item_id: lines[index]?.id ?? null, amount: part, of: null })
  await countFound(tx, { chargeId: charge.id, orderId: charge.orderId, operationId, found })
}
