import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/boot/services/ports.ts'
import { retryTask } from '../../src/tasks/tasks.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

// Removes the risk that a provider that is down is taken for our own database: work then spins for ever and nobody is told.
describe('R283 a provider that is down', () => {
  const { system, shop } = runningShop(storefront, {
    workers: false,
    env: { RETRY_DELAY_FACTOR: '0.0001', PROVIDER_PAUSE_MS: '600' },
  })
  const real = { easypost: '', printful: '' }

  beforeAll(async () => {
    real.easypost = system.config.easypost?.apiBase ?? ''
    real.printful = system.config.printful?.apiBase ?? ''
  })
  afterEach(() => system.stopWorkers())

  /** The workers that start next find the carriers there. */
  const moveCarriers = (easypost: string, printful: string) => {
    Object.assign(system.config.easypost ?? {}, { apiBase: easypost })
    Object.assign(system.config.printful ?? {}, { apiBase: printful })
  }
  const tasksOf = (orderId: string) =>
    system.database.sql<{ id: string; job: string; state: string; attempts: number; lastError: string | null }>(
      `select id, job, state, attempts, last_error as "lastError" from tasks
       where order_id = $1 and job in ('fulfill-shipping', 'fulfill-pod') order by job`,
      [orderId],
    )

  it('uses up the delays of its tasks and then calls a person, who can go on when it is back', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }, { skuId: 'sku-pod' }])
    await shop.pay(order.id)
    const nobody = `http://127.0.0.1:${await freePort()}`
    moveCarriers(nobody, nobody)
    await system.startWorkers()
    await eventually(async () => {
      const { providersDown } = await shop.must('GET', '/readyz')
      return providersDown.length === 2 ? true : undefined
    }, 'the outage to show')
    const ready = await shop.must('GET', '/readyz')
    expect(ready).toMatchObject({ status: 'ready', postgres: 'up', degraded: true })
    expect(ready.problems.join()).toContain('easypost does not answer')
    expect(await (await request(`${system.url}/metrics`)).body.text()).toMatch(
      /ordermill_provider_waiting_tasks\{provider="printful"\} 1/,
    )
    const failed = await eventually(async () => {
      const tasks = await tasksOf(order.id)
      return tasks.length === 2 && tasks.every(({ state }) => state === 'failed') ? tasks : undefined
    }, 'the tasks to fail')
    for (const { attempts } of failed) expect(attempts).toBe(10)
    for (const { lastError } of failed) expect(lastError).toMatch(/^(easypost|printful) (unknown|unavailable): /)
    expect((await shop.read(order.id)).attention.reason).toMatch(/^fulfill-(shipping|pod): (easypost|printful) /)
    const causes = (await shop.timeline(order.id)).data.map(({ cause }: { cause: string }) => cause)
    expect(causes).toContain('fulfill-shipping waits for easypost')
    expect(causes).toContain('fulfill-pod waits for printful')

    await system.stopWorkers()
    moveCarriers(real.easypost, real.printful)
    await system.startWorkers()
    for (const { id } of failed) await retryTask(system.parts, id)
    await shop.confirmed(order.id)
    expect((await shop.books(order.id)).easypost.labels).toHaveLength(1)
  })

  it('of whose order the money goes back meanwhile leaves nothing to decide', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }])
    await shop.pay(order.id)
    const nobody = `http://127.0.0.1:${await freePort()}`
    moveCarriers(nobody, real.printful)
    await system.startWorkers()
    await eventually(async () => {
      const [task] = await tasksOf(order.id)
      return task && task.attempts > 0 ? task : undefined
    }, 'the carrier to be asked in vain')
    await shop.must('POST', '/v2/refunds', {
      orderId: order.id,
      amount: order.totalAmount,
      currency: 'USD',
      reason: 'late',
    })
    await system.stopWorkers()
    // Whatever failed for good in the outage is tried again when it is over.
    await system.database.sql(
      `update tasks set state = 'pending', attempts = 0, run_at = now(), enqueued_at = null, epoch = epoch + 1
       where order_id = $1 and state <> 'done'`,
      [order.id],
    )
    await system.database.sql('update operations set lease_until = now() where order_id = $1 and lease_until > now()', [
      order.id,
    ])
    moveCarriers(real.easypost, real.printful)
    await system.startWorkers()
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    await eventually(async () => {
      const open = await system.database.sql(`select 1 from tasks where order_id = $1 and state <> 'done'`, [order.id])
      return open.length === 0 ? true : undefined
    }, 'every task to end')
    const open = await system.database.sql(
      `select kind from operations where order_id = $1 and state in ('pending', 'unknown')`,
      [order.id],
    )
    expect(open).toEqual([])
    expect((await shop.read(order.id)).attention ?? null).toBeNull()
    expect((await shop.books(order.id)).easypost.labels).toHaveLength(0)
  })

  it('is left alone while it does not answer, and goes on by itself when it does', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => shop.order([{ skuId: 'sku-physical' }])))
    for (const { id } of orders) await shop.pay(id)
    const carrier = await unstable(real.easypost)
    moveCarriers(carrier.url, real.printful)
    await system.startWorkers()
    // Five in a row open the circuit; what was on its way then comes on top.
    await eventually(async () => (carrier.refused() >= 5 ? true : undefined), 'the carrier to be asked')
    await eventually(async () => {
      const waiting = await Promise.all(orders.map(({ id }) => tasksOf(id)))
      return waiting.flat().every(({ attempts }) => attempts >= 3) ? true : undefined
    }, 'every task to have waited')
    // Thirty-six attempts at least: all but the first and one probe a pause found the door closed.
    expect(carrier.refused()).toBeLessThan(24)
    carrier.recover()
    for (const { id } of orders) await shop.confirmed(id)
    await carrier.close()
    moveCarriers(real.easypost, real.printful)
    for (const { id } of orders) expect((await shop.books(id)).easypost.labels).toHaveLength(1)
  })
})

/** A carrier behind a server that answers 503 until it recovers. */
async function unstable(target: string) {
  let refused = 0
  let down = true
  const server: Server = createServer(async (incoming, answer) => {
    if (down) {
      refused += 1
      return void answer.writeHead(503).end()
    }
    const { origin, pathname } = new URL(target)
    const body: Buffer[] = []
    for await (const chunk of incoming) body.push(chunk as Buffer)
    const path = incoming.url?.startsWith(pathname) ? incoming.url : `${pathname}${incoming.url}`
    const { host, connection, 'content-length': length, ...headers } = incoming.headers
    const passed = await request(`${origin}${path}`, {
      method: incoming.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(body.length > 0 ? { body: Buffer.concat(body) } : {}),
    })
    answer.writeHead(passed.statusCode, { 'content-type': 'application/json' }).end(await passed.body.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(target).pathname}`,
    refused: () => refused,
    recover: () => {
      down = false
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
