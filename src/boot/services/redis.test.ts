import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Redis as Client } from 'ioredis'
import { expect, test } from 'vitest'
import { redisOptions } from '../../../queues/connection.ts'
import { checkRedisUrl } from './external-services.ts'
import { type Redis, startRedis } from './redis.ts'

async function clientAddress(url: string): Promise<string> {
  const client = new Client({ ...redisOptions(url), lazyConnect: true, maxRetriesPerRequest: 0 })
  client.on('error', () => {})
  try {
    await client.connect()
    return /laddr=(.*?) fd=/.exec(String(await client.call('CLIENT', 'INFO')))?.[1] ?? ''
  } finally {
    client.disconnect()
  }
}

// Removes the risk that a socket which a killed server left behind keeps the next one from being asked.
test('it asks for a password, by a socket in its folder, and by TCP where the path is too long for one', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill redis '))
  const servers: Redis[] = []
  try {
    const server = await startRedis({ dir: path.join(folder, 'short'), persistence: 'none', temporary: true })
    servers.push(server)
    expect(server.socketUrl).toMatch(/^unix:\/\/\/.*redis\.sock\?password=/)
    expect(await clientAddress(server.socketUrl)).toContain('redis.sock')
    await checkRedisUrl(server.socketUrl)
    for (const address of [server.url, server.socketUrl]) {
      const stranger = address.replace(new URL(server.url).password, 'guess')
      await expect(clientAddress(stranger)).rejects.toThrow()
    }
    await expect(clientAddress(`redis://127.0.0.1:${server.port}`)).rejects.toThrow()
    await server.kill()
    await expect(checkRedisUrl(server.socketUrl)).rejects.toThrow(/Nothing answers at \/.*redis\.sock/)
    await server.start()
    expect(await clientAddress(server.socketUrl)).toContain('redis.sock')

    const deep = await startRedis({ dir: path.join(folder, 'd'.repeat(90)), persistence: 'none', temporary: true })
    servers.push(deep)
    expect(deep.socketUrl).toBe(deep.url)
    expect(await clientAddress(deep.socketUrl)).toContain('127.0.0.1')
  } finally {
    for (const server of servers) await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
