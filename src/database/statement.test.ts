import { expect, it } from 'vitest'
import type { Sql } from './database.ts'
import { insertRows, type NewRow, runQuery, statement } from './statement.ts'

// Removes the risk that a statement is wrong and nobody says so before it runs: `npm run check` fails when one of these does compile.
it('says of a wrong statement that it is wrong, before it is run', () => {
  const refused = [
    // @ts-expect-error: a misspelt column
    statement()((db) => db.selectFrom('orders').select('totl_amount')),
    // @ts-expect-error: a misspelt table
    statement()((db) => db.selectFrom('order').select('id')),
    // @ts-expect-error: a state that is none
    statement()((db) => db.selectFrom('orders').select('id').where('state', '=', 'acepted')),
    // @ts-expect-error: a state that another table has
    statement()((db) => db.updateTable('orders').set({ state: 'executed' })),
    statement<{ text: string }>()((db, $) => {
      const orders = db.selectFrom('orders').select('id')
      // @ts-expect-error: an amount that is a text
      return orders.where('total_amount', '=', $.text)
    }),
  ]
  expect(refused).toHaveLength(5)
})

it('says of a row that it is taken for something else', () => {
  const read = statement<{ id: string }>()((db, $) =>
    db.selectFrom('orders').select(['created_at as createdAt', 'state']).where('id', '=', $.id),
  )
  const refused = async (sql: Parameters<typeof read>[0]) => {
    const [order] = await read(sql, { id: 'ord_1' })
    // @ts-expect-error: a date that is taken for a text
    const day: string | undefined = order?.createdAt
    // @ts-expect-error: a state of an operation that is expected of an order
    const state: 'unknown' | undefined = order?.state
    // @ts-expect-error: a value that is not given
    await read(sql, {})
    return { day, state }
  }
  // @ts-expect-error: a row without columns that have no default
  const row: NewRow<'splits'> = { id: 'spl_1', amount: 1 }
  expect([typeof refused, row.id]).toEqual(['function', 'spl_1'])
})

const sent = () => {
  const asked: { text: string; params: readonly unknown[] }[] = []
  const sql = async (text: string, params: readonly unknown[] = []) => {
    asked.push({ text, params })
    return []
  }
  return { asked, sql: sql as Sql }
}

it('writes what a statement says itself into its text, and what a call gives as parameters', async () => {
  const { asked, sql } = sent()
  const find = statement<{ id: string; parts: string[] }>()((db, $) =>
    db
      .selectFrom('orders')
      .select('id')
      .where('state', 'in', ['pending', 'accepted'])
      .where('id', '=', $.id)
      .where('shipping_choice', '=', $.parts.json as never),
  )
  await find(sql, { id: "it's", parts: ['a'] })
  await find(sql, { id: 'second', parts: [] })
  expect(asked).toEqual([
    {
      text: `select "id" from "orders" where "state" in ('pending', 'accepted') and "id" = $1 and "shipping_choice" = $2::jsonb`,
      params: ["it's", '["a"]'],
    },
    expect.objectContaining({ text: asked[0]?.text, params: ['second', '[]'] }),
  ])
})

it('never writes a value that was asked for into a text, whoever has begun the query', async () => {
  const { asked, sql } = sent()
  await runQuery(sql, (db) => db.selectFrom('orders').select('id').where('email', '=', "' or true --"))
  expect(asked).toEqual([{ text: 'select "id" from "orders" where "email" = $1', params: ["' or true --"] }])
})

it('inserts the columns that records name, all records in one parameter', async () => {
  const { asked, sql } = sent()
  const insert = statement<{ rows: readonly { id: string; type?: string }[] }>()((_, $) =>
    insertRows('links', $.rows as never),
  )
  await insert(sql, { rows: [{ id: 'a' }, { id: 'b' }] })
  await insert(sql, { rows: [{ id: 'c', type: 'x' }] })
  expect(asked.map(({ text }) => text)).toEqual([
    'insert into "links" ("id") select "id" from jsonb_populate_recordset(null::"links", $1::jsonb)',
    'insert into "links" ("id", "type") select "id", "type" from jsonb_populate_recordset(null::"links", $1::jsonb)',
  ])
  expect(asked[0]?.params).toEqual(['[{"id":"a"},{"id":"b"}]'])
  const nothing = statement<{ rows: readonly { id: string }[] }>()((_, $) => insertRows('links', $.rows as never))
  expect(() => nothing(sql, { rows: [] })).toThrow('nothing says which columns of links are inserted')
})
