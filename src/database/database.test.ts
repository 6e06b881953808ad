import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProxy } from '../../test/proxy.ts'
import { freshDatabase, type TestDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import { MerchantEntity } from '../merchants/merchant.entity.ts'
import { isDatabaseDown } from '../platform/database-unavailable.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { Database } from './database.ts'

// Removes the risk that an outage of Postgres leaves the process without connections when it is over.
describe('database', () => {
  let server: TestDatabase
  let proxy: Awaited<ReturnType<typeof startProxy>>
  let database: Database

  beforeAll(async () => {
    server = await freshDatabase()
    proxy = await startProxy(server.url)
    database = await connect({ url: proxy.url, poolSize: 2, name: 'test' })
  })
  afterAll(async () => {
    await database.close()
    await proxy.close()
    await server.drop()
  })

  it('commits what a transaction did by SQL and by entities together', async () => {
    await database.transaction(async ({ sql, em }) => {
      await sql(`insert into merchants (id, name) values ('mer_sql', 'By SQL')`)
      em.create(MerchantEntity, { id: 'mer_entity', name: 'By entity', createdAt: new Date() })
    })
    await expect(
      database.transaction(async ({ sql, em }) => {
        em.create(MerchantEntity, { id: 'mer_lost', name: 'x', createdAt: new Date() })
        await em.flush()
        await sql('select 1/0')
      }),
    ).rejects.toThrow('division by zero')
    const rows = await database.sql<{ id: string }>('select id from merchants order by id')
    expect(rows.map((row) => row.id)).toEqual(['mer_entity', 'mer_sql'])
  })

  it('keeps its connections although every COMMIT of an outage is lost', async () => {
    for (let round = 0; round < 5; round += 1) {
      proxy.loseAnswerTo(/commit/i)
      const lost = await database.transaction(async ({ sql }) => sql('select 1')).catch((error: unknown) => error)
      expect(isDatabaseDown(lost)).toBe(true)
    }
    expect(await database.transaction(async ({ sql }) => sql('select 1 as alive'))).toEqual([{ alive: 1 }])
  })

  it('fails within seconds while the server is away, and works when it is back', async () => {
    proxy.down()
    const error = await database.sql('select 1').catch((reason: unknown) => reason)
    expect(isDatabaseDown(error)).toBe(true)
    const read = await database
      .em()
      .find(MerchantEntity, { name: 'By SQL' })
      .catch((reason: unknown) => reason)
    expect(isDatabaseDown(read)).toBe(true)
    proxy.up()
    expect(await database.sql('select 2 as back')).toEqual([{ back: 2 }])
  })

  it('lets who finds no free connection wait its turn, longer than for a server that is away', async () => {
    const held = [1, 2].map(() => database.sql('select pg_sleep(2.5)'))
    expect(await database.sql('select 3 as third')).toEqual([{ third: 3 }])
    await Promise.all(held)
  })

  it('is away when it takes connections and never says a word', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => sockets.push(socket))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const mute = await connect({ url: `postgres://x@127.0.0.1:${port}/x`, poolSize: 1, name: 'test' })
    const from = Date.now()
    const error = await mute.sql('select 1').catch((reason: unknown) => reason)
    expect(isDatabaseDown(error)).toBe(true)
    expect(Date.now() - from).toBeLessThan(5_000)
    for (const socket of sockets) socket.destroy()
    await mute.close()
    await new Promise((resolve) => silent.close(resolve))
  })

  it('is not taken to be away because something else is', async () => {
    const refused = await fetch('http://127.0.0.1:9/').catch((reason: unknown) => reason)
    expect(refused).toBeInstanceOf(Error)
    expect(isDatabaseDown(refused)).toBe(false)
    expect(isDatabaseDown(new ProviderError('easypost', 'unknown', 'connection', { cause: refused }))).toBe(false)
  })

  it('repeats a transaction that was the victim of a deadlock', async () => {
    await database.sql(`insert into merchants (id, name) values ('mer_a', 'a'), ('mer_b', 'b')`)
    const arrived: (() => void)[] = []
    const both = new Promise<void>((resolve) => {
      arrived.push(() => arrived.length >= 3 && resolve())
    })
    const rename = (first: string, second: string) => {
      let tries = 0
      return database.transaction(async ({ sql }) => {
        tries += 1
        await sql(`update merchants set name = name || '!' where id = $1`, [first])
        if (tries === 1) {
          arrived.push(() => undefined)
          arrived[0]?.()
          await both
        }
        await sql(`update merchants set name = name || '?' where id = $1`, [second])
      })
    }
    await Promise.all([rename('mer_a', 'mer_b'), rename('mer_b', 'mer_a')])
    const names = await database.sql<{ name: string }>(
      `select name from merchants where id in ('mer_a', 'mer_b') order by id`,
    )
    expect(names.map(({ name }) => [...name].sort().join(''))).toEqual(['!?a', '!?b'])
  })
})
