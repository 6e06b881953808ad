import type { Sql } from '../database/database.ts'
import { lockName } from '../database/lock-name.ts'
import type { Runs } from '../database/statement.ts'
import { inTransaction, type Transaction } from '../tasks/transaction.ts'
import { holdOpenLines } from './book-bank-lines.ts'
import { type Compared, compareBooks, sumBooks } from './compare-books.ts'
import { type StandingDifference, storeFindings, withFindings } from './findings.ts'
import { type AuditParts, readBankLines } from './read-bank-lines.ts'

/** How the books of one provider in one currency stand to ours. Minor units; all but `theirs` and `ours` are differences, theirs less ours. */
export type Balance = {
  provider: string
  currency: string
  /** What the provider holds for us, by its books and by ours. */
  theirs: number
  ours: number
  /** Of the difference: what is so new that the other side may not have heard of it, what a person has explained, and the rest. */
  underWay: number
  explained: number
  unexplained: number
  /** How many findings are open. */
  open: number
}

/**
 * Reads the providers' books to their end, enters what only they tell, compares them with the ledger, and stores what disagrees as findings.
 * @param graceMs what happened in so short a time before is under way, and no finding
 * @throws ProviderError
 */
export async function runAudit(parts: AuditParts, graceMs: number): Promise<Balance[]> {
  await readBankLines(parts)
  return inTransaction(parts, async (tx) => {
    const { underWay, standing } = await findDifferences(tx, graceMs)
    return weigh(await sumBooks(tx, {}), underWay, standing)
  })
}

/**
 * Compares the books as far as they were read, one process at a time, and stores what disagrees as findings. Returns everything that
 * disagrees: what is under way, and what is found, with how its finding stands.
 */
export async function findDifferences(
  tx: Transaction,
  graceMs: number,
): Promise<{ underWay: Compared[]; standing: StandingDifference[] }> {
  await lockName(tx, 'audit')
  await holdOpenLines(tx)
  const { underWay, settled } = await differences(tx, graceMs)
  return { underWay, standing: await storeFindings(tx, settled) }
}

/** How the books stand, as far as the providers' were read; nobody is asked, and nothing is found. `graceMs` as {@link runAudit} has it. */
export async function readAudit(sql: Sql, graceMs: number): Promise<Balance[]> {
  const { underWay, settled } = await differences(sql, graceMs)
  return weigh(await sumBooks(sql, {}), underWay, await withFindings(sql, settled))
}

async function differences(on: Runs, graceMs: number): Promise<{ underWay: Compared[]; settled: Compared[] }> {
  const all = await compareBooks(on, { settledBefore: new Date(Date.now() - graceMs) })
  return { underWay: all.filter((each) => each.underWay), settled: all.filter((each) => !each.underWay) }
}

type Sums = Pick<Balance, 'provider' | 'currency' | 'theirs' | 'ours'>

const weigh = (
  sums: readonly Sums[],
  underWay: readonly Compared[],
  standing: readonly StandingDifference[],
): Balance[] =>
  sums.map((each) => {
    const here = <Row extends Compared>(list: readonly Row[]) =>
      list.filter(({ provider, currency }) => provider === each.provider && currency === each.currency)
    const late = differenceOf(here(underWay))
    const explained = differenceOf(here(standing).filter(({ state }) => state === 'explained'))
    return {
      ...each,
      underWay: late,
      explained,
      unexplained: each.theirs - each.ours - late - explained,
      open: here(standing).filter(({ state }) => state === 'open').length,
    }
  })

const differenceOf = (list: readonly { theirs: number; ours: number }[]) =>
  list.reduce((sum, { theirs, ours }) => sum + theirs - ours, 0)
