import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ringDueTasks } from '../../src/tasks/relay.ts'
import type { WorkerParts } from '../../workers/connect-worker.ts'
import { purges, sweeps } from '../../workers/retries.ts'
import { openPlanner, watched } from '../query-plans.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'

// Removes the risk that what runs every few seconds reads whole tables once they are large.
describe('a sweep', () => {
  const { system, shop } = runningShop(storefront, { workers: false })
  let planner: Awaited<ReturnType<typeof openPlanner>>

  beforeAll(async () => {
    planner = await openPlanner(system.config.databaseUrl)
  })
  afterAll(() => planner.close())

  /** Runs it, and returns every statement it asked. */
  async function statementsOf(run: (parts: WorkerParts) => Promise<unknown>): Promise<Set<string>> {
    const asked = new Set<string>()
    const { database } = system
    const parts = {
      ...system.parts,
      database: {
        ...database,
        sql: watched(database.sql, asked),
        transaction: (work: Parameters<typeof database.transaction>[0]) =>
          database.transaction(({ sql, last }) =>
            work({ sql: watched(sql, asked), last: watched(last, asked) } as never),
          ),
      },
    }
    await run(parts as unknown as WorkerParts)
    return asked
  }

  const all = { ...sweeps, ...purges, relay: (parts: WorkerParts) => ringDueTasks(parts, 1) }

  it.each(Object.keys(all))('reads what it looks for by an index: %s', async (name) => {
    const whole: string[] = []
    for (const text of await statementsOf(all[name as keyof typeof all] as (parts: WorkerParts) => Promise<unknown>))
      whole.push(...(await planner.readsWhole(text)))
    expect(whole).toEqual([])
  })

  it('removes all that is old at once, and nothing else: tasks, events, webhooks, carts, mails, timelines', async () => {
    const old = (prefix: string) => `'${prefix}_0000' || lpad(n::text, 22, '0')`
    const many = 'generate_series(1, 10001) n'
    const { sql } = system.database
    const ancient = `now() - interval '4000 days'`
    await sql(
      `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at, done_at)
       select ${old('tsk')}, 'expire-order', 'payment-operations', '{}', 'old-' || n, 'done', ${ancient}, ${ancient} from ${many}`,
    )
    await sql(
      `insert into inbox_events (id, provider, account, event_id, type, body, received_at, handled_at)
       select ${old('inb')}, 'stripe', '', 'old-' || n, 'x', '{}', ${ancient}, ${ancient} from ${many}`,
    )
    await sql(
      `insert into outgoing_events (id, merchant_id, type, sequence, live_mode, data, created_at)
       select ${old('evt')}, m.id, 'order.created', 0, false, '{}', ${ancient} from ${many}, (select id from merchants limit 1) m`,
    )
    await sql(
      `insert into checkouts (id, merchant_id, currency, metadata, updated_at)
       select ('00000000-0001-7000-8000-' || lpad(n::text, 12, '0'))::uuid, m.id, 'USD', '{}', ${ancient}
       from ${many}, (select id from merchants limit 1) m`,
    )
    await sql(
      `insert into order_timeline (order_id, at, kind, subject, subject_id, cause, published_at)
       select ${old('ord')}, ${ancient}, 'note', 'order', 'old', 'x', ${ancient} from ${many}`,
    )
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await sql(
      `insert into mails (id, merchant_id, order_id, kind, state, task_id)
       select ${old('mail')}, o.merchant_id, o.id, 'delivery', 'sent', 'old-' || n from ${many}, (select * from orders limit 1) o`,
    )
    const cart = await shop.cart([{ skuId: 'sku-digital' }])
    for (const name of ['tasks', 'inbox', 'outgoing-events', 'carts', 'mails', 'timeline'])
      await purges[name]?.(system.parts as unknown as WorkerParts)
    const left = await Promise.all(
      [
        `select count(*)::int as n from tasks where dedupe_key like 'old-%'`,
        `select count(*)::int as n from inbox_events where event_id like 'old-%'`,
        `select count(*)::int as n from outgoing_events where created_at < now() - interval '300 days'`,
        `select count(*)::int as n from checkouts where updated_at < now() - interval '300 days'`,
        `select count(*)::int as n from order_timeline where subject_id = 'old'`,
        `select count(*)::int as n from mails`,
      ].map(async (text) => (await sql<{ n: number }>(text))[0]?.n),
    )
    expect(left).toEqual([0, 0, 0, 0, 0, 0])
    expect((await shop.call('GET', `/v2/carts/${cart.id}`)).status).toBe(200)
    expect((await shop.timeline(order.id)).data).not.toEqual([])
  })
})
