import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { type Page, readPage } from '../database/page.ts'
import { db, insertRows, type NewRow, now, statement } from '../database/statement.ts'
import { newId } from '../platform/ids.ts'
import { statesBefore } from '../platform/state-machine.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { FindingKind } from './audit-finding.entity.ts'
import { type FindingState, findingTransitions } from './audit-finding.state-machine.ts'
import type { Compared } from './compare-books.ts'

const standing = () =>
  db
    .selectFrom('audit_findings')
    .select(['id', 'provider', 'currency', 'subject', 'theirs', 'ours', 'state'])
    .where('state', '<>', 'corrected')
    .orderBy('id')

const readStanding = statement()(standing)
const lockStanding = statement()(() => standing().forUpdate())

type Standing = Awaited<ReturnType<typeof readStanding>>[number]
export type StandingDifference = Compared & Pick<Standing, 'state'>

const correct = statement<{ ids: readonly string[] }>()((db, $) =>
  db
    .updateTable('audit_findings')
    .set({ state: 'corrected', updated_at: now })
    .where('id', '=', (f) => f.fn.any($.ids.typed('text[]')))
    .where('state', 'in', statesBefore(findingTransitions, 'corrected')),
)

const insert = statement<{ findings: readonly NewRow<'audit_findings'>[] }>()((_, $) =>
  insertRows('audit_findings', $.findings),
)

const keyOf = ({ provider, currency, subject }: Pick<Compared, 'provider' | 'currency' | 'subject'>) =>
  [provider, currency, subject].join(' ')

const thingOf = ({ provider, subject }: Pick<Compared, 'provider' | 'subject'>) => [provider, subject].join(' ')

/** The things that their books have in one currency and ours in another. */
function thingsInOtherCurrencies(differences: readonly Compared[]): ReadonlySet<string> {
  const onlyThere = new Set(differences.filter(({ ours }) => ours === 0).map(thingOf))
  const onlyHere = new Set(differences.filter(({ theirs }) => theirs === 0).map(thingOf))
  return onlyThere.intersection(onlyHere)
}

/** What kind of disagreement each of these is. */
export function kindsOf(differences: readonly Compared[]): (difference: Compared) => FindingKind {
  const inOtherCurrencies = thingsInOtherCurrencies(differences)
  return (difference) => (inOtherCurrencies.has(thingOf(difference)) ? 'currency_differs' : kindOf(difference))
}

const kindOf = ({ provider, theirs, ours }: Compared): FindingKind => {
  if (provider === 'ledger' && theirs === 0) return 'not_cleared'
  if (ours === 0) return 'missing_here'
  return theirs === 0 ? 'missing_there' : 'amount_differs'
}

/** By a difference: the finding that is about exactly it, if it is found. */
const findingOf = (findings: readonly Standing[]) => {
  const byKey = new Map(findings.map((finding) => [keyOf(finding), finding]))
  return (difference: Compared) => {
    const known = byKey.get(keyOf(difference))
    return known?.theirs === difference.theirs && known.ours === difference.ours ? known : undefined
  }
}

const withStates = (
  differences: readonly Compared[],
  known: (difference: Compared) => Standing | undefined,
): StandingDifference[] =>
  differences.map((difference) => ({ ...difference, state: known(difference)?.state ?? 'open' }))

/** Differences with how their findings stand; one that no comparison has found yet is open. */
export async function withFindings(on: Sql, differences: readonly Compared[]): Promise<StandingDifference[]> {
  return withStates(differences, findingOf(await readStanding(on, {})))
}

/**
 * Makes the findings those that stand: what agrees again is corrected, what is new is found, and what a person has explained stays explained
 * as long as it is what was explained. Returns those that stand now.
 */
export async function storeFindings(tx: Transaction, differences: readonly Compared[]): Promise<StandingDifference[]> {
  const before = await lockStanding(tx, {})
  const same = findingOf(before)
  const kept = new Set(differences.flatMap((difference) => same(difference)?.id ?? []))
  const over = before.filter(({ id }) => !kept.has(id))
  if (over.length > 0) await correct(tx, { ids: over.map(({ id }) => id) })
  const fresh = differences.filter((difference) => !same(difference))
  const kind = kindsOf(differences)
  if (fresh.length > 0)
    await insert(tx, {
      findings: fresh.map((difference) => ({
        id: newId('finding'),
        provider: difference.provider,
        currency: difference.currency,
        subject: difference.subject,
        order_id: difference.orderId,
        kind: kind(difference),
        theirs: difference.theirs,
        ours: difference.ours,
      })),
    })
  return withStates(differences, same)
}

const explain = statement<{ id: string; reason: string; author: string }>()((db, $) =>
  db
    .updateTable('audit_findings')
    .set({ state: 'explained', reason: $.reason, author: $.author, updated_at: now })
    .where('id', '=', $.id)
    .where('state', 'in', statesBefore(findingTransitions, 'explained'))
    .returning('id'),
)

/** Notes why a finding is as it is. Returns whether it was open. */
export async function explainFinding(
  on: Sql,
  finding: { id: string; reason: string; author: string },
): Promise<boolean> {
  return (await explain(on, finding)).length > 0
}

export type Finding = Awaited<ReturnType<typeof listFindings>>['findings'][number]

/** Findings, newest first. */
export async function listFindings(on: Sql, state: FindingState | undefined, page: Page) {
  const { hasMore, rows } = await readPage(on, page, 'f.id', (db) =>
    db
      .selectFrom('audit_findings as f')
      .select([
        'f.id',
        'f.provider',
        'f.currency',
        'f.subject',
        'f.order_id as orderId',
        'f.kind',
        'f.theirs',
        'f.ours',
        'f.state',
        'f.reason',
        'f.author',
        'f.created_at as createdAt',
      ])
      .where((f) => (state === undefined ? sql<boolean>`true` : f('f.state', '=', state))),
  )
  return { hasMore, findings: rows }
}
