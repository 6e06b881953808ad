import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { errorCode, startOperations, type TestOperations } from '../../../../test/ops-api.ts'
import { ringDueTasks } from '../../../tasks/relay.ts'

let api: TestOperations
let operator: Awaited<ReturnType<TestOperations['signedIn']>>

beforeAll(async () => {
  api = await startOperations()
  await api.addUser('operator@example.com')
  operator = await api.signedIn('operator@example.com')
})

beforeEach(async () => {
  await api.parts.database.sql('delete from tasks')
  await api.parts.database.sql('delete from inbox_events')
})

afterAll(() => api.close())

const insertTask = (id: string, state: string, more: { orderId?: string; dedupeKey?: string; epoch?: number } = {}) =>
  api.parts.database.sql(
    `insert into tasks (id, job, queue, payload, dedupe_key, order_id, state, run_at, attempts, epoch, last_error)
     values ($1, 'apply-payment-event', 'payment-events', $2::jsonb, $3, $4, $5, now(), 9, $6, 'order_unknown')`,
    [
      id,
      JSON.stringify({ inboxEventId: more.dedupeKey ?? id }),
      more.dedupeKey ?? id,
      more.orderId ?? null,
      state,
      more.epoch ?? 1,
    ],
  )

const insertEvent = (
  id: string,
  state: 'orphaned' | 'waiting' | 'applied',
  more: { provider?: string; receivedAt?: string } = {},
) =>
  api.parts.database.sql(
    `insert into inbox_events (id, provider, event_id, type, reference, body, received_at, handled_at, outcome)
     values ($1, $2, $1, 'payment_intent.succeeded', 'pi_1', '{"email":"buyer@example.com"}', coalesce($3::timestamptz, now()),
       case when $4 = 'applied' then now() end, case $4 when 'waiting' then null else $4 end)`,
    [id, more.provider ?? 'stripe', more.receivedAt ?? null, state],
  )

describe('GET /v2/ops/tasks', () => {
  test('lists tasks newest first, page by page, by state and order', async () => {
    await insertTask('tsk_1', 'failed', { orderId: 'ord_1' })
    await insertTask('tsk_2', 'done', { orderId: 'ord_1' })
    await insertTask('tsk_3', 'failed', { orderId: 'ord_2' })
    const first = (await (await operator.get('/v2/ops/tasks?limit=2')).json()) as {
      hasMore: boolean
      data: { id: string }[]
    }
    expect([first.hasMore, first.data.map(({ id }) => id)]).toEqual([true, ['tsk_3', 'tsk_2']])
    const second = (await (await operator.get('/v2/ops/tasks?limit=2&startingAfter=tsk_2')).json()) as typeof first
    expect([second.hasMore, second.data.map(({ id }) => id)]).toEqual([false, ['tsk_1']])
    const failed = (await (await operator.get('/api/v2/ops/tasks?state=failed&orderId=ord_1')).json()) as typeof first
    expect(failed.data).toEqual([
      {
        id: 'tsk_1',
        job: 'apply-payment-event',
        queue: 'payment-events',
        orderId: 'ord_1',
        state: 'failed',
        attempts: 9,
        lastError: 'order_unknown',
        runTime: expect.stringMatching(/Z$/),
        createdTime: expect.stringMatching(/Z$/),
        doneTime: null,
      },
    ])
  })

  test('refuses states that do not exist', async () => {
    const answer = await operator.get('/v2/ops/tasks?state=lost')
    expect([answer.status, await errorCode(answer)]).toEqual([400, 'invalid_parameter'])
  })
})

describe('POST /v2/ops/tasks/{id}/retry', () => {
  test('starts the same task over under a new job (I12)', async () => {
    await insertTask('tsk_1', 'failed', { epoch: 3 })
    const answer = await operator.post('/v2/ops/tasks/tsk_1/retry')
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'tsk_1', state: 'enqueued' }])
    expect(await api.parts.database.sql('select state, epoch, attempts from tasks')).toEqual([
      { state: 'enqueued', epoch: 4, attempts: 0 },
    ])
  })

  test('refuses a task that has not failed, and one that does not exist', async () => {
    await insertTask('tsk_1', 'done')
    const done = await operator.post('/v2/ops/tasks/tsk_1/retry')
    expect([done.status, await errorCode(done)]).toEqual([409, 'task_not_failed'])
    const unknown = await operator.post('/v2/ops/tasks/tsk_2/retry')
    expect([unknown.status, await errorCode(unknown)]).toEqual([404, 'not_found'])
  })
})

describe('GET /v2/ops/orphans', () => {
  test('shows webhooks nobody could apply, never their bodies (I4, I10)', async () => {
    const old = new Date(Date.now() - 6 * 60_000).toISOString()
    await insertEvent('inb_1', 'orphaned')
    await insertEvent('inb_2', 'waiting', { receivedAt: old })
    await insertEvent('inb_3', 'waiting')
    await insertEvent('inb_4', 'applied', { receivedAt: old })
    const answer = await operator.get('/v2/ops/orphans')
    const text = await answer.text()
    expect(text).not.toContain('buyer@example.com')
    expect(JSON.parse(text)).toEqual({
      hasMore: false,
      data: [
        {
          id: 'inb_2',
          provider: 'stripe',
          type: 'payment_intent.succeeded',
          reference: 'pi_1',
          outcome: 'unhandled',
          receivedTime: old,
        },
        expect.objectContaining({ id: 'inb_1', outcome: 'orphaned' }),
      ],
    })
  })
})

describe('POST /v2/ops/inbox/replay', () => {
  const tasks = () =>
    api.parts.database.sql<{ id: string; job: string; queue: string; state: string; epoch: number; key: string }>(
      'select id, job, queue, state, epoch, dedupe_key as key from tasks order by dedupe_key',
    )

  test('runs orphans and unapplied webhooks again, and counts applied ones as skipped', async () => {
    await insertEvent('inb_1', 'orphaned')
    await insertTask('tsk_1', 'failed', { dedupeKey: 'inb_1' })
    await insertEvent('inb_2', 'waiting')
    await insertTask('tsk_2', 'enqueued', { dedupeKey: 'inb_2', epoch: 2 })
    await insertEvent('inb_3', 'applied')
    await insertTask('tsk_3', 'done', { dedupeKey: 'inb_3' })
    const answer = await operator.post('/v2/ops/inbox/replay', { ids: ['inb_1', 'inb_2', 'inb_3', 'inb_unknown'] })
    expect([answer.status, await answer.json()]).toEqual([200, { matched: 3, replayed: 2, skipped: 1, dryRun: false }])
    expect(await tasks()).toMatchObject([
      { id: 'tsk_1', state: 'pending', epoch: 2 },
      { id: 'tsk_2', state: 'pending', epoch: 3 },
      { id: 'tsk_3', state: 'done', epoch: 1 },
    ])
    expect(await api.parts.database.sql('select id, outcome from inbox_events order by id')).toEqual([
      { id: 'inb_1', outcome: null },
      { id: 'inb_2', outcome: null },
      { id: 'inb_3', outcome: 'applied' },
    ])
    expect(await ringDueTasks(api.parts, 20)).toBe(2)
  })

  test('makes a task anew when the old one is gone, for whoever applies that provider', async () => {
    await insertEvent('inb_1a', 'orphaned')
    await insertEvent('inb_2b', 'orphaned', { provider: 'easypost' })
    await insertEvent('inb_3c', 'orphaned', { provider: 'printful' })
    await operator.post('/v2/ops/inbox/replay', { ids: ['inb_1a', 'inb_2b', 'inb_3c'] })
    expect(await tasks()).toMatchObject([
      { id: 'tsk_1a', job: 'apply-payment-event', queue: 'payment-events', state: 'pending' },
      { id: 'tsk_2b', job: 'apply-shipping-event', queue: 'shipping', state: 'pending' },
      { id: 'tsk_3c', job: 'apply-pod-event', queue: 'pod', state: 'pending' },
    ])
  })

  test("takes one provider's webhooks of a time, and changes nothing in a dry run", async () => {
    await insertEvent('inb_1', 'orphaned', { receivedAt: '2026-01-01T00:00:00Z' })
    await insertEvent('inb_2', 'orphaned', { receivedAt: '2026-01-01T12:00:00Z' })
    await insertEvent('inb_3', 'orphaned', { receivedAt: '2026-01-02T00:00:00Z' })
    await insertEvent('inb_4', 'orphaned', { receivedAt: '2026-01-01T12:00:00Z', provider: 'bonum' })
    const day = { provider: 'stripe', since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }
    const dry = await operator.post('/v2/ops/inbox/replay', { ...day, dryRun: true })
    expect(await dry.json()).toEqual({ matched: 2, replayed: 2, skipped: 0, dryRun: true })
    expect(await tasks()).toEqual([])
    const real = await operator.post('/v2/ops/inbox/replay', day)
    expect(await real.json()).toEqual({ matched: 2, replayed: 2, skipped: 0, dryRun: false })
    expect((await tasks()).map(({ key }) => key)).toEqual(['inb_1', 'inb_2'])
  })

  test('replays 10 000 webhooks at once and not one more', async () => {
    await api.parts.database.sql(
      `insert into inbox_events (id, provider, event_id, type, body, received_at, outcome)
       select 'inb_' || n, 'stripe', 'evt_' || n, 'x', '{}', '2026-01-01T00:00:00Z'::timestamptz + make_interval(secs => n), 'orphaned'
       from generate_series(0, 10000) n`,
    )
    const replay = (until: string) =>
      operator.post('/v2/ops/inbox/replay', { provider: 'stripe', since: '2026-01-01T00:00:00Z', until })
    const tooMany = await replay('2026-01-02T00:00:00Z')
    expect([tooMany.status, await errorCode(tooMany)]).toEqual([400, 'invalid_parameter'])
    expect(await tasks()).toEqual([])
    const all = await replay(new Date(Date.parse('2026-01-01T00:00:00Z') + 10_000_000).toISOString())
    expect(await all.json()).toMatchObject({ matched: 10_000, replayed: 10_000 })
    expect(await tasks()).toHaveLength(10_000)
  })

  test.each([
    [{}, 'provider'],
    [{ provider: 'stripe', since: '2026-01-01T00:00:00Z' }, 'until'],
    [{ provider: 'stripe', since: 'yesterday', until: '2026-01-01T00:00:00Z' }, 'since'],
    [{ ids: [] }, 'ids'],
    [{ ids: ['inb_1'], provider: 'stripe' }, 'ids'],
  ])('names what is wrong with %j', async (body, parameter) => {
    const answer = await operator.post('/v2/ops/inbox/replay', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ errors: [{ parameter }] })
  })
})
