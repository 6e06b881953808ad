import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import type { Database, Sql } from './database.ts'
import { insertRows, merged, type NewRow, type Statement, scalar, statement } from './statement.ts'

// Removes the risk that a statement answers otherwise when it serves many calls at once.
describe('a statement for a set of calls', () => {
  let server: TestDatabase
  let database: Database
  const names = ['Ada', 'Bert', 'Cora']

  beforeAll(async () => {
    server = await freshDatabase()
    database = await connect({ url: server.url, poolSize: 4, name: 'test' })
    for (const name of names) {
      await database.sql('insert into merchants (id, name) values ($1, $2)', [`mer_${name}`, name])
      await database.sql(
        `insert into skus (id, merchant_id, seller_id, name, kind, price, currency, metadata) values ($1, $1, $1, $2, 'digital', 1, 'USD', '{}')`,
        [`mer_${name}`, name],
      )
    }
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  /** What the calls are answered by one statement, in a transaction of a group that is taken back if `undone`. */
  const together = async <Params, Row>(asked: Statement<Params, Row>, calls: readonly Params[]): Promise<Row[][]> => {
    const { statements } = database.counters
    const end = await database.group(
      calls.map(
        (params) =>
          async ({ sql }) =>
            asked(sql, params),
      ),
      async () => undefined,
    )
    if (end.outcome !== 'committed') throw new Error(`the group ${end.outcome}`, { cause: end })
    // One sets the patience of the transaction.
    expect(database.counters.statements - statements).toBe(2)
    return end.members.map((member) => {
      if ('error' in member) throw member.error
      return member.value
    })
  }
  const idsOf = (...wanted: string[]) => wanted.map((name) => ({ id: `mer_${name}` }))

  it('gives every call the rows of its own, and none to who has none', async () => {
    const find = statement<{ id: string }>({ id: 'text' })((db, $) =>
      db.selectFrom('merchants').select(['id', 'name']).where('id', '=', $.id).forUpdate(),
    )
    expect(await together(find, idsOf('Cora', 'nobody', 'Ada'))).toEqual([
      [{ id: 'mer_Cora', name: 'Cora' }],
      [],
      [{ id: 'mer_Ada', name: 'Ada' }],
    ])
  })

  it('asks an index for each call, also where its table is small enough to be read whole', async () => {
    const asked: string[] = []
    const listen: Sql = async (_, __, mergeable) => {
      asked.push(mergeable?.merging.text ?? '')
      return []
    }
    const find = statement<{ id: string }>({ id: 'text' })((db, $) =>
      db.selectFrom('merchants').select('name').where('id', '=', $.id),
    )
    await find(listen, { id: 'x' })
    await database.sql(
      `insert into merchants (id, name) select 'mer_of_many_' || n, 'One of many' from generate_series(1, 2000) n`,
    )
    await database.sql('analyze merchants')
    const plan = await database.sql<{ 'QUERY PLAN': unknown }>(`explain (format json) ${asked[0]}`, ['[]'])
    const said = JSON.stringify(plan)
    expect(said).toContain('merchants_pkey')
    expect(said).not.toContain('Seq Scan')
  })

  it('changes for every call what is asked for, and says so only where it says so to one', async () => {
    type Rename = { id: string; name: string; more: Record<string, string | number | boolean> }
    const rename = (returning: boolean) =>
      statement<Rename>({ id: 'text', name: 'text', more: 'jsonb' })((db, $) => {
        const update = db
          .updateTable('skus')
          .set((s) => ({ name: $.name, metadata: merged(s.ref('metadata'), $.more) }))
          .where('id', '=', $.id)
        return returning ? update.returning(['name', 'metadata']) : update
      })
    const calls = [
      { id: 'mer_Ada', name: 'Ada 2', more: { rank: 1 } },
      { id: 'mer_nobody', name: 'x', more: {} },
      { id: 'mer_Bert', name: 'Bert 2', more: { rank: 2 } },
    ]
    expect(await together(rename(true), calls)).toEqual([
      [{ name: 'Ada 2', metadata: { rank: 1 } }],
      [],
      [{ name: 'Bert 2', metadata: { rank: 2 } }],
    ])
    expect(await together(rename(false), calls)).toEqual([[], [], []])
  })

  it('keeps apart what one part of the statement hands to the next', async () => {
    type Addition = { merchantId: string; skus: readonly NewRow<'skus'>[]; names: readonly string[] }
    const add = statement<Addition>(
      { merchantId: 'text', skus: 'jsonb', names: 'text[]' },
      { made: { column: 'merchant_id', hole: 'merchantId' } },
    )((db, $) =>
      db
        .with('made', () => insertRows('skus', $.skus, skuColumns).returning(['merchant_id', 'id', 'price']))
        .with('renamed', (step) =>
          step
            .updateTable('merchants')
            .set({ name: $.merchantId })
            .where('name', '=', (m) => m.fn.any($.names.typed('text[]')))
            .returning('id'),
        )
        .with('dear', (step) => step.selectFrom('made as m').select('m.id').where('m.price', '>', 100))
        .selectNoFrom((step) => [
          scalar(step.selectFrom('made').select((m) => m.fn.countAll<number>().as('n'))).as('made'),
          scalar(step.selectFrom('renamed').select((m) => m.fn.countAll<number>().as('n'))).as('renamed'),
          scalar(step.selectFrom('dear').select((m) => m.fn.countAll<number>().as('n'))).as('dear'),
        ]),
    )
    const sku = (merchantId: string, id: string, price: number): NewRow<'skus'> => ({
      merchant_id: merchantId,
      id,
      seller_id: merchantId,
      name: id,
      kind: 'digital',
      price,
      currency: 'USD',
      metadata: {},
    })
    const skuColumns = ['merchant_id', 'id', 'seller_id', 'name', 'kind', 'price', 'currency', 'metadata'] as const
    const calls = [
      { merchantId: 'mer_Ada', skus: [sku('mer_Ada', 'a', 5), sku('mer_Ada', 'b', 500)], names: ['Ada'] },
      { merchantId: 'mer_Bert', skus: [], names: [] },
      { merchantId: 'mer_Cora', skus: [sku('mer_Cora', 'c', 5)], names: ['Bert', 'Cora'] },
    ]
    expect(await together(add, calls)).toEqual([
      [{ made: 2, renamed: 1, dear: 1 }],
      [{ made: 0, renamed: 0, dear: 0 }],
      [{ made: 1, renamed: 2, dear: 0 }],
    ])
  })

  it('is one statement also outside a transaction, and who fails fails alone', async () => {
    const insert = statement<{ row: NewRow<'merchants'> }>({ row: 'jsonb' })((_, $) =>
      insertRows('merchants', $.row, ['id', 'name']),
    )
    const ids = ['one', 'two', 'Ada', 'three', 'four']
    const { commits } = database.counters
    const ends = await Promise.allSettled(ids.map((id) => insert(database, { row: { id: `mer_${id}`, name: id } })))
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    // The first two at once, the others together, and each of these by itself for the sake of one.
    expect(database.counters.commits - commits).toBe(2 + 1 + 3)
  })

  it('does not exist for one that sorts, or that reads what it inserts without knowing whose it is', async () => {
    const sorted = statement<{ id: string }>({ id: 'text' })((db, $) =>
      db.selectFrom('merchants').select('id').where('id', '=', $.id).orderBy('id'),
    )
    await expect(async () => sorted(database, { id: 'x' })).rejects.toThrow('not answered in an order')
    const nobodys = statement<{ rows: readonly NewRow<'merchants'>[] }>({ rows: 'jsonb' })((db, $) =>
      db
        .with('made', () => insertRows('merchants', $.rows, ['id', 'name']).returning('id'))
        .selectFrom('made')
        .select('id'),
    )
    await expect(async () => nobodys(database, { rows: [] })).rejects.toThrow('what made inserts')
  })
})
