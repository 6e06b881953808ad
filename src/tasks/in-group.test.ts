import { context, propagation, trace } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DueTask } from '../../queues/outbox.ts'
import { startProxy } from '../../test/proxy.ts'
import { freshDatabase, type TestDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import type { Database } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { isDatabaseDown } from '../platform/database-unavailable.ts'
import { traced } from '../platform/tracing.ts'
import { inGroup } from './in-group.ts'
import { TaskAlreadyDone, type Transaction, type UnitOfWork } from './transaction.ts'

const lockMerchant = statement<{ id: string }>({ id: 'text' })((db, $) =>
  db.selectFrom('merchants').select('name').where('id', '=', $.id).forUpdate(),
)
const rename = statement<{ id: string; name: string }>({ id: 'text', name: 'text' })((db, $) =>
  db.updateTable('merchants').set({ name: $.name }).where('id', '=', $.id).returning('id'),
)

// Removes the risk that steps which share a transaction share more than that.
describe('steps in a group', () => {
  let server: TestDatabase
  let proxy: Awaited<ReturnType<typeof startProxy>>
  let database: Database
  let parts: UnitOfWork
  let rung: DueTask[]

  beforeAll(async () => {
    server = await freshDatabase()
    proxy = await startProxy(server.url)
    database = await connect({ url: proxy.url, poolSize: 6, name: 'test' })
  })
  afterAll(async () => {
    await database.close()
    await proxy.close()
    await server.drop()
  })
  beforeEach(async () => {
    rung = []
    const bell = {
      ring: (due: readonly DueTask[]) => rung.push(...due),
      ringNow: async () => undefined,
      ringAlone: async () => undefined,
      flush: async () => undefined,
      close: async () => undefined,
    } as unknown as UnitOfWork['bell']
    parts = { database, bell, operationLeaseSeconds: 60 }
    await database.sql('delete from tasks')
    await database.sql('delete from merchants')
    for (let index = 0; index < 8; index += 1)
      await database.sql(`insert into merchants (id, name) values ($1, 'old')`, [`mer_${index}`])
  })

  const named = async () => {
    const rows = await database.sql<{ name: string }>('select name from merchants order by id')
    return rows.map(({ name }) => name)
  }
  /** Runs the steps of all merchants at once; the first is under way alone while the others gather. */
  const all = (work: (tx: Transaction, index: number) => Promise<unknown>, about = (index: number) => `mer_${index}`) =>
    Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        inGroup(parts, { kind: 'test', about: about(index) }, (tx) => work(tx, index)),
      ),
    )
  const renamed = async (tx: Transaction, index: number) => {
    await lockMerchant(tx, { id: `mer_${index}` })
    await rename(tx, { id: `mer_${index}`, name: 'new' })
    return index
  }
  const statuses = (ends: readonly PromiseSettledResult<unknown>[]) => ends.map(({ status }) => status)
  const but = (failed: number) => Array.from({ length: 8 }, (_, index) => (index === failed ? 'rejected' : 'fulfilled'))

  it('take merchants in turn: who sends one waits for no more than a group of who sends many', async () => {
    const order: string[] = []
    const step = (merchantId: string, about: string) =>
      inGroup(parts, { kind: 'test', about, merchantId }, async (tx) => {
        await lockMerchant(tx, { id: about })
      }).then(() => order.push(merchantId))
    const many = Array.from({ length: 200 }, (_, index) => step('busy', `nobody_${index}`))
    await Promise.all([...many, step('quiet', 'nobody')])
    // One goes alone before the others have come, and then 32 at once.
    expect(order.indexOf('quiet')).toBeLessThan(1 + 32)
  })

  it('are one transaction and one statement of each kind, and each has its own answer and its own tasks', async () => {
    const before = { ...database.counters }
    const ends = await all(async (tx, index) => {
      tx.enqueue({ job: 'screen-open-orders', payload: { list: 'x' }, dedupeKey: `screen-${index}` })
      return renamed(tx, index)
    })
    expect(ends.map((end) => end.status === 'fulfilled' && end.value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(await named()).toEqual(Array(8).fill('new'))
    expect(rung).toHaveLength(8)
    // The first alone with 3 statements, the others together with as many and one that sets their patience; one read here.
    expect(database.counters.commits - before.commits).toBe(3)
    expect(database.counters.statements - before.statements).toBe(3 + 4 + 1)
  })

  it('belong to the trace in which each was called', async () => {
    const provider = new NodeTracerProvider()
    provider.register()
    try {
      const seen: (string | undefined)[] = []
      const called = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          traced('step', { kind: 'task' }, async (span) => {
            await inGroup(parts, { kind: 'test', about: `mer_${index}` }, async (tx) => {
              await lockMerchant(tx, { id: `mer_${index}` })
              seen[index] = trace.getActiveSpan()?.spanContext().spanId
            })
            return span.spanContext().spanId
          }),
        ),
      )
      expect(seen).toEqual(called)
    } finally {
      await provider.shutdown()
      trace.disable()
      context.disable()
      propagation.disable()
    }
  })

  it('fail alone where they have only read', async () => {
    const ends = await all(async (tx, index) => {
      await lockMerchant(tx, { id: `mer_${index}` })
      if (index === 5) throw new Error('not this one')
      return renamed(tx, index)
    })
    expect(statuses(ends)).toEqual(but(5))
    expect((ends[5] as PromiseRejectedResult).reason).toMatchObject({ message: 'not this one' })
    expect(await named()).toEqual(['new', 'new', 'new', 'new', 'new', 'old', 'new', 'new'])
  })

  it('take back what they wrote and nobody else did', async () => {
    const ends = await all(async (tx, index) => {
      await renamed(tx, index)
      if (index === 3) throw new Error('changed its mind')
    })
    expect(statuses(ends)).toEqual(but(3))
    expect(await named()).toEqual(['new', 'new', 'new', 'old', 'new', 'new', 'new', 'new'])
  })

  it('are refused alone by Postgres', async () => {
    const ends = await all(async (tx, index) => {
      await renamed(tx, index)
      await tx.sql('insert into merchants (id, name) values ($1, $2)', [index === 6 ? 'mer_0' : `made_${index}`, 'x'])
    })
    expect(statuses(ends)).toEqual(but(6))
    expect((ends[6] as PromiseRejectedResult).reason).toMatchObject({ code: '23505' })
    expect((await named()).filter((name) => name === 'x')).toHaveLength(7)
  })

  it('see what the one before has done where they are about the same', async () => {
    const seen: string[] = []
    await all(
      async (tx, index) => {
        const [row] = await lockMerchant(tx, { id: 'mer_0' })
        seen.push(row?.name ?? '')
        await rename(tx, { id: 'mer_0', name: String(index) })
      },
      () => 'mer_0',
    )
    expect(seen).toEqual(['old', '0', '1', '2', '3', '4', '5', '6'])
  })

  it('leave a group in which another one is about the same order, where only their rows tell', async () => {
    const seen: string[] = []
    const ends = await all(async (tx) => {
      const [row] = await lockMerchant(tx, { id: 'mer_0' })
      tx.only('mer_0')
      seen.push(row?.name ?? '')
      await rename(tx, { id: 'mer_0', name: String(seen.length) })
    })
    expect(statuses(ends)).toEqual(Array(8).fill('fulfilled'))
    expect(seen).toEqual(['old', '1', '2', '3', '4', '5', '6', '7'])
  })

  it('do not finish a task twice, and only who tries is told', async () => {
    for (let index = 0; index < 8; index += 1)
      await database.sql(
        `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at) values ($1, 'screen-open-orders', 'payment-operations', '{}', $1, $2, now())`,
        [`task_${index}`, index === 2 ? 'done' : 'enqueued'],
      )
    const ends = await all(async (tx, index) => {
      await renamed(tx, index)
      tx.finish(`task_${index}`)
    })
    expect(statuses(ends)).toEqual(but(2))
    expect((ends[2] as PromiseRejectedResult).reason).toBeInstanceOf(TaskAlreadyDone)
    expect((await named())[2]).toBe('old')
  })

  it('do not wait for a row that somebody else holds, but for the one that needs it', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let locked = () => {}
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve
    })
    const holder = database.transaction(async ({ sql }) => {
      await lockMerchant(sql, { id: 'mer_4' })
      locked()
      await held
    })
    await isLocked
    let done = 0
    const ends = all(async (tx, index) => renamed(tx, index)).finally(() => {
      done += 1
    })
    const others = async () => (await named()).filter((name) => name === 'new').length
    for (const deadline = Date.now() + 8_000; (await others()) < 7 && Date.now() < deadline; );
    expect([await others(), done]).toEqual([7, 0])
    release()
    await holder
    expect(statuses(await ends)).toEqual(Array(8).fill('fulfilled'))
  })

  it.each([1, 2, 3, 4])(
    'leave nothing behind when they die at their statement %i, and do all when they come again',
    async (fatal) => {
      let asked = 0
      const step = async (tx: Transaction, index: number) => {
        const fateful = async () => {
          // The first step runs alone, before the group; the seven of the group ask for one statement after the other.
          if (index === 1) asked += 1
          if (index === 1 && asked === fatal)
            await tx.sql('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined)
        }
        await fateful()
        await lockMerchant(tx, { id: `mer_${index}` })
        await fateful()
        await rename(tx, { id: `mer_${index}`, name: 'new' })
        await fateful()
        tx.enqueue({ job: 'screen-open-orders', payload: { list: 'x' }, dedupeKey: `die-${index}` })
        await rename(tx, { id: `mer_${index}`, name: 'newer' })
        await fateful()
      }
      const ends = await all(step)
      expect(statuses(ends.slice(1))).toEqual(Array(7).fill('rejected'))
      for (const end of ends.slice(1)) expect(isDatabaseDown((end as PromiseRejectedResult).reason)).toBe(true)
      expect(await named()).toEqual(['newer', ...Array(7).fill('old')])
      expect(await database.sql('select id from tasks')).toHaveLength(1)
      expect(statuses(await all(step))).toEqual(Array(8).fill('fulfilled'))
      expect(await named()).toEqual(Array(8).fill('newer'))
      expect(await database.sql('select id from tasks')).toHaveLength(8)
    },
  )

  it('are all told when nobody knows whether they were committed, and none is tried again by itself', async () => {
    let runs = 0
    await all(async (tx, index) => {
      runs += 1
      if (index === 1) proxy.loseAnswerTo(/commit/i)
      return renamed(tx, index)
    }).then((ends) => {
      for (const end of ends.slice(1)) expect(isDatabaseDown((end as PromiseRejectedResult).reason)).toBe(true)
    })
    expect(runs).toBe(8)
    expect(await named()).toEqual(Array(8).fill('new'))
  })
})
