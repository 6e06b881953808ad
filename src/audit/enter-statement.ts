import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import type { BankLine } from '../providers/bank-line.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { bookBankLines } from './book-bank-lines.ts'
import { storeBankLines } from './read-bank-lines.ts'
import { readStatement, type StatementView } from './read-statements.ts'
import { type EnteredLines, type NewStatement, reconcileStatement } from './reconcile-statement.ts'
import { findDifferences } from './run-audit.ts'

const extendMark = statement<{ provider: string; from: Date; until: Date }>()((db, $) =>
  db
    .insertInto('bank_marks')
    .values({ provider: $.provider, read_from: $.from, read_until: $.until })
    .onConflict((conflict) =>
      conflict.column('provider').doUpdateSet((mark) => ({
        read_from: sql<Date>`least(${mark.ref('bank_marks.read_from')}, ${mark.ref('excluded.read_from')})`,
        read_until: sql<Date>`greatest(${mark.ref('bank_marks.read_until')}, ${mark.ref('excluded.read_until')})`,
      })),
    ),
)

const readLines = statement<{ provider: string; references: readonly string[] }>()((db, $) =>
  db
    .selectFrom('bank_lines')
    .select(['reference', 'kind', 'source', 'amount', 'fee', 'currency', 'at'])
    .where('provider', '=', $.provider)
    .where('reference', '=', (l) => l.fn.any($.references.typed('text[]'))),
)

const store = statement<{ statement: NewRow<'settlement_statements'> }>()((_, $) =>
  insertRows('settlement_statements', $.statement)
    .onConflict((conflict) =>
      conflict.columns(['provider', 'content_hash']).doUpdateSet((row) => ({
        counts: row.ref('excluded.counts'),
        totals: row.ref('excluded.totals'),
        items: row.ref('excluded.items'),
        compared_at: now,
      })),
    )
    .returning(['id']),
)

/**
 * Enters a provider's statement: its lines as lines of the provider's books, which are compared with the ledger from its first day on, and
 * what only they tell into the ledger. What disagrees becomes a finding, and what agrees again corrects one. A line that was entered before
 * changes nothing. Returns how the statement compares, and whether it is new: one with the same days and lines again is the same.
 * @param graceMs what happened in so short a time before is no finding yet
 */
export async function enterStatement(
  parts: UnitOfWork & { config: Pick<Config, 'providerFee'> },
  statement: NewStatement,
  graceMs: number,
): Promise<{ isNew: boolean; statement: StatementView }> {
  const { provider, from, until } = statement
  const lines = await inTransaction(parts, async (tx) => {
    const entered = await enterLines(tx, provider, statement.lines)
    await extendMark(tx, { provider, from, until })
    return entered
  })
  await bookBankLines(parts)
  return inTransaction(parts, async (tx) => {
    const { underWay, standing } = await findDifferences(tx, graceMs)
    const result = await reconcileStatement(tx, statement, lines, [
      ...underWay.map((difference) => ({ ...difference, state: 'open' as const })),
      ...standing,
    ])
    const id = newId('statement')
    const [stored] = await store(tx, { statement: { ...toRow(id, statement), ...result } })
    if (!stored) throw new Error(`statement ${id} was not stored`)
    return { isNew: stored.id === id, statement: await readStatement(tx, stored.id) }
  })
}

async function enterLines(tx: Transaction, provider: string, lines: readonly BankLine[]): Promise<EnteredLines> {
  const first = new Map<string, BankLine>()
  for (const line of lines) if (!first.has(line.reference)) first.set(line.reference, line)
  // In one order, so that statements with the same lines wait for each other and not in a circle.
  const inOrder = [...first.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1))
  const entered = await storeBankLines(tx, provider, inOrder)
  const rows = await readLines(tx, { provider, references: [...first.keys()] })
  const stored = new Map(
    rows.map((row) => [
      row.reference,
      { ...row, source: row.source ?? undefined, operationId: undefined, availableOn: undefined },
    ]),
  )
  const result: EnteredLines = { entered, known: 0, doubled: [], conflict: [] }
  for (const line of lines) {
    const before = stored.get(line.reference)
    if (!before) throw new Error(`line ${line.reference} of ${provider} was not stored`)
    if (contentOf(line) !== contentOf(before)) result.conflict.push({ line, stored: before })
    else if (first.get(line.reference) !== line) result.doubled.push({ line, stored: before })
  }
  result.known = first.size - entered - new Set(result.conflict.map(({ line }) => line.reference)).size
  return result
}

const contentOf = ({ reference, kind, source, amount, fee, currency, at }: BankLine): string =>
  JSON.stringify([reference, kind, source, amount, fee, currency, at])

const toRow = (id: string, { provider, firstDay, lastDay, lines, by }: NewStatement) => ({
  id,
  provider,
  first_day: firstDay,
  last_day: lastDay,
  entered_by: by,
  content_hash: createHash('sha256')
    .update(JSON.stringify([firstDay, lastDay, lines.map(contentOf)]))
    .digest('base64url'),
})
