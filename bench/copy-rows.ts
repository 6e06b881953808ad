import type pg from 'pg'

/**
 * Rows of template orders with marks where a copy has something of its own, in a schema of their own: a copy is then a replacement
 * of texts, which costs a tenth of looking for ids again.
 */
const marks = {
  /** Time and number of an id, before its last nine letters, which tell the ids of one order apart. */
  stamp: 'chr(1)',
  /** The same of a UUID. */
  uuid: 'chr(2)',
  /** What makes a provider's reference another one. */
  reference: 'chr(3)',
  merchant: 'chr(4)',
  buyer: 'chr(5)',
  name: 'chr(6)',
} as const

/** One copy to be made; `mark` values by the columns of the plan. */
export type PlannedCopy = Record<keyof typeof marks, string> & { template: string; created: string }

/** Where the rows of an order `o` are found, in the order in which they may be inserted. Days: after so many no row is kept. */
const tables: readonly { name: string; of: string; days?: number }[] = [
  { name: 'customers', of: 'x.id = o.customer_id and x.merchant_id = o.merchant_id' },
  { name: 'checkouts', of: 'x.id = o.checkout_id' },
  { name: 'checkout_items', of: 'x.checkout_id = o.checkout_id' },
  { name: 'orders', of: 'x.id = o.id' },
  ...[
    'order_items',
    'charges',
    'splits',
    'charge_entries',
    'shipments',
    'operations',
    'deliveries',
    'files',
    'order_documents',
    'mails',
    'refunds',
    'fraud_findings',
    'order_timeline',
    'event_sequences',
    'ledger_entries',
  ].map((name) => ({ name, of: 'x.order_id = o.id' })),
  { name: 'tasks', of: 'x.order_id = o.id', days: 30 },
  { name: 'outgoing_events', of: 'x.order_id = o.id', days: 30 },
  { name: 'inbox_events', of: 'x.order_id = o.id', days: 180 },
]

const prefixes = 'ord|item|chg|op|spl|tsk|inb|ci|shp|dlv|file|mail|evt|re|cap|can|cre|doc|cus'
const references = ['provider_reference', 'provider_charge_id', 'event_id', 'reference', 'storage_key']

type Column = { name: string; type: string; marks: (keyof typeof marks)[] }

/** Statements that copy rows of templates, one a table. */
export type Copier = { table: string; days: number | undefined; text: string }[]

/** Puts the rows of some orders aside, marked, and returns what copies them. */
export async function prepareCopies(sql: pg.ClientBase, orderIds: readonly string[]): Promise<Copier> {
  await sql.query('drop schema if exists fill cascade')
  await sql.query('create schema fill')
  const copier: Copier = []
  for (const { name, of, days } of tables) {
    const columns = await columnsOf(sql, name)
    await sql.query(
      `create table fill.${name} as select o.id as template, o.created_at as template_created,
         ${columns.map((column) => `${marked(column)} as ${column.name}`).join(', ')}
       from orders o join ${name} x on ${of} where o.id = any(${literals(orderIds)})`,
    )
    for (const column of columns) column.marks = await marksIn(sql, name, column)
    copier.push({ table: name, days, text: copyText(name, columns) })
  }
  return copier
}

const literals = (ids: readonly string[]) => `array[${ids.map((id) => `'${id}'`).join(', ')}]`

/** The columns that are copied; numbers that the database draws are drawn anew. */
async function columnsOf(sql: pg.ClientBase, table: string): Promise<Column[]> {
  const { rows } = await sql.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute a
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and coalesce(pg_get_expr(d.adbin, d.adrelid), '') not like 'nextval%' order by attnum`,
    [table],
  )
  return rows.map((row) => ({ ...row, marks: [] }))
}

const isText = ({ type }: Column) => ['text', 'jsonb', 'uuid'].includes(type)

function marked({ name, type }: Column): string {
  if (!isText({ name, type, marks: [] })) return `x.${name}`
  const text = `x.${name}::text`
  if (references.includes(name)) return `${text} || ${marks.reference}`
  const ids = `regexp_replace(${text}, '(${prefixes})_[0-9a-hjkmnp-tv-z]{17}([0-9a-hjkmnp-tv-z]{9})(?![0-9a-zA-Z])', '\\1_' || ${marks.stamp} || '\\2', 'g')`
  const uuids = `regexp_replace(${ids}, '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-', ${marks.uuid}, 'g')`
  const merchants = `replace(${uuids}, o.merchant_id, ${marks.merchant})`
  const buyers = `regexp_replace(${merchants}, 'buyer-\\d+@', ${marks.buyer} || '@', 'g')`
  return `replace(${buyers}, 'Ada Buyer', ${marks.name})`
}

async function marksIn(sql: pg.ClientBase, table: string, column: Column): Promise<(keyof typeof marks)[]> {
  if (!isText(column)) return []
  const names = Object.keys(marks) as (keyof typeof marks)[]
  const found = names.map((name) => `coalesce(bool_or(strpos(${column.name}, ${marks[name]}) > 0), false) as ${name}`)
  const { rows } = await sql.query<Record<string, boolean>>(`select ${found.join(', ')} from fill.${table}`)
  return names.filter((name) => rows[0]?.[name])
}

/** What is still to come of an open order comes after the fill. */
const ahead = ['expires_at', 'next_check_at']

function copyText(table: string, columns: readonly Column[]): string {
  const value = ({ name, type, marks: own }: Column): string => {
    if (ahead.includes(name)) return `case when x.${name} is not null then now() + interval '2 days' end`
    if (type === 'timestamp with time zone') return `x.${name} + (p.created - x.template_created)`
    const text = own.reduce((inner, mark) => `replace(${inner}, ${marks[mark]}, p.${mark})`, `x.${name}`)
    return isText({ name, type, marks: own }) ? `(${text})::${type}` : text
  }
  const plan = [...Object.keys(marks), 'template'].map((name) => `${name} text`).join(', ')
  return `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
    select ${columns.map(value).join(', ')}
    from jsonb_to_recordset($1) as p(${plan}, created timestamptz) join fill.${table} x using (template)`
}
