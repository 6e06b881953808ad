import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Postgres, startPostgres } from './postgres.ts'
import { processIdentity } from './process-identity.ts'

let dataDir: string
let server: Postgres

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'ordermill-postgres-'))
  server = await startPostgres({ dataDir })
})
afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function query(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

test('what is committed survives every way of ending', async () => {
  // The risk: an embedded database that is durable only when it is asked politely.
  await query('create table kept (how text)')
  for (const mode of ['fast', 'immediate', 'kill'] as const) {
    await query(`insert into kept values ('${mode}')`)
    const before = server.pid
    await server.restart(mode)
    expect(server.pid).not.toBe(before)
  }
  expect(await query('select how from kept')).toEqual(['fast', 'immediate', 'kill'])
  expect(await query('show fsync')).toEqual(['on'])
})

test('what fails is logged without what somebody has typed', async () => {
  // The risk: the server's log keeps the addresses of buyers whose statements failed.
  await query('create table typed (email text primary key)')
  await query(`insert into typed values ('lovelace@example.com')`)
  await expect(query(`insert into typed values ('lovelace@example.com')`)).rejects.toThrow('duplicate key')
  await expect(query(`select 'lovelace@example.com'::int`)).rejects.toThrow('invalid input')
  const log = readFileSync(path.join(dataDir, 'postgres.log'), 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain('lovelace')
})

test('it listens on the loopback address and in its own folder only, and asks for the password', async () => {
  expect(await query('show listen_addresses')).toEqual(['127.0.0.1'])
  const [folder] = (await query('show unix_socket_directories')) as string[]
  expect(statSync(folder ?? '').mode & 0o077).toBe(0)
  for (const address of [server.url, server.socketUrl]) {
    const url = new URL(address)
    url.password = 'guess'
    await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow('password authentication failed')
  }
})

test('it is asked by a socket that is there again after every way of ending', async () => {
  for (const mode of ['fast', 'kill'] as const) {
    await server.restart(mode)
    const client = new Client({ connectionString: server.socketUrl })
    await client.connect()
    const { rows } = await client.query('select inet_client_addr() as address')
    await client.end()
    expect(rows).toEqual([{ address: null }])
  }
})

test('it does without a socket where the path of its folder is too long for one', async () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'ordermill-postgres-'))
  // As root, the database's user has to reach it.
  chmodSync(parent, 0o711)
  const deep = await startPostgres({ dataDir: path.join(parent, 'd'.repeat(90)), durable: false, temporary: true })
  try {
    expect(deep.socketUrl).toBe(deep.url)
    const client = new Client({ connectionString: deep.socketUrl })
    await client.connect()
    await client.end()
  } finally {
    await deep.stop()
    rmSync(parent, { recursive: true, force: true })
  }
})

test('a second server on the same data is refused in one sentence', async () => {
  await expect(startPostgres({ dataDir })).rejects.toThrow(
    `Postgres of this data folder is already in use by process ${process.pid}`,
  )
})

test('a stale postmaster.pid, whose number another process has now, does not block the start', async () => {
  await server.kill()
  const file = path.join(dataDir, 'data', 'postmaster.pid')
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [process.pid, ...rest].join('\n'))
  server = await startPostgres({ dataDir })
  expect(await query('select 1')).toEqual([1])
})

test('data of another major version are refused in one sentence', async () => {
  await server.stop()
  const file = path.join(dataDir, 'data', 'PG_VERSION')
  const version = readFileSync(file, 'utf8')
  writeFileSync(file, '9\n')
  await expect(startPostgres({ dataDir })).rejects.toThrow('was made by Postgres 9 and this Ordermill brings Postgres')
  writeFileSync(file, version)
  server = await startPostgres({ dataDir })
})

test('a temporary one leaves nothing behind', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-postgres-'))
  const temporary = await startPostgres({ dataDir: folder, durable: false, temporary: true })
  const { pid } = temporary
  await temporary.stop()
  expect(processIdentity(pid ?? 0)).toBeUndefined()
  expect(() => readFileSync(path.join(folder, 'password'))).toThrow('ENOENT')
})
