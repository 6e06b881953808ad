import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useKey } from '../../src/merchants/api-keys.ts'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

// Removes the risk that nobody can tell which key is whose, or dares to revoke one because nobody knows whether it is used.
describe('the keys of a seller', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  type Visitor = Awaited<ReturnType<Shop['signedIn']>>
  const make = async (visitor: Visitor, form: Record<string, string>): Promise<string> =>
    /[sp]k_test_[\w-]{32}/.exec(await pageText(await visitor.submit('/dashboard/keys', form)))?.[0] ?? ''
  const listed = async (visitor: Visitor, key: string): Promise<string> => {
    const rows = (await pageText(await visitor.get('/dashboard/keys'))).split('<li>')
    return rows.find((row) => row.includes(`…${key.slice(-4)}</code>`)) ?? ''
  }
  const call = (key: string) => fetch(`${shop.url}/v2/payment-methods`, { headers: { authorization: `Bearer ${key}` } })
  const lastUse = async (key: string) => {
    const [row] = await shop.system.database.sql<{ at: Date | null }>(
      'select last_used_at as at from api_keys where hint like $1',
      [`%${key.slice(-4)}`],
    )
    return row?.at ?? null
  }

  it('have a name, and say when they were last used', async () => {
    const visitor = await shop.signedIn()
    const key = await make(visitor, { kind: 'secret', name: ' Shop <server> ' })
    const before = await listed(visitor, key)
    expect(before).toContain('<strong>Shop &lt;server&gt;</strong>')
    expect(before).toContain('Never used')
    expect((await call(key)).status).toBe(200)
    expect(await listed(visitor, key)).toMatch(/Last used <time datetime="\d{4}-\d\d-\d\dT/)
    const [row] = await shop.system.database.sql<{ id: string }>('select id from api_keys order by id desc limit 1')
    expect(await pageText(await visitor.get(`/dashboard/keys/${row?.id}/revoke`))).toContain(
      'Revoke Shop &lt;server&gt;?',
    )
  })

  it('need no name, and one that is too long is refused with what was entered', async () => {
    const visitor = await shop.signedIn()
    const key = await make(visitor, { kind: 'publishable', name: '   ' })
    expect(await listed(visitor, key)).not.toContain('<strong>')
    const refused = await visitor.submit('/dashboard/keys', { kind: 'publishable', name: 'x'.repeat(101) })
    const page = await pageText(refused)
    expect(refused.status).toBe(400)
    expect(page).toContain('Please use at most 100 characters.')
    expect(page).toContain(`value="${'x'.repeat(101)}"`)
    expect((await pageText(await visitor.get('/dashboard/keys'))).includes('x'.repeat(101))).toBe(false)
  })

  it('have their use written down at most once a minute, in the statement that finds them, however many come at once', async () => {
    const { sql } = shop.system.database
    const key = await make(await shop.signedIn(), { kind: 'secret', name: 'Busy' })
    const asked: string[] = []
    const counted: typeof sql = (text, params) => {
      asked.push(text)
      return sql(text, params)
    }
    await Promise.all(Array.from({ length: 8 }, () => useKey(counted, key)))
    expect(asked).toHaveLength(8)
    const first = await lastUse(key)
    expect(first).not.toBeNull()
    await useKey(sql, key)
    expect(await lastUse(key)).toEqual(first)
    await sql(`update api_keys set last_used_at = now() - interval '61 seconds' where hint like $1`, [
      `%${key.slice(-4)}`,
    ])
    await useKey(sql, key)
    expect((await lastUse(key))?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Number.POSITIVE_INFINITY)
  })

  it('are not used by whoever is refused: a revoked one, or one that nobody knows', async () => {
    const visitor = await shop.signedIn()
    const key = await make(visitor, { kind: 'secret', name: 'Old' })
    const [row] = await shop.system.database.sql<{ id: string }>('select id from api_keys order by id desc limit 1')
    await visitor.submit(`/dashboard/keys/${row?.id}/revoke`, {})
    expect((await call(key)).status).toBe(401)
    expect(await lastUse(key)).toBeNull()
    expect((await call(`${key.slice(0, -1)}!`)).status).toBe(401)
  })

  it("are not shown to another seller, nor is another's name", async () => {
    await make(await shop.signedIn(), { kind: 'secret', name: 'Only ours' })
    expect(await pageText(await (await shop.signedIn(stranger)).get('/dashboard/keys'))).not.toContain('Only ours')
  })
})
