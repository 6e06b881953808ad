import pg from 'pg'
import { encodeTime } from 'ulid'
import { newId } from '../src/platform/ids.ts'
import { type Copier, type PlannedCopy, prepareCopies } from './copy-rows.ts'
import type { Stage } from './stage.ts'
import type { Template } from './templates.ts'

const dayMs = 86_400_000
const fillDays = 365
const copiedAtOnce = 2_000
const merchantCount = 200
/** So many chunks are copied side by side. */
const connections = 2
/** So many of the newest orders may be open ones: expired ones would be ended at once. */
const newest = 5_000
const openShare = 0.2

const firstNames = ['Ada', 'Ben', 'Cora', 'Dan', 'Eve', 'Finn', 'Gita', 'Hugo', 'Ines', 'Jon', 'Kira', 'Leo', 'Mia']
const lastNames = ['Abel', 'Berg', 'Chen', 'Diaz', 'Eder', 'Fox', 'Gray', 'Hahn', 'Ito', 'Jung', 'Kern', 'Lund', 'Moss']

/** Orders that are copied, oldest first; half of them are the first merchant's. */
export type Filled = { orders: number; seconds: number; merchantId: string }

/**
 * Fills the database with copies of template orders over the past year: their rows with new ids, which sort by the time each copy was made
 * at, of other merchants and buyers. Rows that a shop keeps for some days only are copied for those days. Then ANALYZE, and VACUUM as
 * autovacuum would have done meanwhile. @throws Error when a row of a template cannot be copied
 */
export async function fillOrders(stage: Stage, orders: number, templates: readonly Template[]): Promise<Filled> {
  const startedAt = Date.now()
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(stage)))
  const [sql] = clients as [pg.Client]
  try {
    const merchantId = await firstMerchant(sql)
    const merchants = await addMerchants(sql, merchantId)
    const copier = await prepareCopies(
      sql,
      templates.map(({ orderId }) => orderId),
    )
    const choose = chooser(templates)
    let next = 0
    const copySome = async (on: pg.Client) => {
      while (next < orders) {
        const from = next
        next += copiedAtOnce
        const copies = Array.from({ length: Math.min(copiedAtOnce, orders - from) }, (_, index) =>
          plan(from + index, orders, { merchantId, merchants, choose, end: startedAt }),
        )
        await insertCopies(on, copier, copies, startedAt)
        if (from % (25 * copiedAtOnce) === 0) console.log(`  ${from} of ${orders}`)
      }
    }
    await Promise.all(clients.map(copySome))
    await sql.query('drop schema fill cascade')
    await addTrouble(sql)
    await sql.query('vacuum analyze')
    return { orders, seconds: (Date.now() - startedAt) / 1_000, merchantId }
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

async function connect(stage: Stage): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: stage.postgres.url, application_name: 'fill' })
  await client.connect()
  // References hold for copies as they do for what is copied; checking each costs half of the time.
  await client.query(`set session_replication_role = replica; set synchronous_commit = off; set jit = off`)
  return client
}

async function insertCopies(on: pg.Client, copier: Copier, copies: readonly PlannedCopy[], end: number): Promise<void> {
  for (const { text, days } of copier) {
    const since = new Date(end - (days ?? fillDays + 1) * dayMs).toISOString()
    const kept = copies.filter(({ created }) => created > since)
    if (kept.length > 0) await on.query(text, [JSON.stringify(kept)])
  }
}

async function firstMerchant(sql: pg.ClientBase): Promise<string> {
  const { rows } = await sql.query<{ id: string }>('select id from merchants order by id limit 1')
  if (!rows[0]) throw new Error('the installation has no merchant')
  return rows[0].id
}

async function addMerchants(sql: pg.ClientBase, like: string): Promise<string[]> {
  const ids = Array.from({ length: merchantCount }, () => newId('merchant'))
  await sql.query(
    `insert into merchants (id, name, stripe_account_id, ship_from)
     select n.id, 'Shop ' || n.id, m.stripe_account_id, m.ship_from from unnest($1::text[]) n(id), merchants m where m.id = $2`,
    [ids, like],
  )
  return ids
}

/** Spreads numbers evenly over [0, 1) and gives the same for the same, so that a fill is repeatable. */
const spreadOut = (number: number, salt: number) =>
  (Math.imul(number + 1, 0x9e3779b1 ^ Math.imul(salt, 0x85ebca6b)) >>> 0) / 2 ** 32

function chooser(templates: readonly Template[]): (at: number, open: boolean) => Template {
  const open = templates.filter((template) => template.open)
  const others = templates.filter((template) => !template.open)
  const all = others.reduce((sum, { weight }) => sum + weight, 0)
  return (at, isOpen) => {
    if (isOpen) return open[Math.floor(at * open.length)] as Template
    let left = at * all
    for (const template of others) {
      left -= template.weight
      if (left < 0) return template
    }
    return others[0] as Template
  }
}

type PlanOptions = {
  merchantId: string
  merchants: readonly string[]
  choose: ReturnType<typeof chooser>
  end: number
}

const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const inBase32 = (number: number, length: number): string =>
  length === 0 ? '' : inBase32(Math.floor(number / 32), length - 1) + base32[number % 32]

/** The copy of this number: of whom, when, of which template. Every second one is the big merchant's, of the others few sell much. */
function plan(number: number, orders: number, { merchantId, merchants, choose, end }: PlanOptions): PlannedCopy {
  const createdMs = Math.floor(end - fillDays * dayMs + ((number + 1) / (orders + 1)) * fillDays * dayMs)
  const isOpen = number >= orders - newest && spreadOut(number, 1) < openShare
  const other = merchants[Math.floor(spreadOut(number, 2) ** 2 * merchants.length)] as string
  const hex = createdMs.toString(16).padStart(12, '0')
  const nibbles = number.toString(16).padStart(6, '0')
  const buyer = Math.floor(spreadOut(number, 3) * Math.max(1, orders / 4))
  const pick = (names: readonly string[], salt: number) => names[Math.floor(spreadOut(buyer, salt) * names.length)]
  return {
    template: choose(spreadOut(number, 4), isOpen).orderId,
    created: new Date(createdMs).toISOString(),
    stamp: encodeTime(createdMs, 10).toLowerCase() + inBase32(number, 7),
    uuid: `${hex.slice(0, 8)}-${hex.slice(8)}-7${nibbles.slice(0, 3)}-8${nibbles.slice(3)}-`,
    reference: `_${number.toString(36)}`,
    merchant: number % 2 === 0 ? merchantId : other,
    buyer: `buyer-${buyer}`,
    name: `${pick(firstNames, 5)} ${pick(lastNames, 6)}`,
  }
}

/** What waits for a person in a shop that is well: few orders, few tasks, few webhooks. */
async function addTrouble(sql: pg.ClientBase): Promise<void> {
  await sql.query(
    `update orders set attention = '{"reason":"provider_refused","since":"2026-01-01T00:00:00.000Z"}'
     where id in (select id from orders where state in ('confirmed', 'complete') order by md5(id) limit 100)`,
  )
  await sql.query(
    `update tasks set state = 'failed', done_at = null, last_error = 'stripe refused: account_invalid'
     where id in (select id from tasks where state = 'done' order by md5(id) limit 100)`,
  )
  await sql.query(
    `update inbox_events set outcome = 'orphaned', handled_at = null
     where id in (select id from inbox_events where handled_at is not null order by md5(id) limit 100)`,
  )
}
