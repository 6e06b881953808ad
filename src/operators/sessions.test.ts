import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import type { Database } from '../database/database.ts'
import { allowChanges, closeSession, findSession, openSession } from './sessions.ts'

let database: Database
let drop: () => Promise<void>

beforeAll(async () => {
  const fresh = await freshDatabase()
  drop = fresh.drop
  database = await connect({ url: fresh.url, poolSize: 2, name: 'test' })
  await database.sql(`insert into users (id, email, password_hash) values ('usr_1', 'operator@example.com', '-')`)
})

afterAll(async () => {
  await database.close()
  await drop()
})

describe('a session', () => {
  test('is found by its token, of which Postgres keeps only the SHA-256', async () => {
    const { token, expiresAt } = await openSession(database.sql, 'usr_1')
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(await findSession(database.sql, token)).toMatchObject({
      email: 'operator@example.com',
      merchantId: null,
      expiresAt,
    })
    expect(JSON.stringify(await database.sql('select * from sessions'))).not.toContain(token)
    expect(await findSession(database.sql, `${token}x`)).toBeUndefined()
  })

  test('lasts twelve hours', async () => {
    const { token, expiresAt } = await openSession(database.sql, 'usr_1')
    const hours = (new Date(expiresAt).getTime() - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(11.9)
    expect(hours).toBeLessThanOrEqual(12)
    await database.sql('update sessions set expires_at = now()')
    expect(await findSession(database.sql, token)).toBeUndefined()
  })

  test('ends when its person signs out', async () => {
    const { token } = await openSession(database.sql, 'usr_1')
    await closeSession(database.sql, token)
    expect(await findSession(database.sql, token)).toBeUndefined()
  })

  test('allows changes only while they are confirmed', async () => {
    const { token } = await openSession(database.sql, 'usr_1')
    const session = await findSession(database.sql, token)
    if (!session) throw new Error('no session')
    expect(session.confirmedUntil).toBeNull()
    await allowChanges(database.sql, session, 15)
    expect((await findSession(database.sql, token))?.confirmedUntil).not.toBeNull()
    await database.sql(`update sessions set confirmed_until = now() - interval '1 second'`)
    expect((await findSession(database.sql, token))?.confirmedUntil).toBeNull()
    await allowChanges(database.sql, session, 15)
    await allowChanges(database.sql, session, 0)
    expect((await findSession(database.sql, token))?.confirmedUntil).toBeNull()
  })
})
