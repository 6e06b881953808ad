import { sql } from 'kysely'
import { db, type Runs, statement } from '../database/statement.ts'
import { openDisputeStates } from '../disputes/dispute.state-machine.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'

/** What a merchant has in one currency. Minor units. */
export type Balance = {
  currency: string
  /** What it is owed, less what is reserved; below zero where more was taken back than was left. */
  available: number
  /** Its share of payments that are captured and not shared out yet. */
  pending: number
  /** Its share of payments that are disputed: what it was credited with and may lose. */
  reserved: number
}

const nothing = sql<number>`0::bigint`

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

const readAll = statement<{ account: string }>()((from, $) =>
  from
    .selectFrom((parts) =>
      parts
        .selectFrom('ledger_entries')
        .select(['currency', 'amount as owed', nothing.as('pending'), nothing.as('reserved')])
        .where('account', '=', $.account)
        .unionAll(
          parts
            .selectFrom('splits as s')
            .innerJoin('charges as c', 'c.id', 's.charge_id')
            .select([
              's.currency',
              nothing.as('owed'),
              // Of what the payment's account has, in proportion to what its shares still have to come.
              sql<number>`least(${toCome}, trunc(${toCome}::numeric * greatest(${captured}, 0) / ${allToCome})::bigint)`.as(
                'pending',
              ),
              nothing.as('reserved'),
            ])
            .where('s.recipient', '=', $.account)
            .where('s.state', '=', 'planned')
            .where('s.kind', 'in', ['merchant', 'tax'])
            .where(toCome, '>', 0)
            .whereRef('c.captured_amount', '>', 'c.refunded_amount'),
        )
        .unionAll(
          parts
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
              nothing.as('owed'),
              nothing.as('pending'),
              sql<number>`least(s.executed_amount - s.reversed_amount,
                ceil((s.executed_amount - s.reversed_amount)::numeric * d.amount / nullif(${kept}, 0))::bigint)`.as(
                'reserved',
              ),
            ])
            .where('s.recipient', '=', $.account),
        )
        .as('m'),
    )
    .select([
      'm.currency',
      sql<number>`(sum(m.owed) - sum(m.reserved))::bigint`.as('available'),
      sql<number>`sum(m.pending)::bigint`.as('pending'),
      sql<number>`sum(m.reserved)::bigint`.as('reserved'),
    ])
    .groupBy('m.currency')
    .orderBy('m.currency'),
)

/** What a merchant has, by currency. Minor units. */
export const readBalances = (on: Runs, merchantId: string): Promise<Balance[]> =>
  readAll(on, { account: merchantAccount(merchantId) })
