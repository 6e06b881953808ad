import {
  type AliasedExpression,
  type Compilable,
  createQueryId,
  type DeleteQueryBuilder,
  type DeleteResult,
  DummyDriver,
  type Expression,
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  Kysely,
  type OperationNodeSource,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type RootOperationNode,
  type Simplify,
  sql,
} from 'kysely'
import type { Merging, Sql } from './database.ts'
import { callNumber, calls, setForm } from './set-form.ts'
import type { Tables } from './tables.ts'

/** Where a statement runs: in a step, or by itself. */
export type Runs = { sql: Sql } | Sql

/** A statement that is ready to run. Its rows are as the types of their columns say: a time is a `Date`, and a text inside JSON. */
export type Statement<Params, Row> = (on: Runs, params: Params) => Promise<Row[]>

/** What stands among the parameters of a compiled statement for a value to come. */
class Slot {
  readonly name: string
  readonly write: (value: unknown) => unknown

  constructor(name: string, write: (value: unknown) => unknown) {
    this.name = name
    this.write = write
  }
}

/** All calls of a set, in one parameter. */
const callsSlot = new Slot('', (value) => JSON.stringify(value))

/**
 * What a statement itself says stands in its text: Postgres uses an index on a part of a table only where it sees the state it is asked for,
 * and plans are made without looking at parameters.
 */
class StatementCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Slot) super.appendValue(value)
    else this.appendImmediateValue(value)
  }
}

/** Takes the values of holes from the table of calls. */
class SetCompiler extends StatementCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Slot && value !== callsSlot) this.append(`"${calls}"."_${value.name}"`)
    else super.appendValue(value)
  }
}

const builder = (createQueryCompiler: () => PostgresQueryCompiler) =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler,
    },
  })

/** Builds statements and parts of them; nothing is ever sent through it. Values of its own stand in the text, so they must be ours. */
export const db = builder(() => new StatementCompiler())

/** Compiles a statement for many calls at once. */
const sets = builder(() => new SetCompiler())

/** Builds what is put together for one call: its values are parameters. */
const asked = builder(() => new PostgresQueryCompiler())

type PostgresType =
  | 'text'
  | 'boolean'
  | 'bigint'
  | 'integer'
  | 'double precision'
  | 'jsonb'
  | 'timestamptz'
  | 'uuid'
  | 'text[]'
  | 'bigint[]'

/** What can be compiled: a query of the builder, or raw SQL. */
type Query<Row> = OperationNodeSource & (Compilable<Row> | RawBuilder<Row>)

/** A place in a statement for a value that each call gives. */
export type Hole<T> = RawBuilder<T> & {
  /** The value as `jsonb`, whatever it is: the driver would take a bare array for an array of Postgres. */
  json: RawBuilder<T>
  /** A time that is given as ISO text. */
  time: RawBuilder<Date>
  /** The value with its type said, where nothing else in the statement tells Postgres. */
  typed(type: PostgresType): RawBuilder<T>
}

export type Holes<Params> = { readonly [Name in keyof Params]-?: Hole<Params[Name]> }

const asIs = (value: unknown): unknown => value
const asJson = (value: unknown): string => JSON.stringify(value)
const asRows = (value: unknown): string => JSON.stringify(Array.isArray(value) ? value : [value])

type Compiled = { text: string; parameters: readonly unknown[]; set?: SetText }

/** A statement as it serves many calls at once. */
type SetText = { text: string; returns: boolean; asRows: ReadonlySet<string> }

/** The type of each hole, for the table of calls. */
export type HoleTypes<Params> = { readonly [Name in keyof Params]-?: PostgresType }

/** By the name of a part that inserts: the column of its rows that has the value of a hole, and of no other call's. */
type InsertedBy<Params> = Readonly<Record<string, { column: string; hole: keyof Params & string }>>

/**
 * A statement that the entities type, with named holes for values: a misspelt column, a state that is none, or a time that is taken for a
 * text does not compile. It is built at its first call and kept, so that a call costs what a string costs and Postgres is asked the
 * same text again. One that inserts rows has a text for each set of columns it was given.
 * @param types of all holes: calls that come together are then one statement, see {@link setForm} for which may be. Those that are about
 * rows that orders share, such as stock, say none.
 * @param insertedBy which column of the rows that a part inserts says which call they are of, where another part reads them
 */
export function statement<Params extends object = Record<never, never>>(
  types?: HoleTypes<Params>,
  insertedBy: InsertedBy<Params> = {},
): <Row>(build: (from: typeof db, $: Holes<Params>) => Query<Row>) => Statement<Params, Simplify<Row>> {
  return (build) => {
    const texts = new Map<string, Compiled>()
    let inserted: readonly string[] | undefined
    return (on, params) => {
      const values = params as Record<string, unknown>
      const shape = inserted?.map((name) => columnsOf(values[name])).join(';') ?? ''
      let compiled = inserted && texts.get(shape)
      if (!compiled) {
        const made = new HolesOf(values)
        const query = build(db, made.holes as Holes<Params>)
        compiled = compile(db, query)
        if (types) compiled.set = compileSet(query, types as Record<string, PostgresType>, insertedBy)
        inserted ??= made.inserted
        texts.set(inserted.map((name) => columnsOf(values[name])).join(';'), compiled)
      }
      return run(on, compiled, values)
    }
  }
}

/** Runs what is put together anew for each call, such as a list with just the filters that somebody asked for. */
export const runQuery = <Row>(on: Runs, build: (from: typeof db) => Query<Row>): Promise<Simplify<Row>[]> =>
  run(on, compile(asked, build(asked)), {})

/** Compiles as `by` does, whoever has begun the query: values that somebody asked for must never stand in a text. */
function compile(by: typeof db, query: Query<unknown>): Compiled {
  const id = createQueryId()
  const executor = by.getExecutor()
  // A query's own node is the root of a query.
  const root = query.toOperationNode() as RootOperationNode
  const { sql: text, parameters } = executor.compileQuery(executor.transformQuery(root, id), id)
  return { text, parameters }
}

/**
 * More calls than a set ever has. Postgres expects a hundred rows of any JSON list, and reads a small table whole for their sake; of rows
 * in bounds it expects one, so it asks indexes.
 */
const manyCalls = 1_000_000

function compileSet(
  query: Query<unknown>,
  types: Record<string, PostgresType>,
  insertedBy: InsertedBy<Record<string, unknown>>,
): SetText {
  const id = createQueryId()
  const columns = Object.entries(types).map(([name, type]) => `"_${name}" ${type}`)
  const table = sql`select * from jsonb_to_recordset(${callsSlot}::jsonb) as ${sql.ref(calls)}(${sql.raw([`"${callNumber}" int`, ...columns].join(', '))}) where ${sql.ref(callNumber)} between 0 and ${sql.lit(manyCalls)}`
  const root = query.toOperationNode() as RootOperationNode
  const asRowsOf = new Set<string>()
  for (const parameter of compile(db, query).parameters)
    if (parameter instanceof Slot && parameter.write === asRows) asRowsOf.add(parameter.name)
  const form = setForm(root, sql`(${table})`.toOperationNode(), insertedBy, id)
  const { sql: text } = sets.getExecutor().compileQuery(form, id)
  return { text, returns: returnsRows(root), asRows: asRowsOf }
}

const returnsRows = (root: RootOperationNode): boolean =>
  root.kind === 'SelectQueryNode' || ('returning' in root && root.returning !== undefined)

/** The calls of a set as its parameter, each with its number. */
function callsOf({ asRows: rowsNames }: SetText, list: readonly Record<string, unknown>[]): string {
  return JSON.stringify(
    list.map((values, index) => {
      const entries = Object.entries(values).map(([name, value]) => [
        `_${name}`,
        rowsNames.has(name) && value !== undefined && !Array.isArray(value) ? [value] : value,
      ])
      return { [callNumber]: index, ...Object.fromEntries(entries) }
    }),
  )
}

/** What a statement answers to each of the calls of a set. */
function answersOf({ returns }: SetText, rows: readonly Record<string, unknown>[], count: number): object[][] {
  const answers: object[][] = Array.from({ length: count }, () => [])
  if (!returns) return answers
  for (const { [callNumber]: index, ...row } of rows) answers[Number(index)]?.push(row)
  return answers
}

const merging = new WeakMap<SetText, Merging>()

/** What a connection needs to know to make one statement of many calls. */
function mergingOf(set: SetText): Merging {
  let known = merging.get(set)
  if (!known) {
    known = {
      text: set.text,
      params: (list) => [callsOf(set, list as Record<string, unknown>[])],
      answers: (rows, count) => answersOf(set, rows as Record<string, unknown>[], count),
    }
    merging.set(set, known)
  }
  return known
}

function run<Row extends object>(on: Runs, compiled: Compiled, values: Record<string, unknown>) {
  const { text, parameters, set } = compiled
  const given = parameters.map((parameter) => {
    if (!(parameter instanceof Slot)) return parameter
    const value = values[parameter.name] ?? null
    return value === null ? null : parameter.write(value)
  })
  const ask = typeof on === 'function' ? on : on.sql
  return ask<Row>(text, given, set && { merging: mergingOf(set), values })
}

type RowsHole = { rows: RawBuilder<unknown>; columns(): string[] }
const rowsHoles = new WeakMap<object, RowsHole>()

/** The holes of one statement, made as they are asked for. */
class HolesOf {
  /** The holes whose values say which columns are inserted. */
  readonly inserted: string[] = []
  readonly holes: Record<string, unknown>
  private readonly values: Record<string, unknown>

  constructor(values: Record<string, unknown>) {
    this.values = values
    this.holes = new Proxy({}, { get: (_, name) => this.make(String(name)) })
  }

  private make(name: string) {
    const slot = (write: Slot['write'], type: string) => sql`${new Slot(name, write)}::${sql.raw(type)}`
    const hole = Object.assign(sql`${new Slot(name, asIs)}`, {
      json: slot(asJson, 'jsonb'),
      time: slot(asIs, 'timestamptz'),
      typed: (type: PostgresType) => slot(type === 'jsonb' ? asJson : asIs, type),
    })
    rowsHoles.set(hole, {
      rows: slot(asRows, 'jsonb'),
      columns: () => {
        if (!this.inserted.includes(name)) this.inserted.push(name)
        return columnsOf(this.values[name]).split(',').filter(Boolean)
      },
    })
    return hole
  }
}

/** The columns that records name: those of the first, as all of a call name the same. */
function columnsOf(records: unknown): string {
  const first: unknown = Array.isArray(records) ? records[0] : records
  return typeof first === 'object' && first !== null ? Object.keys(first).join() : ''
}

type TimeAsText<T> = Date extends T ? string : never

/** A row to be inserted: one without a column that has no default does not compile. A time may be written as ISO text. */
export type NewRow<Table extends keyof Tables> = {
  [Column in keyof Insertable<Tables[Table]>]:
    | Insertable<Tables[Table]>[Column]
    | TimeAsText<Insertable<Tables[Table]>[Column]>
}

/**
 * Inserts the record or records of a hole, all in one parameter, so that a new column is one line in its entity and one where it is filled.
 * @param columns what the records name; has to be said where there may be none of them
 */
export function insertRows<Table extends keyof Tables>(
  table: Table,
  records: Hole<NewRow<Table>> | Hole<readonly NewRow<Table>[]>,
  columns?: readonly (keyof NewRow<Table> & string)[],
): InsertQueryBuilder<Tables, Table, InsertResult> {
  const hole = rowsHoles.get(records)
  const named = columns ?? hole?.columns() ?? []
  if (!hole || named.length === 0) throw new Error(`nothing says which columns of ${table} are inserted`)
  const list = sql.join(named.map((column) => sql.ref(column)))
  return db
    .insertInto(table)
    .columns(named as never)
    .expression(sql`select ${list} from jsonb_populate_recordset(null::${sql.table(table)}, ${hole.rows})` as never)
}

/** The records of a hole as rows to select or to update from, each key with the type that Postgres reads it as. */
export function rowsOf<Row extends object, Alias extends string>(
  records: Hole<readonly Row[]>,
  alias: Alias,
  types: { readonly [Key in keyof Row]: PostgresType },
): AliasedExpression<Row, Alias> {
  const columns = sql.join(
    Object.entries<PostgresType>(types).map(([key, type]) => sql`${sql.ref(key)} ${sql.raw(type)}`),
  )
  return sql<Row>`jsonb_to_recordset(${records.json})`.as(sql`${sql.ref(alias)}(${columns})`)
}

/** The moment the transaction began. */
export const now = sql<Date>`now()`

/** A JSON object with the entries of another put in, such as the stamp of a state among those before it. */
export const merged = <T extends object>(object: Expression<T>, more: Hole<T>): RawBuilder<T> =>
  sql<T>`${object} || ${more.json}`

/** Rows of a subquery as a JSON list, empty where there are none. `orderBy` sorts them. */
export const jsonList = <T>(of: Expression<T>, orderBy?: Expression<unknown>): RawBuilder<T[]> =>
  orderBy ? sql<T[]>`coalesce(json_agg(${of} order by ${orderBy}), '[]')` : sql<T[]>`coalesce(json_agg(${of}), '[]')`

/** A subquery of one value that is always there, as a list of {@link jsonList} or a count is: Kysely takes any for one that may be missing. */
export const scalar = <T>(query: Expression<Record<string, T>>): RawBuilder<T> => sql<T>`${query}`

/** The elements of a JSON list as rows of one column, `item`. */
export const elementsOf = <T, Alias extends string>(
  list: Expression<readonly T[]>,
  alias: Alias,
): AliasedExpression<{ item: T }, Alias> =>
  sql<{ item: T }>`jsonb_array_elements(${list})`.as(sql`${sql.ref(alias)}(item)`)

type KeyOf<T> = T extends unknown ? keyof T & string : never

/** What a JSON object has under a key, as text. */
export const textAt = <T extends object>(object: Expression<T>, key: KeyOf<T>): RawBuilder<string | null> =>
  sql<string | null>`${object} ->> ${sql.lit(key)}`

/** Carries a deletion out and says how many rows went, without sending any of them. */
export const removed = (deletion: DeleteQueryBuilder<Tables, never, DeleteResult>) =>
  db
    .with('gone', () => deletion.returning(sql.lit(1).as('one')))
    .selectFrom('gone')
    .select((gone) => gone.fn.countAll<number>().as('removed'))
