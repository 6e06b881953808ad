import { sql } from 'kysely'
import { insertRows, type NewRow, type Runs, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import type { BankLine } from '../providers/bank-line.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { bookBankLines } from './book-bank-lines.ts'

export type AuditParts = UnitOfWork & { providers: PaymentProviders; config: Pick<Config, 'providerFee'> }

const hourMs = 3_600_000
/** A line may show some minutes after its moment; what is read twice is stored once. */
const overlapMs = hourMs
/** So much of a book is asked for at once, so that a busy year never stands in memory together. */
const windowMs = 24 * hourMs
const storedAtOnce = 500

const readMark = statement<{ provider: string }>()((db, $) =>
  db.selectNoFrom((none) => [
    none.selectFrom('bank_marks').select('read_until').where('provider', '=', $.provider).as('readUntil'),
    none
      .selectFrom('ledger_entries')
      .select((l) => l.fn.min<Date>('created_at').as('first'))
      .where('account', '=', sql<string>`'provider:' || ${$.provider.typed('text')}`)
      .as('first'),
  ]),
)

const setMark = statement<{ provider: string; readUntil: Date }>()((db, $) =>
  db
    .insertInto('bank_marks')
    .values({ provider: $.provider, read_until: $.readUntil })
    .onConflict((conflict) => conflict.column('provider').doUpdateSet({ read_until: $.readUntil })),
)

const store = statement<{ lines: readonly NewRow<'bank_lines'>[] }>()((_, $) =>
  insertRows('bank_lines', $.lines)
    .onConflict((conflict) => conflict.columns(['provider', 'reference']).doNothing())
    .returning('id'),
)

/** Stores lines of a provider's books, each once. Returns how many of them are new. */
export async function storeBankLines(on: Runs, provider: string, lines: readonly BankLine[]): Promise<number> {
  let stored = 0
  for (let first = 0; first < lines.length; first += storedAtOnce) {
    const some = lines.slice(first, first + storedAtOnce)
    stored += (await store(on, { lines: some.map(toRow(provider)) })).length
  }
  return stored
}

/**
 * Reads what has been added to each provider's books since the last time, and enters into the ledger what only they tell: fees, disputes,
 * payouts. Any number of processes may do this at once. Returns how many lines could not be entered, because nothing of ours is known yet
 * that they are about.
 * @throws ProviderError
 */
export async function readBankLines(parts: AuditParts, until: Date = new Date()): Promise<number> {
  for (const provider of parts.providers.values()) {
    const readBook = provider.readBook?.bind(provider)
    if (!readBook) continue
    const [mark] = await readMark(parts.database, { provider: provider.name })
    const since = mark?.readUntil ?? mark?.first
    if (!since) continue
    const complete = (await provider.booksUntil?.()) ?? until
    const end = Math.min(until.getTime(), complete.getTime())
    for (let from = since.getTime() - overlapMs; from < end; from += windowMs) {
      const to = new Date(Math.min(from + windowMs, end))
      await storeBankLines(parts.database, provider.name, await readBook(new Date(from), to))
      await setMark(parts.database, { provider: provider.name, readUntil: to })
    }
  }
  return bookBankLines(parts)
}

const toRow =
  (provider: string) =>
  ({
    reference,
    kind,
    source,
    operationId,
    amount,
    fee,
    currency,
    at,
    availableOn,
  }: BankLine): NewRow<'bank_lines'> => ({
    id: newId('bankLine'),
    provider,
    reference,
    kind,
    source: source ?? null,
    operation_id: operationId ?? null,
    amount,
    fee,
    currency,
    at: at.toISOString(),
    available_on: availableOn?.toISOString() ?? null,
  })
