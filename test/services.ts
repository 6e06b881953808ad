import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type Redis, startRedis } from '../src/boot/services/redis.ts'

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

/** What a database holds at this moment, kept aside as another database. Ends its connections; pools open new ones. */
export async function backUp(databaseUrl: string) {
  const name = new URL(databaseUrl).pathname.slice(1)
  const copy = `${name}_backup`
  await copyDatabase(name, copy)
  return {
    /** Forgets everything that happened since. */
    async restore(): Promise<void> {
      await copyDatabase(copy, name)
    },
    drop: () => asAdmin(`drop database if exists ${copy} with (force)`),
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  await asAdmin(`drop database if exists ${to} with (force)`)
  // Nobody may be connected to what is copied; who comes in between is sent away again.
  for (let attempt = 1; ; attempt += 1) {
    await asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`)
    try {
      return await asAdmin(`create database ${to} template ${from}`)
    } catch (error) {
      if (attempt === 20) throw error
    }
  }
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
