import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Migration20261129144500_events_of_waiting_lines } from '../../migrations/Migration20261129144500_events_of_waiting_lines.ts'
import { eventually, storefront } from '../../test/storefront.ts'
import { type System, startSystem } from '../../test/system.ts'
import { createEventObjects } from '../api/event-objects.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { EventObjects } from './event-objects.ts'
import { purgeOldEvents } from './events.ts'
import { publishEvents } from './publish-events.ts'

const objects = createEventObjects({ publicUrl: 'http://shop.test' })

// Removes the risk that a line becomes two events or none, whoever publishes, dies or runs beside.
describe('publishing', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  let parts: UnitOfWork

  beforeAll(async () => {
    system = await startSystem({
      workers: false,
      env: { SIGNING_SECRET: 'a signing secret of 32 characters', WEBHOOKS_ALLOW_PRIVATE: 'false' },
    })
    parts = system.parts
    shop = storefront(system)
    await shop.stock()
    await shop.must('POST', '/v2/webhook-endpoints', { url: 'https://93.184.216.34/events' })
  })
  afterAll(() => system?.close())
  const publishAll = async () => {
    while ((await publishEvents(parts, objects)).lines > 0);
  }
  beforeEach(publishAll)

  const newOrders = (count: number) =>
    Promise.all(Array.from({ length: count }, () => shop.order([{ skuId: 'sku-digital' }])))
  /** Lines as a busy order writes them: `count` items that are fulfilled. */
  const note = (orderId: string, count: number) =>
    inTransaction(parts, async (tx) => {
      for (let index = 0; index < count; index += 1) {
        tx.note({
          orderId,
          kind: 'transition',
          subject: 'item',
          subjectId: `item_${index}`,
          from: 'created',
          to: 'fulfilled',
          cause: 'test',
        })
      }
    })
  const eventsOf = (orderId: string) =>
    system.database.sql<{ type: string; sequence: number; lineId: number; item: string | null; deliveries: number }>(
      `select type, sequence, line_id as "lineId", data #>> '{previousAttributes,items,0,id}' as item,
         (select count(*) from event_deliveries d join tasks t on t.dedupe_key = d.id where d.event_id = e.id) as deliveries
       from outgoing_events e where order_id = $1 order by sequence`,
      [orderId],
    )
  /** The types of an order's events that have been told. */
  const toldOf = async (orderId: string) =>
    (await eventsOf(orderId)).flatMap(({ type, deliveries }) => (deliveries > 0 ? [type] : []))
  const unpublished = async () =>
    (await system.database.sql('select id from order_timeline where published_at is null')).length

  it('several publishers at once make one event of each line, counted without gaps in the order of the lines', async () => {
    const orders = await newOrders(12)
    await Promise.all(orders.map(({ id }) => note(id, 7)))
    const writing = Promise.all(orders.map(({ id }) => note(id, 5)))
    const publishing = Promise.all(Array.from({ length: 6 }, publishAll))
    await Promise.all([writing, publishing])
    await publishAll()
    expect(await unpublished()).toBe(0)
    for (const { id } of orders) {
      const events = await eventsOf(id)
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1))
      expect(events.map(({ lineId }) => lineId)).toEqual(events.map(({ lineId }) => lineId).sort((a, b) => a - b))
      expect(events.every(({ deliveries }) => deliveries === 1)).toBe(true)
      expect(events.map(({ item }) => item).slice(0, 2)).toEqual([null, 'item_0'])
    }
  })

  it('a publisher that is killed in the middle of a batch has published nothing; two others then publish it once', async () => {
    const orders = await newOrders(3)
    await Promise.all(orders.map(({ id }) => note(id, 2)))
    const dying = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
        import { connect } from './src/boot/connect.ts'
        import { publishEvents } from './src/outgoing/publish-events.ts'
        const database = await connect({ url: process.env.DATABASE_URL, poolSize: 1, name: 'dying' })
        let rendered = 0
        await publishEvents({ database, bell: { ring() {} } }, {
          part: async () => undefined,
          order: async () => {
            rendered += 1
            if (rendered === 2) process.kill(process.pid, 'SIGKILL')
            return () => ({})
          },
        })`,
      ],
      { env: { ...process.env, ...system.env }, stdio: 'ignore' },
    )
    const [, signal] = await once(dying, 'exit')
    expect(signal).toBe('SIGKILL')
    for (const { id } of orders) expect(await toldOf(id)).toEqual([])
    await eventually(async () => {
      await Promise.all([publishAll(), publishAll()])
      return (await unpublished()) === 0 ? true : undefined
    }, 'the lines to be free again and published')
    for (const { id } of orders) {
      expect((await eventsOf(id)).map(({ sequence, deliveries }) => [sequence, deliveries])).toEqual([
        [1, 1],
        [2, 1],
        [3, 1],
      ])
    }
  })

  it('passes over an order that another publisher has, and waits for nobody', async () => {
    const [held, free] = await newOrders(2)
    await note(held.id, 1)
    await parts.database.transaction(async ({ sql }) => {
      await sql('select id from order_timeline where order_id = $1 order by id limit 1 for update', [held.id])
      await publishAll()
    })
    expect(await toldOf(free.id)).toEqual(['order.created'])
    expect(await toldOf(held.id)).toEqual([])
    await publishAll()
    expect(await toldOf(held.id)).toEqual(['order.created', 'order.item.fulfilled'])
  })

  it.each([
    [1, 0],
    [1, 40],
    [20, 3],
  ])('costs four statements and one read per order: %i orders with %i more lines', async (orders, lines) => {
    const made = await newOrders(orders)
    for (const { id } of made) await note(id, lines)
    const before = { ...system.database.counters }
    expect(await publishEvents(parts, objects)).toEqual({ lines: orders * (lines + 1), full: false })
    const { statements, commits } = system.database.counters
    expect({ statements: statements - before.statements, commits: commits - before.commits }).toEqual({
      statements: 4 + orders,
      commits: 1,
    })
  })

  it('an order that cannot be shown keeps its events back, and nobody else’s', async () => {
    const [first, odd, last] = await newOrders(3)
    const picky: EventObjects = {
      ...objects,
      order(sql, merchantId, orderId) {
        if (orderId === odd.id) throw new Error('this order cannot be shown')
        return objects.order(sql, merchantId, orderId)
      },
    }
    await expect(publishEvents(parts, picky)).rejects.toThrow('events of 1 orders could not be published')
    expect(await toldOf(first.id)).toHaveLength(1)
    expect(await toldOf(last.id)).toHaveLength(1)
    expect(await toldOf(odd.id)).toHaveLength(0)
    await publishAll()
    expect(await toldOf(odd.id)).toHaveLength(1)
  })

  it('costs one statement when there is nothing to tell: lines that are no events do not wait to be published', async () => {
    const statements = async () => {
      const before = system.database.counters.statements
      await publishEvents(parts, objects)
      return system.database.counters.statements - before
    }
    expect(await statements()).toBe(1)
    const [order] = await newOrders(1)
    await publishAll()
    await inTransaction(parts, async (tx) => {
      tx.note({ orderId: order.id, kind: 'drop', subject: 'order', subjectId: order.id, to: 'accepted', cause: 'test' })
    })
    expect(await unpublished()).toBe(0)
    expect(await statements()).toBe(1)
    expect(await eventsOf(order.id)).toHaveLength(1)
  })

  it('leaves nothing for the publisher where nobody listens, but the lines that a document follows from', async () => {
    const [order] = await newOrders(1)
    await publishAll()
    const endpoints = (await shop.must('GET', '/v2/webhook-endpoints')).data
    for (const { id } of endpoints) await shop.must('POST', `/v2/webhook-endpoints/${id}`, { enabled: false })
    try {
      await note(order.id, 2)
      expect(await unpublished()).toBe(0)
      await inTransaction(parts, async (tx) => {
        const line = { orderId: order.id, subject: 'order', subjectId: order.id, cause: 'test' } as const
        tx.note({ ...line, kind: 'transition', from: 'accepted', to: 'fulfilled' })
        tx.note({ ...line, kind: 'transition', from: 'fulfilled', to: 'complete' })
      })
      expect(await unpublished()).toBe(1)
      const seen: string[] = []
      await publishEvents(parts, objects, ({ subject, to }) => {
        seen.push(`${subject} ${to}`)
        return []
      })
      expect(seen).toEqual(['order complete'])
      expect((await eventsOf(order.id)).map(({ type, sequence, deliveries }) => [type, sequence, deliveries])).toEqual([
        ['order.created', 1, 1],
        ['order.item.fulfilled', 2, 0],
        ['order.item.fulfilled', 3, 0],
        ['order.fulfilled', 4, 0],
        ['order.complete', 5, 0],
      ])
    } finally {
      for (const { id } of endpoints) await shop.must('POST', `/v2/webhook-endpoints/${id}`, { enabled: true })
    }
  })

  it('gives the lines that an earlier version left waiting the events that their step would give them now', async () => {
    const [order] = await newOrders(1)
    await note(order.id, 2)
    const before = await eventsOf(order.id)
    // As that version had it: a line, and nothing else.
    await system.database.sql('delete from outgoing_events where order_id = $1', [order.id])
    await system.database.sql('delete from event_sequences where order_id = $1', [order.id])
    const migration = new Migration20261129144500_events_of_waiting_lines(undefined as never, undefined as never)
    migration.up()
    for (const text of migration.getQueries()) await system.database.sql(String(text))
    expect(await eventsOf(order.id)).toEqual(before)
    await publishAll()
    expect(await toldOf(order.id)).toHaveLength(3)
  })

  it('I10 puts ids into tasks and nothing else', async () => {
    const [order] = await newOrders(1)
    await publishAll()
    const [task] = await system.database.sql<{ payload: object; orderId: string | null }>(
      `select payload, order_id as "orderId" from tasks where job = 'deliver-event' order by id desc limit 1`,
    )
    expect(task).toEqual({
      payload: { deliveryId: expect.stringMatching(/^whd_/), endpointId: expect.stringMatching(/^whe_/) },
      orderId: null,
    })
    expect(order.id).toBeDefined()
  })

  it('goes on counting after events are purged', async () => {
    const [order] = await newOrders(1)
    await publishAll()
    const { config, database } = system.parts
    // As if it were two days later than it is.
    await purgeOldEvents({ database, config: { ...config, keptDays: { ...config.keptDays, events: -2 } } })
    expect(await eventsOf(order.id)).toEqual([])
    await note(order.id, 1)
    await publishAll()
    expect((await eventsOf(order.id)).map(({ sequence }) => sequence)).toEqual([2])
  })

  describe('endpoints', () => {
    it.each([
      'http://169.254.169.254/latest',
      'https://[::ffff:10.0.0.1]/',
      'https://user:pass@example.com/',
      'nonsense',
    ])('S5 %s is refused when it is registered and when it is changed', async (url) => {
      const created = await shop.call('POST', '/v2/webhook-endpoints', { url })
      expect([created.status, created.body.errors[0].parameter]).toEqual([400, 'url'])
      const [endpoint] = (await shop.must('GET', '/v2/webhook-endpoints')).data
      const changed = await shop.call('POST', `/v2/webhook-endpoints/${endpoint.id}`, { url })
      expect([changed.status, changed.body.errors[0].parameter]).toEqual([400, 'url'])
    })

    it('refuses types that do not exist', async () => {
      const answer = await shop.call('POST', '/v2/webhook-endpoints', {
        url: 'https://93.184.216.34/',
        types: ['order.vanished'],
      })
      expect([answer.status, answer.body.errors[0].parameter]).toEqual([400, 'types.0'])
    })

    it('keeps the secret sealed, also in the answer that is stored for the idempotency key', async () => {
      const post = () =>
        shop.call(
          'POST',
          '/v2/webhook-endpoints',
          { url: 'https://93.184.216.34/' },
          { headers: { 'idempotency-key': 'endpoint-1' } },
        )
      const created = await post()
      expect(created.status).toBe(201)
      expect(created.body).toMatchObject({ types: ['*'], enabled: true, secret: expect.stringMatching(/^whsec_/) })
      const again = await post()
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      expect(again.body).toEqual(created.body)
      const [row] = await system.database.sql<{ dump: string }>(
        `select (select string_agg(w::text, ' ') from webhook_endpoints w)
           || (select string_agg(k::text, ' ') from idempotency_keys k) as dump`,
      )
      expect(row?.dump).toContain(created.body.id)
      expect(row?.dump).not.toContain(created.body.secret.slice('whsec_'.length, -1))
    })

    it('recovers 10 000 events by one call and not one more', async () => {
      const endpoint = await shop.must('POST', '/v2/webhook-endpoints', {
        url: 'https://93.184.216.34/',
        types: ['order.complete'],
      })
      const [order] = await newOrders(1)
      await system.database.sql(
        `insert into outgoing_events (id, merchant_id, order_id, type, sequence, live_mode, data, created_at)
         select 'evt_' || lpad(n::text, 26, '0'), (select merchant_id from orders where id = $1), $1, 'order.complete', n + 1000, false,
           '{"object":{}}', now() from generate_series(1, 10001) n`,
        [order.id],
      )
      const path = `/v2/webhook-endpoints/${endpoint.id}`
      const recover = () => shop.call('POST', `${path}/recover`, { since: '2026-01-01T00:00:00+02:00' })
      const refused = await recover()
      expect([refused.status, refused.body.errors[0].parameter]).toEqual([400, 'since'])
      expect((await shop.must('GET', `${path}/deliveries`)).data).toEqual([])

      await system.database.sql('delete from outgoing_events where sequence = 1001 and order_id = $1', [order.id])
      expect((await recover()).body).toEqual({ recovered: 10_000 })
      const [due] = await system.database.sql<{ count: number }>(
        `select count(*) from tasks where payload ->> 'endpointId' = $1 and state = 'pending' and run_at <= now()`,
        [endpoint.id],
      )
      expect(due?.count).toBe(10_000)
      expect((await recover()).body).toEqual({ recovered: 0 })
    })

    it('changes what is given, and nothing else', async () => {
      const endpoint = await shop.must('POST', '/v2/webhook-endpoints', { url: 'https://93.184.216.34/' })
      const changed = await shop.must('POST', `/v2/webhook-endpoints/${endpoint.id}`, {
        types: ['order.accepted'],
        enabled: false,
        description: 'warehouse',
      })
      expect(changed).toMatchObject({
        url: endpoint.url,
        types: ['order.accepted'],
        enabled: false,
        disabledReason: 'merchant',
        description: 'warehouse',
      })
      const [order] = await newOrders(1)
      await publishAll()
      expect(await eventsOf(order.id)).toHaveLength(1)
      expect((await shop.must('GET', `/v2/webhook-endpoints/${endpoint.id}/deliveries`)).data).toEqual([])
    })
  })
})
