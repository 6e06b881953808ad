import { type SqlBool, sql } from 'kysely'
import { db, type Holes, type Runs, statement } from '../database/statement.ts'
import { openDisputeStates } from '../disputes/dispute.state-machine.ts'
import { type BalanceOwner, isEntryOf, isOrderOf, type OwnerValues, ownerValues } from './balance-owner.ts'

/** What a merchant, or somebody who recommends its products, has in one currency. Minor units. */
export type Balance = {
  currency: string
  /** What may be paid out; below zero where more was taken back than was left. */
  available: number
  /** Its share of payments that are captured and not shared out yet. */
  pending: number
  /** Its share of payments that are disputed: what it was credited with and may lose. */
  reserved: number
  /** Shares that are too young to be paid out, that are settled outside, or that are about to be transferred again. */
  heldBack: number
}

const nothing = sql<number>`0::bigint`

/** What a row does not say of a balance is none of it. */
const blank = {
  owed: nothing.as('owed'),
  young: nothing.as('young'),
  outside: nothing.as('outside'),
  pending: nothing.as('pending'),
  reserved: nothing.as('reserved'),
}

/** What a charge still has of what was captured: neither refunded nor taken by a dispute that was lost. Of `charges as c`. */
const kept = sql<number>`(c.captured_amount - c.refunded_amount - ${db
  .selectFrom('charge_entries as e')
  .select((e) => e.fn.coalesce(e.fn.sum<number>('e.amount'), e.lit(0)).as('amount'))
  .where('e.charge_id', '=', sql<string>`c.id`)
  .where('e.kind', '=', 'dispute')})`

/** What of a split was neither shared out nor released. Of `splits as s`. */
const toCome = sql<number>`(s.amount - s.executed_amount - s.cancelled_amount)`

const allToCome = sql<number>`(${db
  .selectFrom('splits as a')
  .select((a) => a.fn.sum(sql<number>`a.amount - a.executed_amount - a.cancelled_amount`).as('amount'))
  .where('a.charge_id', '=', sql<string>`s.charge_id`)})`

/** What was captured and not shared out, given back or taken by a dispute. */
const captured = sql<number>`(${db
  .selectFrom('ledger_entries as l')
  .select((l) => l.fn.sum<number>('l.amount').as('amount'))
  .where('l.account', '=', sql<string>`'charge:' || s.charge_id`)
  .where('l.currency', '=', sql<string>`s.currency`)})`

/** The splits of an owner, of `splits as s`. */
const isTheirs = ($: Holes<OwnerValues>) =>
  sql<SqlBool>`(s.recipient = any(${$.accounts.typed('text[]')})
    and (${$.ofMerchant.typed('text')} is null or ${isOrderOf('s.order_id', $.ofMerchant.typed('text'))}))`

type Asked = OwnerValues & {
  /** Since when a share is too young; null where none is. */
  heldSince: Date | null
}

const ledgerRows = ($: Holes<Asked>) =>
  db
    .selectFrom('ledger_entries as l')
    .select([
      'l.currency',
      'l.order_id',
      'l.amount as owed',
      sql<number>`case when l.created_at >= ${$.heldSince.typed('timestamptz')} then l.amount else 0 end`.as('young'),
      blank.outside,
      blank.pending,
      blank.reserved,
    ])
    .where('l.account', '=', (l) => l.fn.any($.accounts.typed('text[]')))
    .where((l) => l.or([l($.ofMerchant.typed('text'), 'is', null), isEntryOf($.ofMerchant.typed('text'))]))

/** Of what the payment's account has, in proportion to what its shares still have to come. */
const pendingRows = ($: Holes<Asked>) =>
  db
    .selectFrom('splits as s')
    .innerJoin('charges as c', 'c.id', 's.charge_id')
    .select([
      's.currency',
      's.order_id',
      blank.owed,
      blank.young,
      blank.outside,
      sql<number>`least(${toCome}, trunc(${toCome}::numeric * greatest(${captured}, 0) / ${allToCome})::bigint)`.as(
        'pending',
      ),
      blank.reserved,
    ])
    .where(isTheirs($))
    .where('s.state', '=', 'planned')
    .where('s.kind', 'in', ['merchant', 'tax', 'affiliate', 'referrer'])
    .where(toCome, '>', 0)
    .whereRef('c.captured_amount', '>', 'c.refunded_amount')

const reservedRows = ($: Holes<Asked>) =>
  db
    .selectFrom((disputes) =>
      disputes
        .selectFrom('disputes')
        .select((d) => ['charge_id', d.fn.sum<number>('amount').as('amount')])
        .where('state', 'in', openDisputeStates)
        .groupBy('charge_id')
        .as('d'),
    )
    .innerJoin('charges as c', 'c.id', 'd.charge_id')
    .innerJoin('splits as s', 's.charge_id', 'd.charge_id')
    .select([
      's.currency',
      's.order_id',
      blank.owed,
      blank.young,
      blank.outside,
      blank.pending,
      sql<number>`least(s.executed_amount - s.reversed_amount,
        ceil((s.executed_amount - s.reversed_amount)::numeric * d.amount / nullif(${kept}, 0))::bigint)`.as('reserved'),
    ])
    .where(isTheirs($))

/** Shares that whoever took the payment settles with them. */
const outsideRows = ($: Holes<Asked>) =>
  db
    .selectFrom('splits as s')
    .select([
      's.currency',
      's.order_id',
      blank.owed,
      blank.young,
      sql<number>`s.executed_amount - s.reversed_amount`.as('outside'),
      blank.pending,
      blank.reserved,
    ])
    .where(isTheirs($))
    // Written out, so that the index of those that are settled outside is used.
    .where('s.state', '=', sql.lit('recorded'))

/** What was taken back for refunds that failed since, and is about to be transferred again. */
const againRows = ($: Holes<Asked>) =>
  db
    .selectFrom('charge_entries as e')
    .innerJoin('operations as r', (on) => on.onRef('r.order_id', '=', 'e.order_id').onRef('r.entry_id', '=', 'e.id'))
    .innerJoin('operations as t', 't.id', 'r.reverses_id')
    .innerJoin('splits as s', 's.id', 't.split_id')
    .select([
      's.currency',
      's.order_id',
      blank.owed,
      blank.young,
      sql<number>`coalesce(${sql.ref('r.amount')}, 0)`.as('outside'),
      blank.pending,
      blank.reserved,
    ])
    .where('e.kind', '=', 'refund')
    .where('e.state', '=', 'failed')
    .where('r.kind', '=', 'transfer_reversal')
    .where('r.state', '=', 'complete')
    .where(
      // One by one: asked for by `exists`, all operations would be read to be asked among.
      (e) =>
        sql<boolean>`${e
          .selectFrom('operations as a')
          .select((a) => a.fn.countAll().as('count'))
          .whereRef('a.order_id', '=', 'r.order_id')
          .whereRef('a.reverses_id', '=', 'r.id')
          .where('a.kind', '=', 'transfer')
          .where('a.state', '=', 'complete')} = 0`,
    )
    .where(isTheirs($))

/** What of an order is neither reserved nor may be paid out: a share that was given back is not held back, and none is twice. */
const held = sql<number>`greatest(greatest(sum(m.young), sum(m.outside), 0) - sum(m.reserved), 0)`

const readAll = statement<Asked>()((from, $) =>
  from
    .selectFrom(
      from
        .selectFrom(
          ledgerRows($)
            .unionAll(pendingRows($))
            .unionAll(reservedRows($))
            .unionAll(outsideRows($))
            .unionAll(againRows($))
            .as('m'),
        )
        .select([
          'm.currency',
          sql<number>`sum(m.owed)`.as('owed'),
          sql<number>`sum(m.pending)`.as('pending'),
          sql<number>`sum(m.reserved)`.as('reserved'),
          sql<number>`case when m.order_id is null then 0 else ${held} end`.as('held'),
        ])
        .groupBy(['m.currency', 'm.order_id'])
        .as('b'),
    )
    .select([
      'b.currency',
      sql<number>`(sum(b.owed) - sum(b.reserved) - sum(b.held))::bigint`.as('available'),
      sql<number>`sum(b.pending)::bigint`.as('pending'),
      sql<number>`sum(b.reserved)::bigint`.as('reserved'),
      sql<number>`sum(b.held)::bigint`.as('heldBack'),
    ])
    .groupBy('b.currency')
    .orderBy('b.currency'),
)

/**
 * What somebody has, by currency. Minor units.
 * @param hold for how many days shares are held back, counted from `at`, which is now where it is not said
 */
export const readBalances = (
  on: Runs,
  owner: BalanceOwner,
  { holdDays, at }: { holdDays: number; at?: Date | undefined },
): Promise<Balance[]> => readAll(on, { ...ownerValues(owner), heldSince: heldSince(holdDays, at) })

const dayMs = 86_400_000

const heldSince = (holdDays: number, at: Date | undefined): Date | null =>
  holdDays === 0 && at === undefined ? null : new Date((at?.getTime() ?? Date.now()) - holdDays * dayMs)
