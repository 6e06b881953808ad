import { Client } from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase, freshRedis } from '../../../test/services.ts'
import { redisCommand } from './redis-command.ts'

test('every test gets a database of its own, also when many ask at once', async () => {
  const databases = await Promise.all(Array.from({ length: 6 }, () => freshDatabase()))
  expect(new Set(databases.map(({ url }) => url)).size).toBe(6)
  for (const { url, drop } of databases) {
    const client = new Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    await client.query('create table only_here (id int)')
    await drop()
  }
})

const accessOf = ({ url }: { url: string }) => ({ port: Number(new URL(url).port), password: new URL(url).password })

test('every test gets a Redis of its own that survives being killed', async () => {
  const [one, other] = await Promise.all([freshRedis(), freshRedis()])
  expect(one.port).not.toBe(other.port)
  await redisCommand(accessOf(one), 'SET a 1')
  expect(await redisCommand(accessOf(other), 'EXISTS a')).toBe(':0')
  await one.kill()
  expect(one.pid).toBeUndefined()
  await one.start()
  expect(await redisCommand(accessOf(one), 'EXISTS a')).toBe(':0')
  await redisCommand(accessOf(one), 'SET a 1')
  await one.flushAll()
  expect(await redisCommand(accessOf(one), 'EXISTS a')).toBe(':0')
  await Promise.all([one.stop(), other.stop()])
})
