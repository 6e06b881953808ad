import { type ChargeRow, chargeRowJson } from '../charges/charge-row.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../database/transaction.ts'
import { insertLedgerSql, type Movement, toLedgerRows } from '../ledger/ledger.ts'
import { completeOperationsSql, confirmCompleted, toDoneRows } from '../operations/operations.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProvider } from '../providers/provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { SplitState } from '../splits/split.state-machine.ts'
import { TaskError } from '../tasks/task-error.ts'
import { allocateCaptures } from './allocate-captures.ts'
import { concludeTransfers, type DoneTransfer, type Share, transferShares } from './transfer-shares.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type SplitRow = {
  id: string
  recipient: string
  destination: string | null
  amount: number
  executedAmount: number
  state: SplitState
}
type Capture = { id: string; amount: number }
type Captured = { state: OrderState; charge: ChargeRow; splits: SplitRow[]; captures: Capture[] }
/** What one capture gives to a split, and what it has received with it in all. */
type ShareOfCapture = SplitRow & { share: number; upTo: number }

/**
 * Gives out captured money of a merchant's order to its splits, capture by capture and each exactly once: transfers to connected accounts,
 * the rest as ledger rows; off-platform settlement only records (R30). A charge that ended releases what was not captured.
 */
export async function distributeCapture(
  parts: Parts,
  target: { orderId: string; chargeId: string },
  taskId: string,
): Promise<void> {
  const read = await readCaptured(parts, target)
  if (!read) throw new TaskError('charge_unknown', { retry: false })
  const { charge, splits, captures } = read
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  // A cancelled order's money goes back whole; nothing is paid out of it any more (I8).
  const closed = read.state === 'cancelled' || read.state === 'blocked'

  const shares = allocateCaptures(
    splits.map((split) => split.amount),
    captures.map((capture) => capture.amount),
  )
  const received = splits.map(() => 0)
  for (const [nth, capture] of captures.entries()) {
    const rows = splits
      .map((split, index): ShareOfCapture => {
        const share = shares[nth]?.[index] ?? 0
        received[index] = (received[index] ?? 0) + share
        return { ...split, share, upTo: received[index] ?? 0 }
      })
      .filter((row) => row.share > 0 && row.executedAmount < row.upTo)
    if (closed) await leaveClosed(parts, provider, charge, capture, rows)
    else await giveOut(parts, provider, charge, capture, rows)
  }
  await inTransaction(parts, async (tx) => {
    if (charge.state === 'complete' && !closed) await closeSplits(tx, provider, charge)
    tx.finish(taskId)
  })
}

async function readCaptured(
  { database }: Parts,
  { orderId, chargeId }: { orderId: string; chargeId: string },
): Promise<Captured | undefined> {
  const [row] = await database.sql<Captured>(
    `select o.state, ${chargeRowJson('c')} as charge,
       (select coalesce(json_agg(json_build_object('id', s.id, 'recipient', s.recipient, 'destination', s.destination, 'amount', s.amount,
           'executedAmount', s.executed_amount, 'state', s.state) order by s.position), '[]')
         from splits s where s.charge_id = c.id) as splits,
       case when c.capture_method = 'automatic'
         then json_build_array(json_build_object('id', c.id || '-capture', 'amount', c.captured_amount))
         else (select coalesce(json_agg(json_build_object('id', p.id, 'amount', p.amount) order by p.completed_at, p.id), '[]')
           from operations p where p.order_id = c.order_id and p.charge_id = c.id and p.kind = 'capture' and p.state = 'complete') end as captures
     from charges c join orders o on o.id = c.order_id where c.id = $2 and o.id = $1`,
    [orderId, chargeId],
  )
  return row
}

async function giveOut(
  parts: Parts,
  provider: PaymentProvider,
  charge: ChargeRow,
  capture: Capture,
  rows: readonly ShareOfCapture[],
): Promise<void> {
  if (rows.length === 0) return
  const transfers = toTransfer(provider, capture, rows)
  const done = await transferShares(parts, provider, charge, transfers, (tx, through) =>
    bookTransferred(tx, charge, capture, through),
  ).catch((error: unknown) => {
    // Money of a charge that is captured in parts has to become available at the provider first.
    const early = error instanceof ProviderError && error.code === 'balance_insufficient'
    throw early ? new TaskError('balance_insufficient', { retry: true, cause: error }) : error
  })
  await inTransaction(parts, (tx) => book(tx, charge, capture, rows, done))
}

/** An earlier attempt may have paid a share out before the order was closed, and died before it could say so. */
const leaveClosed = (
  parts: Parts,
  provider: PaymentProvider,
  charge: ChargeRow,
  capture: Capture,
  rows: readonly ShareOfCapture[],
): Promise<void> =>
  concludeTransfers(parts, provider, charge, toTransfer(provider, capture, rows), (tx, through) =>
    bookTransferred(tx, charge, capture, through),
  )

/** The shares that leave by a transfer of their own. */
const toTransfer = (
  { settlement }: PaymentProvider,
  capture: Capture,
  rows: readonly ShareOfCapture[],
): Share<ShareOfCapture>[] =>
  rows.flatMap((split) =>
    settlement === 'live' && split.destination !== null
      ? [{ split, amount: split.share, purpose: `${split.id}-transfer-${capture.id}` }]
      : [],
  )

const bookTransferred = (
  tx: Transaction,
  charge: ChargeRow,
  capture: Capture,
  through: readonly DoneTransfer<ShareOfCapture>[],
): Promise<void> =>
  book(
    tx,
    charge,
    capture,
    through.map(({ split }) => split),
    through,
  )

/** Books what a capture gave to splits: out of the charge to the recipient, and on to its account where it was transferred. */
async function book(
  tx: Transaction,
  charge: ChargeRow,
  capture: Capture,
  rows: readonly ShareOfCapture[],
  done: readonly DoneTransfer<ShareOfCapture>[],
): Promise<void> {
  const { orderId, currency } = charge
  const operations = done.flatMap(({ operation, reference }) => (operation ? [{ operation, reference }] : []))
  const movements: Movement[] = [
    ...rows.map((row) => ({
      correlationKey: `${row.id}-${capture.id}`,
      orderId,
      from: `charge:${charge.id}`,
      to: row.recipient,
      amount: row.share,
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
  const [booked] = await tx.sql<{ completed: number }>(
    `with completed as (${completeOperationsSql('$3')}
    ), entered as (${insertLedgerSql('$2')}
    ), executed as (
      update splits s set executed_amount = greatest(s.executed_amount, d.up_to), updated_at = now()
      from jsonb_to_recordset($1::jsonb) as d(id text, up_to bigint) where s.id = d.id
    )
    select count(*) as completed from completed`,
    [
      JSON.stringify(rows.map((row) => ({ id: row.id, up_to: row.upTo }))),
      toLedgerRows(movements),
      toDoneRows(operations),
    ],
  )
  confirmCompleted(tx, operations, booked?.completed ?? 0)
}

async function closeSplits(tx: Transaction, { settlement }: PaymentProvider, charge: ChargeRow): Promise<void> {
  const to: SplitState = settlement === 'live' ? 'executed' : 'recorded'
  const [sum] = await tx.sql<{ executed: number }>(
    'select coalesce(sum(executed_amount), 0) as executed from splits where charge_id = $1',
    [charge.id],
  )
  // A later capture, made since this task began, has a task of its own that closes them.
  if (sum?.executed !== charge.capturedAmount) return
  const closed = await tx.sql<{ id: string }>(
    `update splits set state = $2, cancelled_amount = amount - executed_amount, updated_at = now()
     where charge_id = $1 and state = 'planned' returning id`,
    [charge.id, to],
  )
  if (closed.length === 0) return
  tx.note({
    orderId: charge.orderId,
    kind: 'transition',
    subject: 'split',
    subjectId: charge.id,
    from: 'planned',
    to,
    cause: 'distribution',
    detail: { splits: closed.length },
  })
}
