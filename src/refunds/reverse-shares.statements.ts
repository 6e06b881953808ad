import { expressionBuilder, type RawBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Payload } from '../../queues/catalog.ts'
import { capturesOf } from '../charges/captures-of.ts'
import { keepShares } from '../charges/charge-entries.ts'
import { db, elementsOf, type Hole, jsonList, type NewRow, scalar, statement, textAt } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { insertEntries } from '../ledger/ledger.ts'
import { supersedeReversals } from '../operations/operations.statements.ts'
import type { SplitLines, TakenShare } from '../splits/calculate-splits.ts'
import { moveSplits, takeFromSplits } from '../splits/move-splits.ts'
import type { RefundItem } from './refund.entity.ts'

/** The reversals of an order's transfers of one charge, of `operations as o`. */
const reversalsOf = (orderId: Hole<string>, chargeId: Hole<string>) =>
  db
    .selectFrom('operations as o')
    .where('o.order_id', '=', orderId)
    .where('o.charge_id', '=', chargeId)
    .where('o.kind', '=', 'transfer_reversal')

const splitsOf = (chargeId: Hole<string>) =>
  db
    .selectFrom('splits as s')
    .select((s) =>
      jsonList(
        jsonBuildObject({
          id: s.ref('s.id'),
          recipient: s.ref('s.recipient'),
          destination: s.ref('s.destination'),
          kind: s.ref('s.kind'),
          state: s.ref('s.state'),
          sellerId: s.ref('s.seller_id'),
          amount: s.ref('s.amount'),
          executed: s.ref('s.executed_amount'),
          reversed: s.ref('s.reversed_amount'),
          lines: s.ref('s.lines'),
          reversedLines: s.ref('s.reversed_lines'),
        }),
        s.ref('s.position'),
      ).as('list'),
    )
    .where('s.charge_id', '=', chargeId)

/** The transfers of a charge that were made, the latest first. */
const transfersOf = (orderId: Hole<string>, chargeId: Hole<string>) =>
  db
    .selectFrom('operations as o')
    .select((o) =>
      jsonList(
        jsonBuildObject({
          id: o.ref('o.id'),
          splitId: o.ref('o.split_id'),
          reference: o.ref('o.provider_reference').$notNull(),
          amount: o.ref('o.amount').$notNull(),
        }),
        sql`${o.ref('o.completed_at')} desc, ${o.ref('o.id')}`,
      ).as('list'),
    )
    .where('o.order_id', '=', orderId)
    .where('o.charge_id', '=', chargeId)
    .where('o.kind', '=', 'transfer')
    .where('o.state', '=', 'complete')

/** What was taken of transfers, or is about to be, but for what was given up with its refund. */
const takenOf = (orderId: Hole<string>, chargeId: Hole<string>) =>
  reversalsOf(orderId, chargeId)
    .select((o) =>
      jsonList(jsonBuildObject({ transferId: o.ref('o.reverses_id'), amount: o.ref('o.amount').$notNull() })).as(
        'list',
      ),
    )
    .where('o.set_aside', '=', false)
    .where((o) =>
      o.not(
        o.and([
          o('o.state', '=', 'failed'),
          o.exists(
            o
              .selectFrom('charge_entries as e')
              .select('e.id')
              .whereRef('e.id', '=', 'o.entry_id')
              .where('e.state', '=', 'failed'),
          ),
        ]),
      ),
    )

/** Reversals for refunds that failed since, of which the money is not back with its recipients. */
const onTheirWay = (orderId: Hole<string>, chargeId: Hole<string>) =>
  reversalsOf(orderId, chargeId)
    .innerJoin('charge_entries as e', (on) => on.onRef('e.id', '=', 'o.entry_id').on('e.state', '=', 'failed'))
    .select((o) => o.fn.countAll<number>().as('count'))
    .where((o) =>
      o.or([
        o('o.state', 'in', ['pending', 'unknown']),
        o.and([
          o('o.state', '=', 'complete'),
          o.not(
            o.exists(
              o
                .selectFrom('operations as g')
                .select('g.id')
                .where('g.order_id', '=', orderId)
                .where('g.state', '=', 'complete')
                .where('g.kind', '=', 'transfer')
                .whereRef('g.reverses_id', '=', 'o.id'),
            ),
          ),
        ]),
      ]),
    )

/** What was taken for an entry already, of each split. */
const plannedOf = (orderId: Hole<string>, chargeId: Hole<string>, entryId: Hole<string>) =>
  db
    .selectFrom('ledger_entries as l')
    .select((l) =>
      jsonList(
        jsonBuildObject({
          id: sql<string>`split_part(${l.ref('l.correlation_key')}, '-returned-', 1)`,
          amount: l.ref('l.amount'),
        }),
      ).as('list'),
    )
    .where('l.order_id', '=', orderId)
    .where((l) => sql<boolean>`${l.ref('l.correlation_key')} like '%-returned-' || ${entryId.typed('text')}`)
    .where('l.account', '=', sql<string>`'charge:' || ${chargeId.typed('text')}`)

/** What a refund gives back: of items, each with who sold it, and of shipping. */
const partsOf = (refundId: Hole<string | null>) =>
  db
    .selectFrom('refunds as r')
    .select((r) =>
      jsonBuildObject({
        items: scalar(
          db
            .selectFrom(elementsOf(r.ref('r.items'), 'p'))
            .leftJoin('order_items as i', (on) => on.on((p) => p('i.id', '=', textAt(p.ref('p.item'), 'itemId'))))
            .select((p) =>
              jsonList(
                sql<
                  RefundItem & { sellerId: string | null }
                >`${p.ref('p.item')} || ${jsonBuildObject({ sellerId: p.ref('i.seller_id') })}::jsonb`,
              ).as('list'),
            ),
        ),
        shipping: r.ref('r.shipping'),
        type: r.ref('r.type'),
      }).as('parts'),
    )
    .where('r.id', '=', refundId)

type Target = { orderId: string; chargeId: string; entryId: string; refundId: string | null }

/** Everything that decides what an entry takes back of which split. */
export const readToReverse = statement<Target>()((db, $) =>
  db.selectNoFrom((eb) => [
    scalar(splitsOf($.chargeId)).as('splits'),
    scalar(capturesOf({ id: $.chargeId, orderId: $.orderId })).as('captures'),
    scalar(transfersOf($.orderId, $.chargeId)).as('transfers'),
    scalar(takenOf($.orderId, $.chargeId)).as('taken'),
    scalar(
      eb
        .selectFrom('tasks as t')
        .select((t) => t.fn.countAll<number>().as('count'))
        .where('t.order_id', '=', $.orderId)
        .where('t.job', '=', 'distribute-capture')
        .where((t) =>
          t(textAt(t.ref('t.payload').$castTo<Payload<'distribute-capture'>>(), 'chargeId'), '=', $.chargeId),
        )
        .where('t.state', '<>', 'done'),
    ).as('open'),
    scalar(onTheirWay($.orderId, $.chargeId)).as('onTheirWay'),
    scalar(
      eb
        .selectFrom('charge_entries as e')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('e.id', '=', $.entryId)
        .where('e.state', '=', 'complete'),
    ).as('standing'),
    scalar(plannedOf($.orderId, $.chargeId, $.entryId)).as('planned'),
    partsOf($.refundId).as('refund'),
  ]),
)

/** What is read of the splits, and what is taken back of one. */
export type ToReverse = Awaited<ReturnType<typeof readToReverse>>[number]

/** Books what a refund takes back of splits, and keeps on its entry of which of their lines it was. */
export const bookTaken = statement<{
  taken: readonly { id: string; share: number; lines: SplitLines }[]
  entries: readonly NewRow<'ledger_entries'>[]
  entryId: string
  shares: readonly TakenShare[]
}>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('kept', () => keepShares($.entryId, $.shares))
    .with('taken', () => takeFromSplits($.taken))
    .selectNoFrom(sql.lit(true).as('booked')),
)

const t = expressionBuilder<{ t: Tables['operations'] }, 't'>()

/** What of `operations as t`, a transfer, was not taken back yet, by whomever. */
const leftOfTransfer: RawBuilder<number> = sql<number>`(${t.ref('t.amount')} - coalesce(${db
  .selectFrom('operations as d')
  .select((d) => d.fn.sum<number>('d.amount').as('amount'))
  .where('d.order_id', '=', t.ref('t.order_id'))
  .where('d.kind', '=', 'transfer_reversal')
  .where('d.state', '=', 'complete')
  .where('d.reverses_id', '=', t.ref('t.id'))}, 0))`

export const readLeftOfTransfer = statement<{ transferId: string }>()((db, $) =>
  db
    .selectFrom('operations as t')
    .select((o) => [o.ref('t.amount').$notNull().as('amount'), leftOfTransfer.as('left')])
    .where('t.id', '=', $.transferId),
)

/** The reversals for one entry, each with its transfer and the split that this was for. */
const reversalsFor = ($: { orderId: Hole<string>; chargeId: Hole<string>; entryId: Hole<string> }) =>
  reversalsOf($.orderId, $.chargeId)
    .innerJoin('operations as t', 't.id', 'o.reverses_id')
    .innerJoin('splits as s', 's.id', 't.split_id')
    .select((o) => [
      't.id as transferId',
      o.ref('t.provider_reference').$notNull().as('transfer'),
      's.recipient',
      o.ref('s.destination').$notNull().as('destination'),
    ])
    .where('o.entry_id', '=', $.entryId)

/**
 * What was planned for a refund and is not done; a refused one is tried anew, for no more than what is left of its
 * transfer: somebody may have taken of it at the provider meanwhile.
 */
export const readReversals = statement<{ orderId: string; chargeId: string; entryId: string }>()((db, $) =>
  db
    .selectFrom(
      reversalsFor($)
        .distinctOn('t.id')
        .select((o) =>
          o
            .case()
            .when('o.state', '<>', 'failed')
            .then(o.ref('o.amount').$notNull())
            .else(sql<number>`least(${o.ref('o.amount')}, ${leftOfTransfer})`)
            .end()
            .as('amount'),
        )
        .where((o) =>
          o.not(
            o.exists(
              o
                .selectFrom('operations as d')
                .select('d.id')
                .whereRef('d.reverses_id', '=', 't.id')
                .where('d.entry_id', '=', $.entryId)
                .where('d.state', '=', 'complete'),
            ),
          ),
        )
        .orderBy('t.id')
        .orderBy('o.set_aside')
        .orderBy('o.created_at', 'desc')
        .as('latest'),
    )
    .selectAll()
    .where('amount', '>', 0),
)

/** What was taken back for a refund, or may have been. */
export const readReversed = statement<{ orderId: string; chargeId: string; entryId: string }>()((_, $) =>
  reversalsFor($)
    .select((o) => ['o.id', 'o.state', o.ref('o.amount').$notNull().as('amount'), 's.id as splitId'])
    .where('o.state', '<>', 'failed'),
)

/** Gives up what was planned for an entry and not attempted. */
export const giveReversalsUp = statement<{ orderId: string; chargeId: string; entryId: string }>()((_, $) =>
  supersedeReversals()
    .where('order_id', '=', $.orderId)
    .where('charge_id', '=', $.chargeId)
    .where('entry_id', '=', $.entryId),
)

/** Splits of which nothing is left are reversed; those that got nothing are when the whole charge went back. */
export const closeReversedSplits = statement<{ chargeId: string }>()((_, $) =>
  moveSplits('reversed')
    .from('charges as c')
    .where('c.id', '=', $.chargeId)
    .whereRef('s.charge_id', '=', 'c.id')
    .whereRef('s.reversed_amount', '=', 's.executed_amount')
    .where((s) => s.or([s('s.executed_amount', '>', 0), s('c.refunded_amount', '=', s.ref('c.captured_amount'))]))
    .returning('s.id'),
)
