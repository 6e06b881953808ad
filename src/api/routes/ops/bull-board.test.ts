import { UnrecoverableError, Worker } from 'bullmq'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { queueNames } from '../../../../queues/catalog.ts'
import { redisOptions } from '../../../../queues/connection.ts'
import type { DueTask } from '../../../../queues/outbox.ts'
import { errorCode, startOperations, type TestOperations } from '../../../../test/ops-api.ts'
import { TaskError } from '../../../tasks/task-error.ts'
import { runQueue } from '../../../tasks/task-runner.ts'
import { inTransaction } from '../../../tasks/transaction.ts'

let api: TestOperations
let operator: Awaited<ReturnType<TestOperations['signedIn']>>
const running: { close(): Promise<void> }[] = []

beforeAll(async () => {
  api = await startOperations()
  await api.addUser('operator@example.com')
})

beforeEach(async () => {
  await api.redis.flushAll()
  await api.parts.database.sql('delete from tasks')
  operator = await api.signedIn('operator@example.com')
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.close()))
})

afterAll(() => api.close())

const board = '/ops/queues/api/queues'
const allow = () => operator.submit('/ops/confirmation', { allow: 'yes' })

type BoardQueue = {
  name: string
  isPaused: boolean
  readOnlyMode: boolean
  counts: Record<string, number>
  description: string
  jobs: { id: string; name: string; attempts: number; stacktrace: string[] }[]
}
const readBoard = async (activeQueue = 'digital'): Promise<BoardQueue[]> => {
  const answer = await operator.get(`${board}?activeQueue=${activeQueue}&page=1&jobsPerPage=10`)
  return ((await answer.json()) as { queues: BoardQueue[] }).queues
}
const boardQueue = async (name: string) => (await readBoard(name)).find((queue) => queue.name === name)

/** Puts a task of an order into Postgres and rings for it, as every use case does. */
const enqueue = async (orderId: string, job: 'deliver-digital' | 'confirm-order') => {
  await inTransaction(api.parts, async (tx) => {
    if (job === 'confirm-order') tx.enqueue({ job, payload: { orderId }, dedupeKey: `${orderId}-${job}` })
    else tx.enqueue({ job, payload: { orderId, sellerId: 'mer_1' }, dedupeKey: `${orderId}-${job}` })
  })
  await api.parts.bell.flush()
}

describe('Bull Board at /ops/queues', () => {
  test('M8 shows every queue of the catalog', async () => {
    expect((await readBoard()).map(({ name }) => name).toSorted()).toEqual([...queueNames].toSorted())
  })

  test('shows ids and nothing else of a job (I10)', async () => {
    await enqueue('ord_1', 'deliver-digital')
    const digital = await boardQueue('digital')
    expect(digital?.jobs).toMatchObject([
      {
        name: 'deliver-digital · ord_1',
        externalUrl: { displayText: 'Order', href: '/ops/orders/ord_1' },
        data: { taskId: expect.stringMatching(/^tsk_/), payload: { orderId: 'ord_1', sellerId: 'mer_1' } },
      },
    ])
  })

  test('R302 keeps what was done for a day, with its order and the error of every attempt', async () => {
    let refusals = 2
    running.push(
      runQueue({ ...api.parts, onTaskFailed: async () => {} }, 'digital', {
        'deliver-digital': ({ taskId }) =>
          inTransaction(api.parts, async (tx) => {
            refusals -= 1
            if (refusals >= 0) throw new TaskError(`refused_${2 - refusals}`, { retry: true })
            tx.finish(taskId)
          }),
      }),
    )
    await enqueue('ord_kept', 'deliver-digital')
    await expect.poll(async () => (await boardQueue('digital'))?.counts.completed, { timeout: 15_000 }).toBe(1)
    const queue = await boardQueue('digital')
    expect(queue?.description).toBe('deliver-digital')
    expect(queue?.jobs[0]).toMatchObject({ name: 'deliver-digital · ord_kept', attempts: 3 })
    expect(queue?.jobs[0]?.stacktrace.map((trace) => trace.split('\n')[0])).toEqual([
      'Error: refused_2',
      'Error: refused_1',
    ])
  })

  test('R282 rings again for a task that a restored database has forgotten to be done', async () => {
    let calls = 0
    running.push(
      runQueue({ ...api.parts, onTaskFailed: async () => {} }, 'digital', {
        'deliver-digital': ({ taskId }) =>
          inTransaction(api.parts, async (tx) => {
            calls += 1
            tx.finish(taskId)
          }),
      }),
    )
    await enqueue('ord_restored', 'deliver-digital')
    await expect.poll(async () => (await boardQueue('digital'))?.counts.completed).toBe(1)
    const [task] = await api.parts.database.sql<DueTask>(
      `update tasks set state = 'enqueued', done_at = null returning id, job, queue, payload, epoch`,
    )
    if (!task) throw new Error('no task')
    await api.parts.bell.ringNow([task])
    await expect.poll(() => calls).toBe(2)
  })

  test('answers with a trailing slash, on its inner pages and for unknown files', async () => {
    const slash = await operator.page('/ops/queues/')
    expect([slash.status, slash.headers.get('location')]).toEqual([301, '/ops/queues'])
    const inner = await operator.page('/ops/queues/queue/digital')
    expect(inner.status).toBe(200)
    expect(await inner.text()).toContain('<base href="/ops/queues/" />')
    const unknown = await operator.get('/ops/queues/static/js/unknown.js')
    expect([unknown.status, await errorCode(unknown)]).toEqual([404, 'not_found'])
    const outside = await operator.get('/ops/queues/static/..%2f..%2fpackage.json')
    expect(outside.status).toBe(404)
  })

  test('keeps only files whose name changes with their content in the browser', async () => {
    const page = await (await operator.page('/ops/queues')).text()
    const script = /src="(static\/js\/main\.[^"]+)"/.exec(page)?.[1]
    const asset = await operator.get(`/ops/queues/${script}`)
    expect(asset.headers.get('cache-control')).toContain('immutable')
    expect(asset.headers.get('content-type')).toContain('javascript')
    expect((await operator.get(board)).headers.get('cache-control')).toBe('no-store')
  })

  test('says that Redis is down instead of showing an error of its own', async () => {
    await api.redis.kill()
    const answer = await operator.get(board)
    expect([answer.status, await errorCode(answer)]).toEqual([503, 'database_unavailable'])
    await api.redis.start()
    await expect.poll(async () => (await operator.get(board)).status, { timeout: 10_000 }).toBe(200)
  })
})

describe('changes in Bull Board', () => {
  const changes: [string, string][] = [
    ['PUT', `${board}/pause`],
    ['PUT', `${board}/digital/pause`],
    ['PUT', `${board}/digital/retry/failed`],
    ['PUT', `${board}/digital/obliterate`],
    ['PUT', `${board}/digital/task-1-1/clean`],
    ['PATCH', `${board}/digital/task-1-1/update-data`],
    ['POST', `${board}/digital/add`],
    ['DELETE', `${board}/digital`],
  ]

  test.each(changes)('%s %s is refused until the operator confirms, however it is sent', async (method, path) => {
    const answer = await operator.request(method, path, { headers: { 'content-type': 'application/json' }, body: '{}' })
    expect([answer.status, await errorCode(answer)]).toEqual([403, 'forbidden'])
  })

  test('are allowed for fifteen minutes in the session that confirmed, and in no other', async () => {
    expect((await boardQueue('digital'))?.readOnlyMode).toBe(true)
    expect((await allow()).headers.get('location')).toBe('/ops')
    expect(await (await operator.page('/ops')).text()).toContain('id="confirmed"')
    expect((await boardQueue('digital'))?.readOnlyMode).toBe(false)
    expect((await operator.put(`${board}/digital/pause`)).status).toBe(200)
    expect((await boardQueue('digital'))?.isPaused).toBe(true)

    const colleague = await api.signedIn('operator@example.com')
    expect((await colleague.put(`${board}/digital/resume`)).status).toBe(403)

    await api.parts.database.sql(`update sessions set confirmed_until = confirmed_until - interval '15 minutes'`)
    expect((await operator.put(`${board}/digital/resume`)).status).toBe(403)
    expect((await boardQueue('digital'))?.isPaused).toBe(true)
  })

  test('end at once when the operator takes the confirmation back', async () => {
    await allow()
    await operator.submit('/ops/confirmation', { allow: 'no' })
    expect((await operator.put(`${board}/digital/pause`)).status).toBe(403)
  })

  test('are refused from another site even while they are allowed', async () => {
    await allow()
    const answer = await operator.request('PUT', `${board}/digital/pause`, { headers: { origin: 'https://evil.test' } })
    expect([answer.status, await errorCode(answer)]).toEqual([403, 'forbidden'])
    const form = await operator.request('POST', '/ops/confirmation', {
      headers: { origin: 'https://evil.test', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'allow=yes',
    })
    expect(form.status).toBe(403)
  })
})

describe("an operator's word", () => {
  const work = (queue: string, process: (orderId: string) => Promise<void>) => {
    const worker = new Worker(queue, async (job) => process(String(job.data.payload.orderId)), {
      prefix: api.config.queuePrefix,
      connection: { ...redisOptions(api.config.redisUrl), maxRetriesPerRequest: null },
    })
    running.push(worker)
    return worker
  }

  test('holds: a queue paused through Bull Board stays paused when workers and API restart (I12)', async () => {
    // The risk: a process that starts un-pauses what a person stopped, and ships what was to be held back.
    const delivered: string[] = []
    const deliver = async (orderId: string) => void delivered.push(orderId)
    const before = work('digital', deliver)
    await before.waitUntilReady()
    await allow()
    expect((await operator.put(`${board}/digital/pause`)).status).toBe(200)
    await before.close()
    await api.restart()

    const after = work('digital', deliver)
    await after.waitUntilReady()
    await enqueue('ord_held', 'deliver-digital')
    // Another queue's job, rung later and done, shows that work has had its chance.
    const confirmed = Promise.withResolvers<void>()
    work('confirmation', async () => confirmed.resolve())
    await enqueue('ord_other', 'confirm-order')
    await confirmed.promise

    expect(delivered).toEqual([])
    expect(await boardQueue('digital')).toMatchObject({ isPaused: true, counts: { waiting: 1 } })
    expect((await operator.put(`${board}/digital/resume`)).status).toBe(200)
    await expect.poll(() => delivered).toEqual(['ord_held'])
  })

  test("holds: a job that failed for good is retried by the call of Bull Board's button (I12)", async () => {
    // The risk: a failed order step that nobody can start again without a developer.
    let attempts = 0
    work('digital', async () => {
      attempts += 1
      if (attempts === 1) throw new UnrecoverableError('licence_server_refused')
    })
    await enqueue('ord_1', 'deliver-digital')
    await expect.poll(async () => (await boardQueue('digital'))?.counts.failed).toBe(1)
    await allow()
    expect((await retryOnBoard()).status).toBe(204)
    await expect.poll(() => attempts).toBe(2)
    await expect.poll(async () => (await boardQueue('digital'))?.counts.failed).toBe(0)
  })

  test.each([
    ['Bull Board', () => retryOnBoard()],
    ['the API', (task: { id: string }) => operator.post(`/v2/ops/tasks/${task.id}/retry`)],
  ])('resumes the same task, whether it comes from %s (I12)', async (_from, retry) => {
    let refuse = true
    running.push(
      runQueue({ ...api.parts, onTaskFailed: async () => {} }, 'digital', {
        'deliver-digital': ({ taskId }) =>
          inTransaction(api.parts, async (tx) => {
            if (refuse) throw new TaskError('licence_server_refused', { retry: false })
            tx.finish(taskId)
          }),
      }),
    )
    await enqueue('ord_1', 'deliver-digital')
    const readTask = async () => {
      const [task] = await api.parts.database.sql<{ id: string; epoch: number; state: string }>(
        'select id, epoch, state from tasks',
      )
      if (!task) throw new Error('no task')
      return task
    }
    await expect.poll(async () => (await readTask()).state).toBe('failed')
    await expect.poll(async () => (await boardQueue('digital'))?.counts.failed).toBe(1)
    refuse = false
    await allow()
    const failed = await readTask()
    expect((await retry(failed)).ok).toBe(true)
    await expect.poll(async () => (await readTask()).state).toBe('done')
    expect((await readTask()).id).toBe(failed.id)
    await expect.poll(async () => (await boardQueue('digital'))?.counts.failed).toBe(0)
  })

  const retryOnBoard = async () => operator.put(`${board}/digital/${(await boardQueue('digital'))?.jobs[0]?.id}/retry`)
})
