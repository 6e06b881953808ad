import { describe, expect, it } from 'vitest'
import type { WorkerParts } from '../../workers/connect-worker.ts'
import { purges } from '../../workers/retries.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'

const days = 30
const keptDays = 5
const perDay = 400

/** A time on a simulated day, of which the last is today; and what an id of that moment begins with, as ids.ts writes it. */
const at = (day: number) => new Date(Date.now() - (days - day) * 86_400_000)

// Removes the risk that a table that is purged grows nevertheless: by what the purge does not reach, or by room that is never used again.
describe('the database', () => {
  const { system } = runningShop(storefront, { workers: false })

  /** Rows of one day in every table that is kept for a time, with ids as their kind has them. */
  async function live(day: number): Promise<void> {
    const { sql } = system.database
    const moment = at(day)
    const ulid = encode(moment.getTime())
    const id = (prefix: string) => `'${prefix}_${ulid}' || substr(md5(n || random()::text), 1, 16)`
    const when = `'${moment.toISOString()}'::timestamptz`
    const many = `generate_series(1, ${perDay}) n`
    const uuid = moment.getTime().toString(16).padStart(12, '0')
    for (const text of [
      `insert into tasks (id, job, queue, payload, dedupe_key, order_id, state, run_at, done_at)
       select ${id('tsk')}, 'expire-order', 'payment-operations', '{}', '${day}-' || n, ${id('ord')}, 'done', ${when}, ${when} from ${many}`,
      `insert into inbox_events (id, provider, event_id, type, body, received_at, handled_at)
       select ${id('inb')}, 'stripe', md5(random()::text), 'x', jsonb_build_object('x', repeat(md5(random()::text), 30)), ${when}, ${when} from ${many}`,
      `insert into outgoing_events (id, merchant_id, order_id, type, sequence, live_mode, data, created_at)
       select ${id('evt')}, m.id, ${id('ord')}, 'order.created', 1, false, '{}', ${when} from ${many}, (select id from merchants limit 1) m`,
      `insert into checkouts (id, merchant_id, currency, metadata, locked_at, updated_at)
       select ('${uuid.slice(0, 8)}-${uuid.slice(8)}-7000-8000-' || lpad(n::text, 12, '0'))::uuid, m.id, 'USD', '{}',
         case when n % 2 = 0 then ${when} end, ${when} from ${many}, (select id from merchants limit 1) m`,
      `insert into checkout_items (id, checkout_id, quantity, unit_price, position)
       select ${id('ci')}, ('${uuid.slice(0, 8)}-${uuid.slice(8)}-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, 100, 1 from ${many}`,
      `insert into order_timeline (order_id, at, kind, subject, subject_id, cause, published_at)
       select ${id('ord')}, ${when}, 'note', 'order', md5(random()::text), 'x', ${when} from ${many}, generate_series(1, 3)`,
    ])
      await sql(text)
  }

  /** What a day's hourly purges do, as if that day were today. */
  async function purge(day: number): Promise<void> {
    const { config } = system
    const kept = keptDays + days - day
    const keeping = Object.fromEntries(Object.keys(config.keptDays).map((name) => [name, kept]))
    const parts = { ...system.parts, config: { ...config, keptDays: keeping } } as unknown as WorkerParts
    for (const name of ['tasks', 'inbox', 'outgoing-events', 'carts', 'timeline']) await purges[name]?.(parts)
  }

  const tables = ['tasks', 'inbox_events', 'outgoing_events', 'checkouts', 'checkout_items', 'order_timeline']

  async function sizes(): Promise<Record<string, number>> {
    const rows = await system.database.sql<{ name: string; bytes: number }>(
      'select t as name, pg_total_relation_size(t::regclass)::float8 as bytes from unnest($1::text[]) t',
      [tables],
    )
    return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
  }

  it('is after 30 days of the same trade about as large as after 10, where 5 days are kept', async () => {
    let afterTen: Record<string, number> = {}
    for (let day = 1; day <= days; day += 1) {
      await live(day)
      await purge(day)
      // What autovacuum does within a minute of so many changes.
      for (const table of tables) await system.database.sql(`vacuum ${table}`)
      if (day === 10) afterTen = await sizes()
    }
    const grown = Object.entries(await sizes()).map(([name, bytes]) => ({ name, times: bytes / (afterTen[name] ?? 1) }))
    expect(grown.filter(({ times }) => times > 1.3)).toEqual([])
  })
})

/** Ten letters of a moment, as ulids begin with. */
function encode(time: number): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return Array.from({ length: 10 }, (_, index) => alphabet[Math.floor(time / 32 ** (9 - index)) % 32]).join('')
}
