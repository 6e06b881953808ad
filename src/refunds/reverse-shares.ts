import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { insertLedgerSql, type Movement, toLedgerRows } from '../ledger/ledger.ts'
import {
  attemptOperation,
  claimOperations,
  completeOperations,
  type OperationSpec,
  planOperation,
} from '../operations/operations.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { allocate } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { type SplitLines, shippingLine } from '../splits/calculate-splits.ts'
import type { SplitState } from '../splits/split.state-machine.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { bookReversals } from './book-reversals.ts'
import type { RefundItem, RefundShipping } from './refund.entity.ts'
import type { RefundEntry } from './refund-entry.ts'
import { type RefundedPart, type SplitToReverse, takeBack } from './take-back.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type SplitRow = SplitToReverse & { recipient: string; destination: string | null; state: SplitState }
type Transfer = { id: string; purpose: string; reference: string; amount: number }
type PlannedReversal = Reversal & { transferId: string }
export type Reversal = { purpose: string; amount: number; transfer: string; recipient: string; destination: string }

/**
 * Takes back what a refund's money was shared out to, from whoever got it for what is refunded (B2), whoever has been paid already.
 * Credit is taken in the ledger, where a balance may become negative; transfers are reversed at the provider.
 */
export async function reverseShares(parts: Parts, orderId: string, entry: RefundEntry): Promise<void> {
  const target = { orderId, chargeId: entry.chargeId }
  const planned = await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    await planReversal(tx, locked.order, locked.charge, entry)
    return { charge: locked.charge, reversals: await readReversals(tx, locked.charge, entry) }
  })
  const { charge, reversals } = planned
  for (const reversal of reversals) await takeTransferBack(parts, charge, reversal)
  await inTransaction(parts, (tx) => closeReversed(tx, charge))
}

/** Fixes once what is taken back of each split, with the transfers it is taken from. */
async function planReversal(tx: Transaction, order: OrderRow, charge: ChargeRow, entry: RefundEntry): Promise<void> {
  const [read] = await tx.sql<{
    splits: SplitRow[]
    transfers: Transfer[]
    taken: Taken[]
    open: number
    onTheirWay: number
    standing: number
    planned: { id: string; amount: number }[]
    refund: { items: (RefundItem & { sellerId: string | null })[]; shipping: RefundShipping[] } | null
  }>(
    `select (select coalesce(json_agg(json_build_object('id', s.id, 'recipient', s.recipient, 'destination', s.destination,
         'kind', s.kind, 'state', s.state, 'sellerId', s.seller_id, 'amount', s.amount, 'executed', s.executed_amount, 'reversed', s.reversed_amount,
         'lines', s.lines, 'reversedLines', s.reversed_lines) order by s.position), '[]')
       from splits s where s.charge_id = $1) as splits,
     (select coalesce(json_agg(json_build_object('id', o.id, 'purpose', o.purpose, 'reference', o.provider_reference, 'amount', o.amount)
         order by o.completed_at desc, o.id), '[]')
       from operations o where o.order_id = $2 and o.charge_id = $1 and o.kind = 'transfer' and o.state = 'complete') as transfers,
     (select coalesce(json_agg(json_build_object('purpose', o.purpose, 'amount', o.amount)), '[]')
       from operations o where o.order_id = $2 and o.charge_id = $1 and o.kind = 'transfer_reversal' and o.purpose not like '%-refused-%'
         and not (o.state = 'failed' and exists (select 1 from charge_entries e where e.id = ${reversalEntrySql('o')} and e.state = 'failed'))) as taken,
     (select count(*) from tasks t where t.order_id = $2 and t.job = 'distribute-capture' and t.payload ->> 'chargeId' = $1
       and t.state <> 'done') as open,
     (select count(*) from operations o join charge_entries e on e.id = ${reversalEntrySql('o')} and e.state = 'failed'
       where o.order_id = $2 and o.charge_id = $1 and o.kind = 'transfer_reversal' and (o.state in ('pending', 'unknown')
         or o.state = 'complete' and not exists (select 1 from operations g
           where g.order_id = $2 and g.state = 'complete' and g.purpose like '%-transfer-again-' || o.id))) as "onTheirWay",
     (select count(*) from charge_entries e where e.id = $3 and e.state = 'complete') as standing,
     (select coalesce(json_agg(json_build_object('id', split_part(l.correlation_key, '-returned-', 1), 'amount', l.amount)), '[]')
       from ledger_entries l where l.order_id = $2 and l.correlation_key like '%-returned-' || $3::text and l.account = 'charge:' || $1) as planned,
     (select json_build_object('items', (select coalesce(json_agg(p || jsonb_build_object('sellerId', i.seller_id)), '[]')
           from jsonb_array_elements(r.items) p left join order_items i on i.id = p ->> 'itemId'), 'shipping', r.shipping)
       from refunds r where r.id = $4) as refund`,
    [charge.id, charge.orderId, entry.id, entry.refundId],
  )
  if (!read || read.standing === 0) return
  if (read.open > 0) throw new TaskError('distribution_open', { retry: true })
  // What an earlier refund took that failed since is transferred again first: it could not be taken back before it is there.
  if (read.onTheirWay > 0) throw new TaskError('shares_on_their_way', { retry: true })
  // What is shared out only after the refund is taken back once that is done: what was taken before stays as it is.
  if (
    order.fulfilledBy === 'engine' &&
    order.state === 'accepted' &&
    read.splits.some(({ state }) => state === 'planned')
  )
    return
  const before = new Map(read.planned.map(({ id, amount }) => [id, amount]))
  const open = entry.amount - [...before.values()].reduce((sum, amount) => sum + amount, 0)
  if (open <= 0) return
  // Of a charge that was captured in parts nobody knows which lines' money a split has.
  const byLine = charge.capturedAmount === charge.amount
  const fresh = read.splits.filter(({ id }) => !before.has(id))
  const splits = byLine ? fresh : fresh.map((split) => ({ ...split, lines: null }))
  const byId = new Map(read.splits.map((split) => [split.id, split]))
  const shares = takeBack(splits, partsOf(open, read.refund)).flatMap(({ id, share, lines }) => {
    const split = byId.get(id)
    return split ? [{ split, share, lines }] : []
  })
  if (shares.length === 0) return
  await tx.sql(
    `with entered as (${insertLedgerSql('$2')}
     ), kept as (update charge_entries set shares = coalesce(shares, '[]') || $3::jsonb where id = $4)
     update splits s set reversed_amount = s.reversed_amount + d.share, reversed_lines = d.lines, updated_at = now()
     from jsonb_to_recordset($1::jsonb) as d(id text, share bigint, lines jsonb) where s.id = d.id`,
    [
      JSON.stringify(
        shares.map(({ split, share, lines }) => ({
          id: split.id,
          share,
          lines: plusLines(split.reversedLines, lines),
        })),
      ),
      toLedgerRows(
        shares.map(
          ({ split, share }): Movement => ({
            correlationKey: `${split.id}-returned-${entry.id}`,
            orderId: charge.orderId,
            from: split.recipient,
            to: `charge:${charge.id}`,
            amount: share,
            currency: charge.currency,
          }),
        ),
      ),
      JSON.stringify(shares.map(({ split, share, lines }) => ({ id: split.id, share, lines }))),
      entry.id,
    ],
  )
  for (const { split, share } of shares) {
    for (const { transfer, part } of takeFromTransfers(split, share, read.transfers, read.taken)) {
      await planOperation(tx, specOf(charge, `${transfer.id}-reversal-${entry.id}`, transfer.reference, part))
    }
  }
}

/** What an entry gives back of each line and of each seller's shipping; one of several charges its part of all of them. */
function partsOf(
  amount: number,
  refund: { items: (RefundItem & { sellerId: string | null })[]; shipping: RefundShipping[] } | null,
): RefundedPart[] {
  const parts = [
    ...(refund?.items ?? []).map(({ itemId, sellerId, amount }) => ({
      sellerId: sellerId ?? '',
      line: itemId,
      amount,
    })),
    ...(refund?.shipping ?? []).map(({ sellerId, amount }) => ({ sellerId, line: shippingLine, amount })),
  ]
  if (parts.length === 0) return [{ sellerId: '', line: '', amount }]
  const amounts = allocate(
    amount,
    parts.map((part) => part.amount),
  )
  return parts.map((part, index) => ({ ...part, amount: amounts[index] ?? 0 }))
}

function plusLines(before: SplitLines, more: SplitLines): SplitLines {
  const sums = { ...before }
  for (const [line, amount] of Object.entries(more)) sums[line] = (sums[line] ?? 0) + amount
  return sums
}

type Taken = { purpose: string; amount: number }

/** The latest transfers first; a share that was only credited has none. */
function takeFromTransfers(split: SplitRow, share: number, transfers: readonly Transfer[], taken: readonly Taken[]) {
  let left = share
  return transfers
    .filter(({ purpose }) => purpose === `${split.id}-transfer` || purpose.startsWith(`${split.id}-transfer-`))
    .flatMap((transfer) => {
      const earlier = taken.filter(({ purpose }) => purpose.startsWith(`${transfer.id}-reversal-`))
      const part = Math.min(left, transfer.amount - earlier.reduce((sum, { amount }) => sum + amount, 0))
      left -= part
      return part > 0 ? [{ transfer, part }] : []
    })
}

function specOf(charge: ChargeRow, purpose: string, transfer: string, amount: number): OperationSpec {
  const { orderId, provider, currency } = charge
  const request = { transfer, amount }
  return { purpose, orderId, chargeId: charge.id, kind: 'transfer_reversal', provider, amount, currency, request }
}

/** The refund of a charge that a reversal was made for, by the name of the operation, however often it was refused. */
export const reversalEntrySql = (o: string) => `split_part(split_part(${o}.purpose, '-refused-', 1), '-reversal-', 2)`

/** What of a transfer was not taken back yet, by whomever. */
const leftOfTransferSql = (t: string) => `(${t}.amount - coalesce((select sum(d.amount) from operations d
  where d.order_id = ${t}.order_id and d.kind = 'transfer_reversal' and d.state = 'complete'
    and starts_with(d.purpose, ${t}.id || '-reversal-')), 0))`

/**
 * What was planned for a refund and is not done; a refused one bears another name and is tried anew, for no more than what is left of its
 * transfer: somebody may have taken of it at the provider meanwhile.
 */
const readReversals = (tx: Transaction, charge: ChargeRow, entry: RefundEntry) =>
  tx.sql<PlannedReversal>(
    `select * from (
       select distinct on (split_part(o.purpose, '-refused-', 1)) split_part(o.purpose, '-refused-', 1) as purpose, t.id as "transferId",
         t.provider_reference as transfer, s.recipient, s.destination,
         case when o.state <> 'failed' then o.amount else least(o.amount, ${leftOfTransferSql('t')}) end as amount
       from operations o
       join operations t on t.id = split_part(o.purpose, '-reversal-', 1)
       join splits s on s.id = split_part(t.purpose, '-transfer', 1)
       where o.order_id = $3 and o.charge_id = $1 and o.kind = 'transfer_reversal' and ${reversalEntrySql('o')} = $2
         and not exists (select 1 from operations d where d.purpose = split_part(o.purpose, '-refused-', 1) and d.state = 'complete')
       order by split_part(o.purpose, '-refused-', 1), length(o.purpose), o.created_at desc
     ) latest where amount > 0`,
    [charge.id, entry.id, charge.orderId],
  )

/**
 * Takes a transfer back. If the provider refuses, somebody else may have taken of it: that is booked, and the task tries again for what is
 * left.
 */
async function takeTransferBack(parts: Parts, charge: ChargeRow, reversal: PlannedReversal): Promise<void> {
  try {
    await reverseTransfer(parts, charge, reversal)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    const seen = await parts.providers.get(charge.provider)?.listReversals?.(reversal.transfer)
    const left = await inTransaction(parts, async (tx) => {
      const locked = seen && (await lockCharge(tx, { orderId: charge.orderId, chargeId: charge.id }))
      if (locked) await bookReversals(tx, locked.charge, reversal.transferId, seen, 'refund')
      const [row] = await tx.sql<{ left: number }>(
        `select ${leftOfTransferSql('t')} as left from operations t where t.id = $1`,
        [reversal.transferId],
      )
      return row?.left ?? 0
    })
    // Also when a webhook has told of it a moment ago.
    throw left < reversal.amount ? new TaskError('reversed_elsewhere', { retry: true, cause: error }) : error
  }
}

/** Takes one transfer back at the provider, once; a refusal is thrown. */
export async function reverseTransfer(parts: Parts, charge: ChargeRow, reversal: Reversal): Promise<void> {
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const reverse = provider.reverseTransfer?.bind(provider)
  if (!reverse) throw new TaskError('reversal_by_hand', { retry: false })
  const { orderId, currency } = charge
  const { purpose, transfer, amount } = reversal
  const [claim] = await claimOperations(parts, [specOf(charge, purpose, transfer, amount)])
  if (claim?.outcome !== 'claimed') return
  const { operation } = claim
  const { reference } = await attemptOperation(parts, operation, ({ id: key, lookUpFirst }) =>
    reverse(transfer, { key, orderId, amount, currency, lookUpFirst }),
  )
  await inTransaction(parts, async (tx) => {
    await completeOperations(tx, [{ operation, reference }])
    await tx.sql(insertLedgerSql('$1'), [
      toLedgerRows([
        {
          correlationKey: operation.id,
          orderId,
          from: `account:${reversal.destination}`,
          to: reversal.recipient,
          amount,
          currency,
        },
      ]),
    ])
    // Its refund failed while it was made: another worker may have looked already for what is to be given again.
    const [failed] = await tx.sql<{ refundId: string }>(
      `select refund_id as "refundId" from charge_entries where id = split_part($1, '-reversal-', 2) and state = 'failed'`,
      [purpose],
    )
    if (failed) {
      const payload = { orderId, refundId: failed.refundId }
      tx.enqueue({ job: 'carry-out-refund', payload, dedupeKey: `${operation.id}-again-1` })
    }
  })
}

/** Splits of which nothing is left are reversed; those that got nothing are when the whole charge went back. */
async function closeReversed(tx: Transaction, charge: ChargeRow): Promise<void> {
  const closed = await tx.sql<{ id: string }>(
    `update splits s set state = 'reversed', updated_at = now() from charges c
     where c.id = $1 and s.charge_id = c.id and s.state in ('executed', 'settled') and s.reversed_amount = s.executed_amount
       and (s.executed_amount > 0 or c.refunded_amount = c.captured_amount) returning s.id`,
    [charge.id],
  )
  if (closed.length === 0) return
  tx.note({
    orderId: charge.orderId,
    kind: 'transition',
    subject: 'split',
    subjectId: charge.id,
    from: 'executed',
    to: 'reversed',
    cause: 'refund',
    detail: { splits: closed.length },
  })
}
