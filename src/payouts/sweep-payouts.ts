import { type Expression, sql } from 'kysely'
import { type db, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { sweepRows } from '../tasks/sweep-rows.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { isEntryOf } from './balance-owner.ts'
import { createPayout } from './create-payout.ts'
import { transferrerOf } from './make-payout.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }

const batch = 200

/** Every movement of credit whose owner has a connected account. */
const creditOf = (from: typeof db) =>
  from
    .selectFrom('merchants as m')
    .innerJoin('ledger_entries as l', (on) => on.on('l.account', '=', sql<string>`'merchant:' || m.id`))
    .select(['m.id as merchantId', sql<string | null>`null`.as('recipientId'), 'l.currency', 'l.amount'])
    .where('m.stripe_account_id', 'is not', null)
    .unionAll(
      from
        .selectFrom('recipients as r')
        .innerJoin('ledger_entries as l', (on) =>
          on.on('l.account', 'in', [sql<string>`'affiliate:' || r.id`, sql<string>`'referrer:' || r.id`]),
        )
        .select(['r.merchant_id as merchantId', 'r.id as recipientId', 'l.currency', 'l.amount'])
        .where('r.stripe_account_id', 'is not', null)
        .where((r) => isEntryOf(r.ref('r.merchant_id'))),
    )

const key: Expression<string> = sql<string>`concat_ws(' ', c."merchantId", coalesce(c."recipientId", ''), c.currency)`

const readDue = statement<{ scheduledFor: Date; least: number; after: string }>()((from, $) =>
  from
    .selectFrom(creditOf(from).as('c'))
    .select(['c.merchantId', 'c.recipientId', 'c.currency', sql<string>`${key}`.as('key')])
    .where((c) =>
      c.not(
        c.exists(
          c
            .selectFrom('payouts as p')
            .select('p.id')
            .whereRef('p.merchant_id', '=', 'c.merchantId')
            .where(sql<boolean>`p.recipient_id is not distinct from c."recipientId"`)
            .whereRef('p.currency', '=', 'c.currency')
            .where('p.scheduled_for', '=', $.scheduledFor),
        ),
      ),
    )
    .where(sql<boolean>`${key} > ${$.after}`)
    .groupBy(['c.merchantId', 'c.recipientId', 'c.currency'])
    .having((c) => c(c.fn.sum<number>('c.amount'), '>=', $.least))
    .orderBy(key)
    .limit(batch),
)

/**
 * Pays out by transfer what was available when the present day, week or month began, of everybody who has a connected account and enough
 * credit: once a period, whichever process does it and when. What fails is paid with the next period. Returns how many payouts were called
 * for.
 */
export async function sweepPayouts(parts: Parts, at = new Date()): Promise<number> {
  const { schedule, threshold, holdDays } = parts.config.payouts
  if (schedule === 'off' || !transferrerOf(parts.providers)) return 0
  const scheduledFor = beginningOf(schedule, at)
  const least = Math.max(threshold, 1)
  let made = 0
  for (let after = ''; ; ) {
    const due = await readDue(parts.database, { scheduledFor, least, after })
    await sweepRows(parts, due, async (tx, some) => {
      for (const { currency, ...owner } of some) {
        const request = {
          owner,
          currency,
          method: 'transfer',
          author: 'schedule',
          holdDays,
          least,
          scheduledFor,
        } as const
        if (await createPayout(tx, request).catch(nothing)) made += 1
      }
    })
    const last = due.at(-1)
    if (!last || due.length < batch) return made
    after = last.key
  }
}

/** What is reserved or held back is not there to be paid. */
function nothing(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error
}

/** When the day, week or month began, by UTC; weeks begin on Mondays. */
function beginningOf(schedule: 'daily' | 'weekly' | 'monthly', at: Date): Date {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  if (schedule === 'monthly') return new Date(Date.UTC(year, month, 1))
  const sinceMonday = schedule === 'weekly' ? (at.getUTCDay() + 6) % 7 : 0
  return new Date(Date.UTC(year, month, day - sinceMonday))
}
