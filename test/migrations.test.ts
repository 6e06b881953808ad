import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Migration } from '@mikro-orm/migrations'
import { describe, expect, it } from 'vitest'

const folder = path.resolve(import.meta.dirname, '../migrations')

/** What the first release began with: there was no version before it that could be running. */
const baseline = ['Migration20261121195054_orders', 'Migration20261121200000_guards']

const beforeRelease = 'made before 0.1.0 was released: whoever runs such a version stops its processes for the update'

/** What migrations since then do all the same, each with the reason why no process of the last version runs into it. */
const exceptions: Record<string, string> = {
  'Migration20261125230000_idempotency_by_key idempotency_keys: drops idempotency_keys_pkey': beforeRelease,
  'Migration20261125230000_idempotency_by_key idempotency_keys: adds a primary key': beforeRelease,
  'Migration20261129053000_operation_columns operations: drops operations_purpose_unique': beforeRelease,
  'Migration20261129053000_operation_columns operations: adds a unique index':
    'refuses less than the constraint that it replaces: what was set aside does not count',
  'Migration20261129143324_kept_for_a_time orders: drops orders_checkout_id_fk':
    'a foreign key that is gone refuses nothing, and no statement names it',
  'Migration20261129220456_sunk_costs splits: checks splits_withheld':
    'who does not know withheld_amount leaves it at zero, which every amount allows',
  'Migration20261129220541_payouts operations: drops operations_order_id_fk':
    'a foreign key that is gone refuses nothing, and no statement names it',
  'Migration20261130103027_local_tax_rates tax_rates: drops tax_rates_place': beforeRelease,
  'Migration20261130103027_local_tax_rates tax_rates: adds a unique index':
    'of rates without city and postal code it refuses what the constraint that it replaces refused',
  'Migration20261201013722_products skus: adds a unique index':
    'of variants alone, which no process of the last version makes',
}

/** What a statement may do to a table that the last version's processes would run into. */
const breaking: readonly (readonly [RegExp, string])[] = [
  [/\bdrop table\b/, 'drops the table'],
  [/\bdrop (?:materialized )?view\b/, 'drops a view'],
  [/\bdrop column\b/, 'drops a column'],
  [/\brename\b/, 'renames'],
  [/\balter (?:column )?\w+ set not null\b/, 'sets not null'],
  [/\balter (?:column )?\w+ drop default\b/, 'drops a default'],
  [/\balter (?:column )?\w+ (?:set data )?type\b/, 'changes a type'],
  [/\badd constraint \w+ (?:unique|exclude)\b/, 'adds a unique constraint'],
  [/^create unique index\b/, 'adds a unique index'],
  [/\badd (?:constraint \w+ )?primary key\b/, 'adds a primary key'],
]

/** The changes of an `alter table`, or the columns of a `create table`: what stands between the commas that no parenthesis holds. */
function partsOf(statement: string): string[] {
  let depth = 0
  const parts = ['']
  for (const letter of statement) {
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts
}

const plain = (statements: readonly string[]): string[] =>
  statements
    .flatMap((statement) => statement.replace(/--.*$/gm, '').split(/;\s*(?:\n|$)/))
    .map((statement) => statement.toLowerCase().replaceAll('"', '').replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '' && !/^create (?:or replace )?function\b/.test(statement))

const tableOf = (statement: string): string =>
  /^(?:alter|drop|create) table (?:if (?:not )?exists )?(?:only )?(\w+)/.exec(statement)?.[1] ??
  /^create unique index .*?\bon (\w+)/.exec(statement)?.[1] ??
  ''

const addedColumn = (change: string): string | undefined =>
  /\badd (?:column (?:if not exists )?)?(?!constraint\b|primary\b)(\w+) /.exec(change)?.[1]

/** The values that a check allows its column, by the name of the check. */
const listsIn = (statements: readonly string[]): Map<string, Set<string>> =>
  new Map(
    statements.flatMap((statement) =>
      [...statement.matchAll(/constraint (\w+) check \(+\w+ in \(([^)]*)\)/g)].map(
        ([, name = '', list = '']) => [name, new Set(list.split(',').map((value) => value.trim()))] as const,
      ),
    ),
  )

/** The checks of a statement that could refuse what was taken before: not those of new columns only, and not wider lists. */
function narrowingChecks(statement: string, columns: ReadonlySet<string>, before: Map<string, Set<string>>): string[] {
  return [...statement.matchAll(/\badd constraint (\w+) check (.*?)(?=, (?:add|drop|alter) |$)/g)].flatMap(
    ([, name = '', condition = '']) => {
      const words = condition.replace(/'[^']*'/g, '').match(/[a-z_]\w*/g) ?? []
      const named = words.filter((word) => !['in', 'is', 'not', 'null', 'and', 'or', 'between'].includes(word))
      if (named.every((word) => columns.has(word))) return []
      const [now, then] = [listsIn([statement]).get(name), before.get(name)]
      if (now && then && [...then].every((value) => now.has(value))) return []
      return [`checks ${name}`]
    },
  )
}

/** The constraints that a statement drops for good. What an `on conflict` of the last version names must stay. */
const droppedConstraints = (statement: string, all: readonly string[]): string[] =>
  [...statement.matchAll(/\bdrop constraint (?:if exists )?(\w+)/g)].flatMap(([, name = '']) =>
    all.some((other) => other.includes(`add constraint ${name} `)) ? [] : [`drops ${name}`],
  )

/** The unique index of an earlier migration that a statement drops: an `on conflict` may rest on it. */
function droppedUniqueIndex(statement: string, earlier: readonly string[]): string[] {
  const [, name] = /^drop index (?:concurrently )?(?:if exists )?(\w+)/.exec(statement) ?? []
  return name && earlier.some((other) => other.startsWith(`create unique index ${name} `)) ? [`drops ${name}`] : []
}

const addsWithoutDefault = (change: string): boolean =>
  addedColumn(change) !== undefined && /\bnot null\b/.test(change) && !/\bdefault\b|\bgenerated\b/.test(change)

/**
 * What of a migration's statements breaks processes that know the schema from before it; what it makes itself nobody knows yet.
 * @param earlier the statements of the migrations before it, whose checks it may widen
 */
function breakingChanges(statements: readonly string[], earlier: readonly string[]): string[] {
  const all = plain(statements)
  const made = new Set(all.filter((statement) => statement.startsWith('create table')).map(tableOf))
  const columns = new Set(all.flatMap(partsOf).flatMap((change) => addedColumn(change) ?? []))
  const older = plain(earlier)
  const before = listsIn(older)
  return all
    .filter((statement) => !made.has(tableOf(statement)))
    .flatMap((statement) =>
      [
        ...breaking.flatMap(([pattern, what]) => (pattern.test(statement) ? [what] : [])),
        ...droppedConstraints(statement, all),
        ...droppedUniqueIndex(statement, older),
        ...narrowingChecks(statement, columns, before),
        ...(statement.startsWith('alter table') && partsOf(statement).some(addsWithoutDefault)
          ? ['adds a column that must be given']
          : []),
      ].map((what) => `${tableOf(statement)}: ${what}`),
    )
}

async function statementsOf(name: string): Promise<string[]> {
  const file: Record<string, new () => Migration> = await import(path.join(folder, `${name}.ts`))
  const Class = file[name]
  if (!Class) throw new Error(`${name} exports no class of its name`)
  const migration = new Class()
  await migration.up()
  return migration.getQueries().map(String)
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort()

// Removes the risk that processes of the last version, which still run while a new one is migrated to, fail at its schema.
describe('migrations', () => {
  it('leave what the last version reads and writes as it is, but for what is explained', async () => {
    const found: string[] = []
    const earlier: string[] = []
    for (const name of names) {
      const statements = await statementsOf(name)
      if (!baseline.includes(name))
        found.push(...breakingChanges(statements, earlier).map((change) => `${name} ${change}`))
      earlier.push(...statements)
    }
    expect(names.slice(0, baseline.length)).toEqual(baseline)
    expect(earlier.length).toBeGreaterThan(200)
    expect(found.sort()).toEqual(Object.keys(exceptions).sort())
  })

  it('have reasons for what they are excepted from', () => {
    for (const [change, reason] of Object.entries(exceptions)) expect(reason.length, change).toBeGreaterThan(20)
  })

  const before = [
    'create unique index orders_key on orders (key)',
    `create table orders (id text, state text constraint orders_state_check check (state in ('a', 'b')))`,
  ]

  it.each([
    ['drop table orders', 'orders: drops the table'],
    ['alter table "orders" drop column "state";', 'orders: drops a column'],
    ['alter table orders add note text, drop column state', 'orders: drops a column'],
    ['alter table orders rename column state to stage', 'orders: renames'],
    ['alter table "orders" rename to "purchases";', 'orders: renames'],
    ['alter table "orders" alter column "state" set not null;', 'orders: sets not null'],
    ['alter table orders\n  alter column state drop default', 'orders: drops a default'],
    ['alter table "orders" alter column "total" type bigint using ("total"::bigint);', 'orders: changes a type'],
    ['alter table "orders" add "origin" text not null;', 'orders: adds a column that must be given'],
    [
      'alter table orders add column a int default 0, add column b int not null',
      'orders: adds a column that must be given',
    ],
    ['create unique index orders_number on orders (number)', 'orders: adds a unique index'],
    ['alter table orders add constraint orders_number unique (number)', 'orders: adds a unique constraint'],
    ['alter table orders drop constraint orders_number', 'orders: drops orders_number'],
    ['drop index orders_key', ': drops orders_key'],
    ['alter table orders add primary key (id, state)', 'orders: adds a primary key'],
    ['alter table orders add constraint positive check (total > 0)', 'orders: checks positive'],
    [
      `alter table orders drop constraint orders_state_check, add constraint orders_state_check check (state in ('a'))`,
      'orders: checks orders_state_check',
    ],
  ])('that say %s are found', (statement, found) => {
    expect(breakingChanges([statement], before)).toEqual([found])
  })

  it.each([
    ['alter table "orders" add "note" text null, add "counts" boolean not null default false;'],
    ['create index orders_number on orders (number)'],
    ['alter table orders alter column state drop not null'],
    [
      `alter table orders drop constraint orders_state_check, add constraint orders_state_check check (state in ('a', 'b', 'c'))`,
    ],
    [`alter table orders add origin text not null default 'x', add constraint known check (origin in ('x', 'y'))`],
    ['alter table orders add constraint orders_cart foreign key (cart_id) references carts (id) not valid'],
    [
      'create table news (id text not null);\ncreate unique index news_id on news (id);\nalter table news drop column id',
    ],
  ])('that say %s are not', (statement) => {
    expect(breakingChanges([statement], before)).toEqual([])
  })
})
