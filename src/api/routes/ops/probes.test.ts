import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisOptions } from '../../../../queues/connection.ts'
import { errorCode, startOperations, type TestOperations } from '../../../../test/ops-api.ts'
import { seedDemoSellingEntities } from '../../../checkouts/demo-selling-entities.ts'
import { seedTaxRates } from '../../../tax/tax-rates.ts'

let api: TestOperations

beforeAll(async () => {
  api = await startOperations()
  await seedDemoSellingEntities(api.parts.database.sql)
  await seedTaxRates(api.parts.database.sql)
})

afterAll(() => api.close())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.origin}${path}`, { headers })
const ready = async () => {
  const answer = await get('/readyz')
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

describe('GET /metrics', () => {
  test('shows the backlog as of this scrape, read in two statements', async () => {
    const { sql, counters } = api.parts.database
    await sql(
      `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at) values
       ('tsk_1', 'confirm-order', 'confirmation', '{}', '1', 'failed', now()),
       ('tsk_2', 'confirm-order', 'confirmation', '{}', '2', 'pending', now() - interval '42 seconds')`,
    )
    const before = counters.statements
    const answer = await get('/metrics')
    expect(counters.statements - before).toBe(2)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/)
    const text = await answer.text()
    expect(text).toContain('ordermill_tasks{state="failed"} 1')
    expect(text).toContain('ordermill_tasks{state="pending"} 1')
    expect(text).toContain('ordermill_queue_tasks{queue="confirmation",state="due"} 1')
    expect(text).toContain('ordermill_queue_tasks{queue="confirmation",state="failed"} 1')
    expect(text).toContain('ordermill_queue_tasks{queue="shipping",state="due"} 0')
    expect(text).toMatch(/^ordermill_queue_oldest_due_seconds\{queue="confirmation"\} 4[2-9]$/m)
    expect(text).toMatch(/^ordermill_database_connections\{state="free"\} [1-9]/m)
    expect(text).toMatch(/^ordermill_oldest_due_task_seconds 4[2-9]$/m)
    expect(text).toMatch(/^ordermill_database_up 1$/m)
    expect(text).toMatch(/^ordermill_redis_writable 1$/m)
    await sql('delete from tasks')
  })

  test('is for callers on this machine, and a proxy on this machine speaks for others', async () => {
    expect((await get('/metrics')).status).toBe(200)
    const proxied = await get('/metrics', { 'x-forwarded-for': '127.0.0.1' })
    expect([proxied.status, await errorCode(proxied)]).toEqual([401, 'unauthorized'])
    const token = { authorization: 'Bearer metrics-token-of-this-test' }
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9', ...token })).status).toBe(200)
    const wrong = { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer metrics-token-of-this-tesT' }
    expect((await get('/metrics', wrong)).status).toBe(401)
  })

  test.each([
    ['203.0.113.9', 401],
    ['::ffff:203.0.113.9', 401],
    [undefined, 401],
    ['127.0.0.1', 200],
    ['::ffff:127.0.0.1', 200],
    ['::1', 200],
  ])('answers the socket of %s with %i', async (remoteAddress, status) => {
    const env = { incoming: { socket: { remoteAddress } } }
    expect((await api.app.request('/metrics', {}, env)).status).toBe(status)
  })
})

describe('GET /readyz', () => {
  test('says that everything is well', async () => {
    expect(await ready()).toEqual({
      status: 200,
      body: {
        status: 'ready',
        postgres: 'up',
        redis: 'up',
        redisVersion: expect.stringMatching(/^\d+\.\d+/),
        redisEvictionPolicy: 'noeviction',
        oldestUnhandledEventSeconds: null,
        oldestDueTaskSeconds: null,
        providersDown: [],
        degraded: false,
        problems: [],
      },
    })
  })

  test('is degraded, not unready, when workers are more than five minutes behind', async () => {
    const { sql } = api.parts.database
    await sql(
      `insert into inbox_events (id, provider, event_id, type, body, received_at) values ('inb_1', 'stripe', '1', 'x', '{}', now() - interval '301 seconds')`,
    )
    await sql(
      `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at) values ('tsk_1', 'confirm-order', 'confirmation', '{}', '1', 'pending', now() - interval '400 seconds')`,
    )
    const { status, body } = await ready()
    expect([status, body.status, body.degraded]).toEqual([200, 'ready', true])
    expect(body.oldestUnhandledEventSeconds).toBeGreaterThan(300)
    expect(body.oldestDueTaskSeconds).toBeGreaterThan(399)
    await sql('delete from tasks')
    await sql('delete from inbox_events')
  })

  test('counts neither orphans, which wait for a person, nor tasks between two attempts', async () => {
    const { sql } = api.parts.database
    await sql(
      `insert into inbox_events (id, provider, event_id, type, body, received_at, outcome) values ('inb_1', 'stripe', '1', 'x', '{}', now() - interval '1 day', 'orphaned')`,
    )
    await sql(
      `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at, enqueued_at)
       values ('tsk_1', 'confirm-order', 'confirmation', '{}', '1', 'enqueued', now() - interval '1 day', now() + interval '1 minute')`,
    )
    expect((await ready()).body).toMatchObject({
      degraded: false,
      oldestUnhandledEventSeconds: null,
      oldestDueTaskSeconds: null,
      providersDown: [],
    })
  })

  test('is unready while this process stops, so that nobody is sent here any more', async () => {
    api.parts.stopping.begun = true
    const { status, body } = await ready()
    expect(status).toBe(503)
    expect(body).toMatchObject({
      status: 'unready',
      errors: [{ code: 'not_ready' }],
      problems: ['This process is stopping.'],
    })
    expect((await get('/healthz')).status).toBe(200)
    api.parts.stopping.begun = false
  })

  test('is unready with a schema that lacks a migration, and ready with one that has more', async () => {
    const { sql } = api.parts.database
    const [newest] = await sql<{ name: string }>('select name from mikro_orm_migrations order by name desc limit 1')
    await sql('delete from mikro_orm_migrations where name = $1', [newest?.name])
    const { status, body } = await ready()
    expect([status, body.problems]).toEqual([503, [`The schema lacks ${newest?.name}: run the migrations.`]])
    await sql(`insert into mikro_orm_migrations (name) values ($1), ('Migration29991231000000_of_the_next_version')`, [
      newest?.name,
    ])
    expect((await ready()).status).toBe(200)
    await sql(`delete from mikro_orm_migrations where name like 'Migration2999%'`)
  })

  test('is degraded while Redis answers and refuses what is written', async () => {
    const redis = new Redis(redisOptions(api.redis.url))
    const config = (maxmemory: string) => redis.config('SET', 'maxmemory', maxmemory)
    await config('1')
    await expect
      .poll(async () => (await ready()).body.problems)
      .toEqual(['Redis refuses writes (OOM): orders are taken, background work waits.'])
    expect((await ready()).status).toBe(200)
    expect(await (await get('/metrics')).text()).toMatch(/^ordermill_redis_writable 0$/m)
    await config('0')
    expect((await ready()).body).toMatchObject({ degraded: false })
    redis.disconnect()
  })

  test('stays ready without Redis, and says so within its time limit (I2)', async () => {
    await api.redis.kill()
    const started = Date.now()
    const { status, body } = await ready()
    expect(Date.now() - started).toBeLessThan(4_000)
    expect([status, body.status, body.postgres, body.redis, body.degraded]).toEqual([200, 'ready', 'up', 'down', true])
    await api.redis.start()
    await expect.poll(async () => (await ready()).body.redis, { timeout: 10_000 }).toBe('up')
  })

  test('is unready without Postgres, in the error format, while the process is alive', async () => {
    const dead = await startOperations()
    try {
      await dead.database.drop()
      const answer = await fetch(`${dead.origin}/readyz`)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('5')
      expect(await answer.json()).toMatchObject({
        type: 'service_unavailable',
        errors: [{ code: 'database_unavailable' }],
        status: 'unready',
        postgres: 'down',
        redis: 'up',
      })
      const alive = await fetch(`${dead.origin}/healthz`)
      expect([alive.status, await alive.json()]).toEqual([200, { status: 'alive' }])
      const metrics = await (await fetch(`${dead.origin}/metrics`)).text()
      expect(metrics).toMatch(/^ordermill_database_up 0$/m)
      expect(metrics).toContain('ordermill_tasks{state="failed"} Nan')
    } finally {
      await dead.close()
    }
  })
})
