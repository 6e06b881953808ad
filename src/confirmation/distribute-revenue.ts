import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { isAuthorized } from '../charges/charge.state-machine.ts'
import { type ChargeRow, chargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { jsonList, type NewRow, scalar, statement } from '../database/statement.ts'
import { concludeTransfers, type DoneTransfer, type Share, transferShares } from '../distribution/transfer-shares.ts'
import { withheldOf, withholdDebts } from '../distribution/withhold-debts.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import { complete, type DoneRow } from '../operations/operations.statements.ts'
import {
  attemptOperation,
  claimOperations,
  completeOperations,
  confirmCompleted,
  doneRows,
} from '../operations/operations.ts'
import { captureOf, transferOf } from '../operations/purposes.ts'
import { heldByDispute, isHeldByDispute } from '../orders/held-by-dispute.ts'
import { openItems } from '../orders/open-items.ts'
import { isClosed } from '../orders/order.state-machine.ts'
import { lockOrder, orderRow } from '../orders/order-row.ts'
import type { PaymentProvider, PaymentProviders } from '../providers/providers.ts'
import { executeSplits } from '../splits/move-splits.ts'
import { inGroup } from '../tasks/in-group.ts'
import { TaskError, TaskMoot } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { finalizeOrder } from './finalize-order.ts'
import { observeCharge } from './observe-charge.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type Step = { orderId: string; taskId: string }
const readToDistribute = statement<{ orderId: string; taskId: string }>({ orderId: 'text', taskId: 'text' })((db, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('tasks as t', (on) => on.on('t.id', '=', $.taskId))
    .select(orderRow)
    .select((o) => [
      't.state as taskState',
      'o.refund_count as refundCount',
      isHeldByDispute.as('disputed'),
      scalar(
        o
          .selectFrom('charges as c')
          .select((c) => jsonList(chargeRow, c.ref('c.created_at')).as('list'))
          .whereRef('c.order_id', '=', 'o.id'),
      ).as('charges'),
      scalar(
        o
          .selectFrom('splits as s')
          .select((s) =>
            jsonList(
              jsonBuildObject({
                id: s.ref('s.id'),
                chargeId: s.ref('s.charge_id'),
                kind: s.ref('s.kind'),
                recipient: s.ref('s.recipient'),
                destination: s.ref('s.destination'),
                amount: s.ref('s.amount'),
                state: s.ref('s.state'),
                ...withheldOf,
              }),
              s.ref('s.position'),
            ).as('list'),
          )
          .whereRef('s.order_id', '=', 'o.id'),
      ).as('splits'),
      o
        .exists(
          o
            .selectFrom('charge_entries as e')
            .select('e.id')
            .whereRef('e.order_id', '=', 'o.id')
            .where('e.kind', '=', 'refund')
            .where('e.state', '=', 'pending')
            .where('e.refund_id', 'is not', null),
        )
        .as('refunding'),
    ])
    .where('o.id', '=', $.orderId),
)

type OrderToDistribute = Awaited<ReturnType<typeof readToDistribute>>[number]
type SplitRow = OrderToDistribute['splits'][number]

const readCaptured = statement<{ chargeId: string }>()((db, $) =>
  db.selectFrom('charges').select(['state', 'captured_amount as capturedAmount']).where('id', '=', $.chargeId),
)

const book = statement<{
  orderId: string
  chargeId: string
  splitIds: readonly string[]
  to: 'executed' | 'recorded'
  entries: readonly NewRow<'ledger_entries'>[]
  done: readonly DoneRow[]
}>({ orderId: 'text', chargeId: 'text', splitIds: 'text[]', to: 'text', entries: 'jsonb', done: 'jsonb' })((db, $) =>
  db
    .with('completed', () => complete($.done))
    .with('entered', () => insertEntries($.entries))
    .with('moved', () => executeSplits($.splitIds, $.to))
    .selectNoFrom((step) => [
      scalar(step.selectFrom('completed').select((done) => done.fn.countAll<number>().as('count'))).as('completed'),
      openItems($.orderId).as('openItems'),
      scalar(
        step
          .selectFrom('charge_entries as e')
          .select((e) => sql<string[]>`coalesce(json_agg(distinct ${e.ref('e.refund_id')}), '[]')`.as('list'))
          .where('e.charge_id', '=', $.chargeId)
          .where('e.kind', '=', 'refund')
          .where('e.state', '=', 'complete')
          .where('e.refund_id', 'is not', null),
      ).as('refunds'),
    ]),
)

/**
 * Saga step 3: executes the splits that were fixed before the payment, each exactly once. Live settlement transfers
 * merchant shares to their connected accounts and books the rest in the ledger; off-platform settlement only records.
 * Money that is authorized but not captured is captured first. The step that books the splits also confirms the order.
 */
export async function distributeRevenue(parts: Parts, step: Step): Promise<void> {
  const read = await readOrder(parts, step)
  if (!read) return
  if (isClosed(read.state)) return leaveClosed(parts, read)
  const charge = await withCapturedMoney(parts, read)
  const splits = read.splits.filter((split) => split.chargeId === charge?.id && split.state === 'planned')
  if (!charge || splits.length === 0) return finishDistribution(parts, step, [], [], 'executed')

  const provider = providerOf(parts, charge)
  const kept = await withholdDebts(parts, provider, charge.currency, splits)
  // What went through is booked at once; only the rest is tried again.
  const done = await transferShares(
    parts,
    provider,
    charge,
    toTransfer(provider, kept),
    (tx, through) => bookTransferred(tx, charge, through),
    { orderId: step.orderId, refundCount: read.refundCount },
  )
  return finishDistribution(parts, step, splits, done, provider.settlement === 'live' ? 'executed' : 'recorded', charge)
}

/** The shares that leave by a transfer of their own. */
const toTransfer = (provider: PaymentProvider, splits: readonly SplitRow[]): Share<SplitRow>[] =>
  provider.settlement === 'live'
    ? splits
        .filter((split) => split.destination && split.amount > split.withheldAmount)
        .map((split) => ({ split, amount: split.amount - split.withheldAmount, transfer: transferOf(split.id) }))
    : []

/**
 * What was paid of an order that was closed goes back whole, and there is nothing to share; but an earlier attempt may have paid a share
 * out and died before it could say so.
 */
async function leaveClosed(parts: Parts, order: OrderToDistribute): Promise<void> {
  const charge = order.charges.find((entry) => isAuthorized(entry.state))
  if (charge) {
    const provider = providerOf(parts, charge)
    const splits = order.splits.filter((split) => split.chargeId === charge.id && split.state === 'planned')
    await concludeTransfers(parts, provider, charge, toTransfer(provider, splits), async (tx, through) => {
      await lockOrder(tx, order.id)
      await bookTransferred(tx, charge, through)
    })
  }
  throw new TaskMoot(`order_${order.state}`)
}

async function readOrder(parts: Parts, { orderId, taskId }: Step): Promise<OrderToDistribute | undefined> {
  const [order] = await readToDistribute(parts.database, { orderId, taskId })
  if (!order) throw new Error(`order ${orderId} or its distribution does not exist`)
  if (order.taskState === 'done') return undefined
  if (isClosed(order.state)) return order
  if (order.state !== 'accepted') throw new TaskError(`order_${order.state}`, { retry: false })
  // What the bank holds or has taken back is nobody's to share.
  if (order.disputed) throw new TaskError(heldByDispute, { retry: false })
  // A whole refund closes the order; of a part is known then how much there is to share. What goes back of a payment that came too late
  // is none of the order's money.
  if (order.refunding) throw new TaskError('refund_under_way', { retry: true })
  return order
}

/** The charge that paid the order, captured; undefined for an order without a price. */
async function withCapturedMoney(parts: Parts, order: OrderToDistribute): Promise<ChargeRow | undefined> {
  const charge = order.charges.find((entry) => isAuthorized(entry.state))
  if (!charge) {
    if (order.totalAmount === 0) return undefined
    throw new TaskError('no_paid_charge', { retry: false })
  }
  if (charge.state === 'complete') return wholly(charge)

  const provider = providerOf(parts, charge)
  const reference = charge.providerReference
  if (reference === null) throw new TaskError('charge_without_reference', { retry: false })
  const { amount, currency } = charge
  const [claim] = await claimOperations(parts, [
    {
      ...captureOf(charge.id),
      orderId: order.id,
      provider: provider.name,
      amount,
      currency,
      request: { reference, amount },
    },
  ])
  const seen =
    claim?.outcome === 'claimed'
      ? await attemptOperation(parts, claim.operation, (operation) =>
          provider.capture(reference, {
            key: operation.id,
            orderId: order.id,
            amount,
            currency,
            lookUpFirst: operation.lookUpFirst,
            sentAt: operation.sentAt,
          }),
        )
      : await provider.retrieve(reference, currency)
  await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, { orderId: order.id, chargeId: charge.id })
    if (claim?.outcome === 'claimed') await completeOperations(tx, [{ operation: claim.operation, reference }])
    if (locked && seen) await observeCharge(tx, locked.order, locked.charge, seen, 'capture')
  })
  const [captured] = await readCaptured(parts.database, { chargeId: charge.id })
  if (captured?.state !== 'complete') throw new TaskError(`capture_${captured?.state}`, { retry: true })
  return wholly({ ...charge, ...captured })
}

/** Shares are planned of the whole: what somebody captured in part at the provider waits for a person. */
function wholly(charge: ChargeRow): ChargeRow {
  if (charge.capturedAmount !== charge.amount) throw new TaskError('captured_in_part', { retry: false })
  return charge
}

async function finishDistribution(
  parts: Parts,
  { orderId, taskId }: Step,
  splits: readonly SplitRow[],
  done: readonly DoneTransfer<SplitRow>[],
  to: 'executed' | 'recorded',
  charge?: ChargeRow,
): Promise<void> {
  await inGroup(parts, { kind: 'finish-distribution', about: orderId }, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order) throw new Error(`order ${orderId} does not exist`)
    const booked = charge && (await bookSplits(tx, charge, splits, done, to))
    tx.note({
      orderId,
      kind: 'transition',
      subject: 'split',
      subjectId: charge?.id ?? orderId,
      from: 'planned',
      to,
      cause: 'distribution',
      detail: { splits: splits.length, transfers: done.length },
    })
    await finalizeOrder(tx, order, booked?.openItems)
    tx.finish(taskId)
  })
}

async function bookTransferred(
  tx: Transaction,
  charge: ChargeRow,
  through: readonly DoneTransfer<SplitRow>[],
): Promise<void> {
  const transferred = through.map(({ split }) => split)
  await bookSplits(tx, charge, transferred, through, 'executed')
}

/**
 * Marks splits and writes their ledger rows: out of the charge to the recipient, and on to its account where it was transferred.
 * Returns how many items are not handed over yet, for whoever has locked the order.
 */
async function bookSplits(
  tx: Transaction,
  charge: ChargeRow,
  splits: readonly SplitRow[],
  done: readonly DoneTransfer<SplitRow>[],
  to: 'executed' | 'recorded',
): Promise<{ openItems: number } | undefined> {
  if (splits.length === 0) return undefined
  const operations = done.flatMap(({ operation, reference }) => (operation ? [{ operation, reference }] : []))
  const { orderId, currency } = charge
  const movements: Movement[] = [
    ...splits.map((split) => ({
      correlationKey: split.id,
      orderId,
      from: `charge:${charge.id}`,
      to: split.recipient,
      amount: split.amount,
      currency,
    })),
    ...done.map(({ split, amount, operationId }) => ({
      correlationKey: operationId,
      orderId,
      from: split.recipient,
      to: `account:${split.destination}`,
      amount,
      currency,
    })),
  ]
  const [booked] = await book(tx, {
    orderId,
    chargeId: charge.id,
    splitIds: splits.map((split) => split.id),
    to,
    entries: toEntries(movements),
    done: doneRows(operations),
  })
  confirmCompleted(tx, operations, booked?.completed ?? 0)
  // Given back before it was shared out: whoever has got a share of it now gives it back.
  for (const refundId of booked?.refunds ?? []) {
    tx.enqueue({
      job: 'carry-out-refund',
      payload: { orderId, refundId },
      dedupeKey: `${refundId}-shares-of-${splits[0]?.id}`,
    })
  }
  return booked
}

function providerOf(parts: Parts, charge: ChargeRow): PaymentProvider {
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  return provider
}
