import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { completeOperations } from '../operations/operations.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { derivedId, newId } from '../platform/ids.ts'
import { allocate } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { type Authorized, authorizeCharge, readToAuthorize, storeAuthorization } from './authorize-charge.ts'
import { observeCharge } from './observe-charge.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }
type Target = { orderId: string; chargeId: string }

/**
 * Puts what a captured charge held for pieces that are still open on a new charge of the same saved source, with the same shares in
 * it. Without such a source these pieces are not paid any more: the event `order.charge.reauth.failed` says so.
 */
export async function renewHold(tx: Transaction, order: OrderRow, charge: ChargeRow): Promise<void> {
  const [rest] = await tx.sql<{ amount: number; renewable: boolean }>(
    `select c.amount - c.captured_amount - coalesce((select sum(e.amount) from charge_entries e
         where e.charge_id = c.id and e.kind = 'cancel' and e.state = 'complete'), 0) as amount,
       coalesce((select s.reusable and s.state = 'chargeable' from sources s where s.id = c.source_id), false) as renewable
     from charges c where c.id = $1`,
    [charge.id],
  )
  if (!rest || rest.amount === 0) return
  if (!rest.renewable) return giveUp(tx, order, charge, 'source_not_reusable')
  // Released without an item: it is not given up but held by the new charge.
  await tx.sql(
    `insert into charge_entries (id, charge_id, order_id, kind, amount, state) values ($1, $2, $3, 'cancel', $4, 'complete')`,
    [newId('cancel'), charge.id, order.id, rest.amount],
  )

  const chargeId = derivedId('charge', charge.id, 'renewed')
  const splits = await tx.sql<{ amount: number }>('select amount from splits where charge_id = $1 order by position', [
    charge.id,
  ])
  const shares = allocate(
    rest.amount,
    splits.map((split) => split.amount),
  ).map((amount, position) => ({ id: derivedId('split', chargeId, position), amount }))
  await tx.sql(
    `with made as (
      insert into charges (id, order_id, method, provider, currency, amount, state, state_transitions, source_id, capture_method, type)
      select $2, order_id, method, provider, currency, $3, 'pending', jsonb_build_object('pending', $4::text), source_id, 'manual',
        'merchant_initiated'
      from charges where id = $1
    ), moved as (
      update charge_entries set charge_id = $2, operation_id = null, updated_at = now()
      where charge_id = $1 and kind = 'capture' and state = 'pending'
    )
    insert into splits (id, charge_id, order_id, position, kind, recipient, destination, seller_id, amount, currency)
    select d.id, $2, s.order_id, s.position, s.kind, s.recipient, s.destination, s.seller_id, d.amount, s.currency
    from (select s.*, row_number() over (order by s.position) as nth from splits s where s.charge_id = $1) s
    join (select value ->> 'id' as id, (value ->> 'amount')::bigint as amount, ordinality as nth
      from jsonb_array_elements($5::jsonb) with ordinality) d on d.nth = s.nth`,
    [charge.id, chargeId, rest.amount, new Date().toISOString(), JSON.stringify(shares)],
  )
  tx.note({
    orderId: order.id,
    kind: 'note',
    subject: 'charge',
    subjectId: chargeId,
    to: 'pending',
    cause: 'reauthorization',
    detail: { continues: charge.id, amount: rest.amount },
  })
  tx.enqueue({
    job: 'settle-charge',
    payload: { orderId: order.id, chargeId },
    dedupeKey: `${chargeId}-settle-1`,
  })
}

/** Authorizes a charge that was made by {@link renewHold}, without its buyer. Repeating it continues the same authorization. */
export async function reauthorizeCharge(parts: Parts, target: Target): Promise<void> {
  const order = await readToAuthorize(parts.database, target)
  if (!order) throw new TaskError('charge_unknown', { retry: false })
  let authorized: Authorized | undefined
  try {
    authorized = await authorizeCharge(parts, order)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    await inTransaction(parts, (tx) => endCharge(tx, target, error.code))
    return
  }
  if (!authorized) return
  const { operation, authorization } = authorized
  const { observation, reference } = authorization
  await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    await completeOperations(tx, [{ operation, reference }])
    await storeAuthorization(tx, locked.charge, authorization)
    if (observation.state === 'capturable') {
      await observeCharge(tx, locked.order, locked.charge, observation, 'reauthorization')
      return
    }
    await endCharge(tx, target, observation.failureCode ?? `payment_${observation.state}`)
    tx.enqueue({ job: 'cancel-charge', payload: target, dedupeKey: `${target.chargeId}-cancel-1` })
  })
}

async function endCharge(tx: Transaction, target: Target, failureCode: string): Promise<void> {
  const locked = await lockCharge(tx, target)
  if (locked?.charge.state !== 'pending') return
  await moveCharge(tx, locked.charge, 'cancelled', 'reauthorization', { failureCode })
  await giveUp(tx, locked.order, locked.charge, failureCode)
}

async function giveUp(tx: Transaction, order: OrderRow, charge: ChargeRow, failureCode: string): Promise<void> {
  await tx.sql(
    `update charge_entries set state = 'failed', failure_code = $2, updated_at = now()
     where charge_id = $1 and kind = 'capture' and state = 'pending'`,
    [charge.id, failureCode],
  )
  tx.note({
    orderId: order.id,
    kind: 'event',
    subject: 'charge',
    subjectId: charge.id,
    cause: 'order.charge.reauth.failed',
    detail: { code: failureCode },
  })
  await setAttention(tx, order.id, { reason: 'the payment could not be authorized anew' })
}
