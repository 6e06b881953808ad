import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '../src/boot/migrate.ts'
import { type Postgres, startPostgres } from '../src/boot/services/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the superuser of the run's own Postgres; it names the database `postgres`. */
    adminUrl: string
    /** The migrated database that every test database is copied from. */
    templateDatabase: string
  }
}

const TEMPLATE = 'ordermill_template'

/** Starts the one Postgres of this test run and makes the template of its databases; returns what ends it all. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({
    dataDir: mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-pg-')),
    database: TEMPLATE,
    durable: false,
    temporary: true,
    programs: process.env.TEST_POSTGRES_PROGRAMS,
    settings: { max_connections: '400', max_wal_size: '4GB', autovacuum: 'off' },
  })
  try {
    project.provide('templateDatabase', await makeTemplate(server))
    project.provide('adminUrl', databaseUrl(server.url, 'postgres'))
  } catch (error) {
    await server.stop()
    throw error
  }
  return async () => server.stop(3_000)
}

async function makeTemplate(server: Postgres): Promise<string> {
  await migrateDatabase(server.url)
  const client = new Client({ connectionString: databaseUrl(server.url, 'postgres') })
  await client.connect()
  try {
    // A database can only be copied while nobody is connected to it.
    await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`)
  } finally {
    await client.end()
  }
  return TEMPLATE
}

function databaseUrl(url: string, name: string): string {
  const renamed = new URL(url)
  renamed.pathname = `/${name}`
  return renamed.href
}
