import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { capturesOf } from '../charges/captures-of.ts'
import { type ChargeRow, chargeRow } from '../charges/charge-row.ts'
import { jsonList, type NewRow, scalar, statement } from '../database/statement.ts'
import { holdingStates } from '../disputes/dispute.state-machine.ts'
import { insertEntries, type Movement, toEntries } from '../ledger/ledger.ts'
import { complete, type DoneRow } from '../operations/operations.statements.ts'
import { confirmCompleted, doneRows } from '../operations/operations.ts'
import { transferOf } from '../operations/purposes.ts'
import { heldByDispute } from '../orders/held-by-dispute.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProvider, PaymentProviders } from '../providers/providers.ts'
import { allocateCaptures, type CapturedLines } from '../splits/allocate-captures.ts'
import { moveSplits, receiveUpTo } from '../splits/move-splits.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { concludeTransfers, type DoneTransfer, type Share, transferShares } from './transfer-shares.ts'
import { withheldOf, withholdDebts } from './withhold-debts.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type Capture = CapturedLines & { id: string }

const readCaptured = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .innerJoin('orders as o', 'o.id', 'c.order_id')
    .select((eb) => {
      const splits = eb
        .selectFrom('splits as s')
        .select((s) =>
          jsonList(
            jsonBuildObject({
              id: s.ref('s.id'),
              kind: s.ref('s.kind'),
              lines: s.ref('s.lines'),
              recipient: s.ref('s.recipient'),
              destination: s.ref('s.destination'),
              amount: s.ref('s.amount'),
              executedAmount: s.ref('s.executed_amount'),
              state: s.ref('s.state'),
              ...withheldOf,
            }),
            s.ref('s.position'),
          ).as('list'),
        )
        .whereRef('s.charge_id', '=', 'c.id')
      const whole = jsonBuildObject({
        id: sql<string>`${eb.ref('c.id')} || '-capture'`,
        amount: eb.ref('c.captured_amount'),
        lines: sql<null>`null`,
      })
      return [
        'o.state',
        eb
          .exists(
            eb
              .selectFrom('disputes as d')
              .select('d.id')
              .whereRef('d.order_id', '=', 'o.id')
              .where('d.state', 'in', holdingStates),
          )
          .as('held'),
        scalar(
          eb
            .selectFrom('disputes as d')
            .select((d) => d.fn.coalesce(d.fn.sum<number>('d.amount'), d.lit(0)).as('amount'))
            .whereRef('d.charge_id', '=', 'c.id')
            .where('d.state', '=', 'lost'),
        ).as('lost'),
        chargeRow.as('charge'),
        scalar(splits).as('splits'),
        sql<
          Capture[]
        >`case when ${eb('c.capture_method', '=', 'automatic')} then json_build_array(${whole}) else ${scalar(capturesOf({ id: $.chargeId, orderId: $.orderId }))} end`.as(
          'captures',
        ),
      ]
    })
    .where('c.id', '=', $.chargeId)
    .where('o.id', '=', $.orderId),
)

type SplitRow = Awaited<ReturnType<typeof readCaptured>>[number]['splits'][number]

/** What one capture gives to a split, and what it has received with it in all. */
type ShareOfCapture = SplitRow & { share: number; upTo: number }

/**
 * Gives out captured money of a merchant's order to its splits, capture by capture and each exactly once: transfers to connected accounts,
 * the rest as ledger rows; off-platform settlement only records. A charge that ended releases what was not captured.
 */
export async function distributeCapture(
  parts: Parts,
  target: { orderId: string; chargeId: string },
  taskId: string,
): Promise<void> {
  const [read] = await readCaptured(parts.database, target)
  if (!read) throw new TaskError('charge_unknown', { retry: false })
  const { charge, splits, captures } = read
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  // A cancelled order's money goes back whole; nothing is paid out of it any more (I8). Neither is of what the bank has taken back.
  const gone = read.lost > 0 && charge.capturedAmount <= charge.refundedAmount + read.lost
  const closed = gone || read.state === 'cancelled' || read.state === 'blocked'
  // What the bank holds is nobody's to share; of what it took in part the rest is, and its part is taken back then.
  if (!closed && read.held) throw new TaskError(heldByDispute, { retry: false })

  const shares = allocateCaptures(splits, captures)
  const kept = closed ? splits : await withholdDebts(parts, provider, charge.currency, splits)
  const received = splits.map(() => 0)
  for (const [nth, capture] of captures.entries()) {
    const rows = kept
      .map((split, index): ShareOfCapture => {
        const share = shares[nth]?.[index]?.share ?? 0
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

const bookShares = statement<{
  shares: readonly { id: string; upTo: number }[]
  entries: readonly NewRow<'ledger_entries'>[]
  done: readonly DoneRow[]
}>()((db, $) =>
  db
    .with('completed', () => complete($.done))
    .with('entered', () => insertEntries($.entries))
    .with('received', () => receiveUpTo($.shares))
    .selectFrom('completed')
    .select((c) => c.fn.countAll<number>().as('completed')),
)
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
  rows.flatMap((split) => {
    // What is kept back is of the first captures.
    const keptBefore = split.upTo - split.share
    const amount = split.share - Math.min(split.share, Math.max(0, split.withheldAmount - keptBefore))
    return settlement === 'live' && split.destination !== null && amount > 0
      ? [{ split, amount, transfer: transferOf(split.id, capture.id) }]
      : []
  })

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
  const [booked] = await bookShares(tx, {
    shares: rows.map(({ id, upTo }) => ({ id, upTo })),
    entries: toEntries(movements),
    done: doneRows(operations),
  })
  confirmCompleted(tx, operations, booked?.completed ?? 0)
}

const sumReceived = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('splits')
    .select((s) => s.fn.coalesce(s.fn.sum<number>('executed_amount'), s.lit(0)).as('executed'))
    .where('charge_id', '=', $.chargeId),
)

const closing = (to: 'executed' | 'recorded') =>
  statement<{ chargeId: string }>()((_, $) =>
    moveSplits(to)
      .set((s) => ({ cancelled_amount: s('s.amount', '-', s.ref('s.executed_amount')) }))
      .where('s.charge_id', '=', $.chargeId)
      .returning('s.id'),
  )
const close = { executed: closing('executed'), recorded: closing('recorded') }

async function closeSplits(tx: Transaction, { settlement }: PaymentProvider, charge: ChargeRow): Promise<void> {
  const to = settlement === 'live' ? 'executed' : 'recorded'
  const [sum] = await sumReceived(tx, { chargeId: charge.id })
  // A later capture, made since this task began, has a task of its own that closes them.
  if (sum?.executed !== charge.capturedAmount) return
  const closed = await close[to](tx, { chargeId: charge.id })
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
