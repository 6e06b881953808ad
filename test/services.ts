import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type Redis, startRedis } from '../src/platform/services/redis.ts'

export interface TestDatabase {
  readonly url: string
  /** Removes it, connections and all. The end of the run does the same for those that were not dropped. */
  drop(): Promise<void>
}

/** A migrated, otherwise empty database of the caller's own on the run's Postgres. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`
  await asAdmin(`create database ${name} template ${inject('templateDatabase')}`)
  const url = new URL(inject('adminUrl'))
  url.pathname = `/${name}`
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) }
}

/**
 * A Redis server of the caller's own, which forgets everything when it ends. It ends with the test process when the
 * caller does not stop it.
 */
export async function freshRedis(): Promise<Redis> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-redis-'))
  return await startRedis({ dir, persistence: 'none', temporary: true })
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('adminUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
