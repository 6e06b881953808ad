import { sql } from 'kysely'
import { type Runs, statement } from '../database/statement.ts'
import type { BankLine } from '../providers/bank-line.ts'
import type { StatementDays } from '../providers/statement-days.ts'
import type { StandingDifference } from './findings.ts'
import type {
  StatementCounts,
  StatementItem,
  StatementItems,
  StatementMoney,
  StatementOutcome,
  StatementTotal,
} from './settlement-statement.entity.ts'
import { subjectOfLine } from './subject-of-line.ts'

export type NewStatement = StatementDays & {
  provider: string
  lines: readonly BankLine[]
  /** When its days begin and end. */
  from: Date
  until: Date
  /** Who enters it: an operator's address, or a merchant. */
  by: string
}

/** A line of a statement that was not entered, because one of the same reference was, and that one. */
export type RefusedLine = { line: BankLine; stored: BankLine }

/** What became of the lines of a statement: each is entered once, and stays as it was entered. */
export type EnteredLines = {
  entered: number
  /** Said the same before. */
  known: number
  doubled: RefusedLine[]
  conflict: RefusedLine[]
}

/** So many of each outcome are kept with a statement; the counts are of all. */
const keptItems = 1_000

// All lines about what the lines of a statement are about: a payment may have others, on other days.
const readAbout = statement<{ provider: string; references: readonly string[] }>()((db, $) =>
  db
    .with('named', (named) =>
      named
        .selectFrom('bank_lines as l')
        .select(subjectOfLine.as('subject'))
        .distinct()
        .where('l.provider', '=', $.provider)
        .where('l.reference', '=', (l) => l.fn.any($.references.typed('text[]'))),
    )
    .selectFrom('bank_lines as l')
    .innerJoin('named as n', (on) => on.on((eb) => eb('n.subject', '=', subjectOfLine)))
    .select(['n.subject', 'l.reference', 'l.amount', 'l.currency', 'l.order_id as orderId'])
    .select(sql<boolean>`l.booked_at is not null`.as('known'))
    .where('l.provider', '=', $.provider),
)

const readReferences = statement<{ ids: readonly string[] }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .select(['c.id', 'c.provider_reference as reference'])
    .where('c.id', '=', (c) => c.fn.any($.ids.typed('text[]')))
    .unionAll(
      db
        .selectFrom('operations as o')
        .select(['o.id', 'o.provider_reference as reference'])
        .where('o.id', '=', (o) => o.fn.any($.ids.typed('text[]'))),
    ),
)

type Line = Awaited<ReturnType<typeof readAbout>>[number]

/** One thing that lines of the statement are about, with all lines about it. */
type Thing = { subject: string; known: boolean; orderId: string | null; lines: Line[] }

/**
 * How a statement that was entered compares with the ledger, by everything that the books of all providers disagree about: what its lines
 * are about, what of ours has no line in its days, and what of the file was not entered.
 */
export async function reconcileStatement(
  on: Runs,
  { provider, lines, from, until }: NewStatement,
  refused: EnteredLines,
  differences: readonly StandingDifference[],
): Promise<{ counts: StatementCounts; totals: StatementTotal[]; items: StatementItems }> {
  const own = differences.filter((difference) => difference.provider === provider)
  const places = new Map(lines.map(({ reference }, index) => [reference, index]))
  const about = await readAbout(on, { provider, references: [...places.keys()] })
  const placeOf = ({ reference }: Line) => places.get(reference) ?? lines.length
  const things = thingsOf(about.sort((a, b) => placeOf(a) - placeOf(b)))
  const missing = own.filter(
    ({ theirTime, ourTime }) => theirTime === null && ourTime !== null && ourTime >= from && ourTime < until,
  )
  const unpaired = missing.filter(({ subject }) => !things.has(subject))
  const references = await referencesOf(on, unpaired)
  const bySubject = Map.groupBy(own, ({ subject }) => subject)
  const items: StatementItems = {
    ...outcomesOf([...things.values()], bySubject),
    missing: unpaired.map((difference) => ({
      references: references.get(difference.subject) ?? [],
      subject: difference.subject,
      orderId: difference.orderId,
      theirs: null,
      ours: { amount: difference.ours, currency: difference.currency },
    })),
    doubled: refused.doubled.map(toRefusedItem),
    conflict: refused.conflict.map(toRefusedItem),
  }
  const found = [...things.keys()].flatMap((subject) => bySubject.get(subject) ?? []).concat(unpaired)
  return {
    counts: {
      lines: lines.length,
      entered: refused.entered,
      known: refused.known,
      ...mapItems(items, (list) => list.length),
    },
    totals: totalsOf(lines, [...things.values()], found),
    items: mapItems(items, (list) => list.slice(0, keptItems)),
  }
}

const mapItems = <T>(items: StatementItems, of: (list: StatementItem[]) => T): Record<StatementOutcome, T> => ({
  matched: of(items.matched),
  mismatch: of(items.mismatch),
  missing: of(items.missing),
  unexpected: of(items.unexpected),
  doubled: of(items.doubled),
  conflict: of(items.conflict),
})

function thingsOf(lines: readonly Line[]): Map<string, Thing> {
  const things = new Map<string, Thing>()
  for (const line of lines) {
    const { subject, known, orderId } = line
    const thing = things.get(subject)
    if (thing) thing.lines.push(line)
    else things.set(subject, { subject, known, orderId, lines: [line] })
  }
  return things
}

async function referencesOf(on: Runs, missing: readonly StandingDifference[]): Promise<Map<string, string[]>> {
  const rows = await readReferences(on, { ids: missing.map(({ subject }) => subject) })
  return new Map(rows.map(({ id, reference }) => [id, reference === null ? [] : [reference]]))
}

/** Money in one currency of a thing by all lines about it. */
const sumOf = ({ lines }: Thing, currency: string): number =>
  lines.reduce((sum, line) => (line.currency === currency ? sum + line.amount : sum), 0)

function outcomesOf(
  things: readonly Thing[],
  differences: ReadonlyMap<string, readonly StandingDifference[]>,
): Pick<StatementItems, 'matched' | 'mismatch' | 'unexpected'> {
  const items: Pick<StatementItems, 'matched' | 'mismatch' | 'unexpected'> = {
    matched: [],
    mismatch: [],
    unexpected: [],
  }
  for (const thing of things) {
    const found = differences.get(thing.subject) ?? []
    const item = itemOf(thing, found)
    if (found.length === 0) items.matched.push(item)
    else if (found.every(({ ours }) => ours === 0)) items.unexpected.push(item)
    else items.mismatch.push(item)
  }
  return items
}

/** Where one currency is not the other's, what each has of its own is shown. */
function itemOf(thing: Thing, found: readonly StandingDifference[]): StatementItem {
  const theirCurrency = (found.find(({ theirs }) => theirs !== 0) ?? found[0] ?? thing.lines[0])?.currency ?? ''
  const ours = found.find((difference) => difference.ours !== 0)
  const theirs = { amount: sumOf(thing, theirCurrency), currency: theirCurrency }
  return {
    references: thing.lines.map(({ reference }) => reference),
    subject: thing.known ? thing.subject : null,
    orderId: thing.orderId,
    theirs,
    ours: found.length === 0 ? theirs : ours ? { amount: ours.ours, currency: ours.currency } : null,
  }
}

const toRefusedItem = ({ line, stored }: RefusedLine): StatementItem => ({
  references: [line.reference],
  subject: null,
  orderId: null,
  theirs: { amount: line.amount, currency: line.currency },
  ours: { amount: stored.amount, currency: stored.currency },
})

type Sums = Omit<StatementTotal, 'currency' | 'unexplained'>

function totalsOf(
  lines: NewStatement['lines'],
  things: readonly Thing[],
  found: readonly StandingDifference[],
): StatementTotal[] {
  const sums = new Map<string, Sums>()
  const add = ({ amount, currency }: StatementMoney, name: keyof Sums) => {
    const of = sums.get(currency) ?? { amount: 0, fee: 0, elsewhere: 0, ours: 0, explained: 0 }
    of[name] += amount
    sums.set(currency, of)
  }
  for (const line of lines) {
    add(line, 'amount')
    add({ amount: line.fee, currency: line.currency }, 'fee')
  }
  const mentioned = new Set(lines.map(({ reference }) => reference))
  for (const { lines: about, known } of things)
    for (const line of about) {
      if (!mentioned.has(line.reference)) add(line, 'elsewhere')
      if (known) add(line, 'ours')
    }
  const unknown = new Map(things.filter(({ known }) => !known).map((thing) => [thing.subject, thing]))
  for (const { currency, subject, theirs, ours, state } of found) {
    const thing = unknown.get(subject)
    // A finding about an unknown line has its fee taken off; these sums are before fees.
    const amount = thing ? sumOf(thing, currency) : theirs - ours
    if (!thing) add({ amount: -amount, currency }, 'ours')
    if (state === 'explained') add({ amount, currency }, 'explained')
  }
  return [...sums]
    .map(([currency, of]) => ({
      currency,
      ...of,
      unexplained: of.amount + of.elsewhere - of.ours - of.explained,
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
