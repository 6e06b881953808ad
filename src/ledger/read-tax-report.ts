import { sql } from 'kysely'
import { type Runs, statement } from '../database/statement.ts'

/** What a selling entity took for the authority of a place in some time, and gave back. Minor units. */
export type TaxReportLine = {
  sellingEntity: string
  country: string
  region: string | null
  currency: string
  /** How many lines of how many captures were taxed, and how many were given back. */
  sales: number
  collected: number
  refunds: number
  returned: number
  owed: number
}

const readAccounts = statement<{ since: Date; until: Date }>()((db, $) =>
  db
    .selectFrom('ledger_entries as l')
    .select((l) => [
      'l.account',
      'l.currency',
      sql<number>`count(*) filter (where ${l('l.amount', '>', 0)})`.as('sales'),
      sql<number>`coalesce(sum(${l.ref('l.amount')}) filter (where ${l('l.amount', '>', 0)}), 0)::bigint`.as(
        'collected',
      ),
      sql<number>`count(*) filter (where ${l('l.amount', '<', 0)})`.as('refunds'),
      sql<number>`coalesce(-sum(${l.ref('l.amount')}) filter (where ${l('l.amount', '<', 0)}), 0)::bigint`.as(
        'returned',
      ),
      sql<number>`sum(${l.ref('l.amount')})::bigint`.as('owed'),
    ])
    .where('l.account', 'like', 'tax:%')
    .where('l.created_at', '>=', $.since)
    .where('l.created_at', '<', $.until)
    .groupBy(['l.account', 'l.currency'])
    .orderBy('l.account')
    .orderBy('l.currency'),
)

/** The taxes that selling entities of the installation owe, by entity, place and currency. */
export async function readTaxReport(on: Runs, time: { since: Date; until: Date }): Promise<TaxReportLine[]> {
  return (await readAccounts(on, time)).map(({ account, ...line }) => {
    const [, sellingEntity = '', place = ''] = /^tax:(.*):([^:]+)$/.exec(account) ?? []
    const [country = '', region = null] = place.split('-')
    return { sellingEntity, country, region, ...line }
  })
}
