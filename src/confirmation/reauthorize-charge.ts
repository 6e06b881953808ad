import { sql } from 'kysely'
import { failCaptures, moveCaptures } from '../charges/capture-entries.ts'
import { storeChargeEntries } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { renewCharge } from '../charges/charge-writes.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { type NewRow, scalar, statement } from '../database/statement.ts'
import { completeOperations } from '../operations/operations.ts'
import { setAttention } from '../orders/move-order.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { derivedId, newId } from '../platform/ids.ts'
import { allocate } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { isRenewable } from '../sources/is-renewable.ts'
import { insertSplits } from '../splits/insert-splits.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { type Authorized, authorizeCharge, readToAuthorize, storeAuthorization } from './authorize-charge.ts'
import { observeCharge } from './observe-charge.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }
type Target = { orderId: string; chargeId: string }

const readRest = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .select((c) => {
      const released = scalar(
        c
          .selectFrom('charge_entries as e')
          .select((e) => e.fn.coalesce(e.fn.sum<number>('e.amount'), sql.lit(0)).as('amount'))
          .whereRef('e.charge_id', '=', 'c.id')
          .where('e.kind', '=', 'cancel')
          .where('e.state', '=', 'complete'),
      )
      return [
        sql<number>`${c.ref('c.amount')} - ${c.ref('c.captured_amount')} - ${released}`.as('amount'),
        isRenewable(c.ref('c.source_id')).as('renewable'),
      ]
    })
    .where('c.id', '=', $.chargeId),
)

const readSplits = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('splits')
    .select(['order_id', 'position', 'kind', 'recipient', 'destination', 'seller_id', 'amount', 'currency'])
    .where('charge_id', '=', $.chargeId)
    .orderBy('position'),
)

const renew = statement<{
  renewedId: string
  chargeId: string
  amount: number
  stamp: Record<string, string>
  splits: readonly NewRow<'splits'>[]
}>()((db, $) =>
  db
    .with('made', () => renewCharge($))
    .with('moved', () => moveCaptures($.renewedId, $.chargeId))
    .with('shared', () => insertSplits($.splits))
    .selectNoFrom(sql.lit(1).as('renewed')),
)

/**
 * Puts what a captured charge held for pieces that are still open on a new charge of the same saved source, with the same shares in
 * it. Without such a source these pieces are not paid any more: the event `order.charge.reauth.failed` says so.
 */
export async function renewHold(tx: Transaction, order: OrderRow, charge: ChargeRow): Promise<void> {
  const [rest] = await readRest(tx, { chargeId: charge.id })
  if (!rest || rest.amount === 0) return
  if (!rest.renewable) return giveUp(tx, order, charge, 'source_not_reusable')
  // Released without an item: it is not given up but held by the new charge.
  const released = { id: newId('cancel'), charge_id: charge.id, order_id: order.id, amount: rest.amount }
  await storeChargeEntries(tx, { entries: [{ ...released, kind: 'cancel', state: 'complete' }] })

  const chargeId = derivedId('charge', charge.id, 'renewed')
  const splits = await readSplits(tx, { chargeId: charge.id })
  const amounts = allocate(
    rest.amount,
    splits.map((split) => split.amount),
  )
  await renew(tx, {
    renewedId: charge.id,
    chargeId,
    amount: rest.amount,
    stamp: { pending: new Date().toISOString() },
    splits: splits.map((split, position) => ({
      ...split,
      id: derivedId('split', chargeId, position),
      charge_id: chargeId,
      amount: amounts[position] ?? 0,
    })),
  })
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
  await failCaptures(tx, { chargeId: charge.id, failureCode })
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
