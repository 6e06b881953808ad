import { Queue, Worker } from 'bullmq'
import pg from 'pg'
import { redisOptions } from '../queues/connection.ts'

const payload = JSON.stringify({
  order: 'ord_01k0000000000000000000000',
  amount: 2000,
  lines: [1, 2, 3],
  note: 'floor',
})

/** Commits a second that this Postgres does of one bare `INSERT` each: prepared, one small jsonb, `concurrency` connections. */
export async function insertFloor(databaseUrl: string, seconds: number, concurrency = 8): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const client = new pg.Client({ connectionString: databaseUrl, application_name: 'bench-floor' })
      await client.connect()
      return client
    }),
  )
  try {
    await clients[0]?.query('create table bench_floor (id bigint primary key, payload jsonb not null)')
    let id = 0
    const insert = (client: pg.Client) =>
      client.query({ name: 'floor', text: 'insert into bench_floor values ($1, $2)', values: [++id, payload] })
    await Promise.all(clients.map(insert))
    const startedAt = performance.now()
    const before = id
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() - startedAt < seconds * 1_000) await insert(client)
      }),
    )
    return ((id - before) * 1_000) / (performance.now() - startedAt)
  } finally {
    await clients[0]?.query('drop table if exists bench_floor')
    await Promise.all(clients.map((client) => client.end()))
  }
}

/** Jobs that do nothing, added in bulk and then carried out, a second each; the options are those of our own queues. */
export async function jobFloor(
  redisUrl: string,
  jobs: number,
  concurrency = 16,
): Promise<{ addedPerSecond: number; donePerSecond: number }> {
  const connection = redisOptions(redisUrl)
  const queue = new Queue('floor', { prefix: 'bench', connection })
  const batch = 500
  let done = 0
  const worker = new Worker(
    'floor',
    async () => {
      done += 1
    },
    { prefix: 'bench', connection: { ...connection, maxRetriesPerRequest: null }, concurrency, autorun: false },
  )
  try {
    await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()])
    const addingSince = performance.now()
    for (let from = 0; from < jobs; from += batch) {
      const size = Math.min(batch, jobs - from)
      await queue.addBulk(
        Array.from({ length: size }, (_, index) => ({
          name: 'noop',
          data: { taskId: `task-${from + index}`, payload: { orderId: 'ord_01k0000000000000000000000' } },
          opts: { jobId: `floor-${from + index}`, attempts: 3, removeOnComplete: true, removeOnFail: true },
        })),
      )
    }
    const addedPerSecond = (jobs * 1_000) / (performance.now() - addingSince)
    const workingSince = performance.now()
    await new Promise<void>((resolve, reject) => {
      worker.on('completed', () => {
        if (done === jobs) resolve()
      })
      worker.run().catch(reject)
    })
    return { addedPerSecond, donePerSecond: (jobs * 1_000) / (performance.now() - workingSince) }
  } finally {
    await worker.close()
    await queue.obliterate({ force: true })
    await queue.close()
  }
}
