import { lockName } from '../database/lock-name.ts'
import { inTransaction } from '../tasks/transaction.ts'
import { compareBooks, sumBooks } from './compare-books.ts'
import { storeFindings } from './findings.ts'
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
    await lockName(tx, 'audit')
    const all = await compareBooks(tx, { settledBefore: new Date(Date.now() - graceMs) })
    const standing = await storeFindings(
      tx,
      all.filter(({ underWay }) => !underWay),
    )
    return (await sumBooks(tx, {})).map((sums): Balance => {
      const here = ({ provider, currency }: { provider: string; currency: string }) =>
        provider === sums.provider && currency === sums.currency
      const underWay = differenceOf(all.filter((each) => each.underWay && here(each)))
      const explained = differenceOf(standing.filter((each) => each.state === 'explained' && here(each)))
      return {
        ...sums,
        underWay,
        explained,
        unexplained: sums.theirs - sums.ours - underWay - explained,
        open: standing.filter((each) => each.state === 'open' && here(each)).length,
      }
    })
  })
}

const differenceOf = (list: readonly { theirs: number; ours: number }[]) =>
  list.reduce((sum, { theirs, ours }) => sum + theirs - ours, 0)
