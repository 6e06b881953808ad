import { insertLedgerSql, toLedgerRows } from '../ledger/ledger.ts'
import { recordOperation } from '../operations/operations.ts'
import { lineTotalSql } from '../orders/line-total.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { newId } from '../platform/ids.ts'
import { allocate } from '../platform/money.ts'
import type { ChargeObservation } from '../providers/provider.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { ChargeRow } from './charge-row.ts'
import { moveCharge } from './move-charge.ts'
import { wrongAmount } from './report-mismatch.ts'

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

type Pending = { id: string; amount: number; itemId: string | null }
type Line = { id: string; open: number }

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
    purpose: `${chargeId}-capture-found-${total}`,
    orderId,
    chargeId,
    kind: 'capture' as const,
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
  await tx.sql(
    `with entered as (${insertLedgerSql('$3')})
     update charges set captured_amount = $2, provider_charge_id = coalesce(provider_charge_id, $4), updated_at = now() where id = $1`,
    [
      chargeId,
      total,
      toLedgerRows([{ correlationKey: operationId, orderId, from, to: `charge:${chargeId}`, amount, currency }]),
      seen.providerChargeId ?? null,
    ],
  )
  tx.enqueue({
    job: 'distribute-capture',
    payload: { orderId: order.id, chargeId },
    dedupeKey: `${operationId}-distribute-1`,
  })
}

/** Counts captured money to the pieces that wait for it, and the rest to lines. */
async function bookEntries(tx: Transaction, charge: ChargeRow, operationId: string, amount: number): Promise<void> {
  const [read] = await tx.sql<{ pending: Pending[]; lines: Line[] }>(
    `select (select coalesce(json_agg(json_build_object('id', e.id, 'amount', e.amount, 'itemId', e.order_item_id) order by e.created_at, e.id), '[]')
         from charge_entries e where e.charge_id = $1 and e.kind = 'capture' and e.state in ('pending', 'failed')) as pending,
       (select coalesce(json_agg(json_build_object('id', i.id, 'open', greatest(0, ${lineTotalSql('i')} - coalesce((select sum(e.amount)
           from charge_entries e where e.order_item_id = i.id and e.kind in ('capture', 'cancel')), 0))) order by i.position), '[]')
         from order_items i where i.order_id = $2) as lines`,
    [charge.id, charge.orderId],
  )
  let left = amount
  const done: { id: string; item_id: string | null; amount: number; of: string | null }[] = []
  for (const entry of read?.pending ?? []) {
    const part = Math.min(left, entry.amount)
    if (part > 0) done.push({ id: newId('capture'), item_id: entry.itemId, amount: part, of: entry.id })
    left -= part
  }
  const lines = read?.lines ?? []
  const open = lines.map((line) => line.open)
  for (const [index, part] of allocate(left, open).entries())
    if (part > 0) done.push({ id: newId('capture'), item_id: lines[index]?.id ?? null, amount: part, of: null })
  await tx.sql(
    `with done as (
      select * from jsonb_to_recordset($3::jsonb) as d(id text, item_id text, amount bigint, "of" text)
    ), kept as (
      update charge_entries e set state = 'complete', operation_id = $2, failure_code = null, updated_at = now()
      from done d where d."of" = e.id and d.amount = e.amount
    ), lessened as (
      update charge_entries e set amount = e.amount - d.amount, updated_at = now() from done d where d."of" = e.id and d.amount < e.amount
    )
    insert into charge_entries (id, charge_id, order_id, kind, amount, state, order_item_id, operation_id)
    select d.id, $1, $4, 'capture', d.amount, 'complete', d.item_id, $2
    from done d where d."of" is null or d.amount < (select e.amount from charge_entries e where e.id = d."of")`,
    [charge.id, operationId, JSON.stringify(done), charge.orderId],
  )
}
