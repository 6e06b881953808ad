import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopeOf } from '../../src/api/scopes.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { type KeyScope, keyScopes } from '../../src/merchants/key-scopes.ts'
import { wholeDocument } from '../api-document.ts'
import { type System, startSystem } from '../system.ts'
import { accessTable } from './access-table.ts'

/** Opened by something else than a key. */
const keyless = ['anyone', 'provider', 'operator']

// Removes the risk that a key which somebody has limited does more than it was made for, by an operation that there is or will be.
describe('API keys with scopes', () => {
  let system: System
  let tagsOf: Map<string, string[]>
  let merchantId: string
  const keys = new Map<KeyScope, string>()

  const makeKey = async (scopes: KeyScope[] | null) =>
    (await createApiKey(system.database, { merchantId, kind: 'secret', liveMode: false, scopes })).key

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    const document = await wholeDocument(system.url)
    tagsOf = new Map(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { tags = [] }]) => [`${method.toUpperCase()} ${path}`, tags] as const),
      ),
    )
    const [merchant] = await system.database.sql<{ id: string }>('select id from merchants limit 1')
    merchantId = merchant?.id ?? ''
    for (const scope of keyScopes) keys.set(scope, await makeKey([scope]))
  })
  afterAll(() => system?.close())

  /** The operations that a secret key opens, each with its scope. */
  const operations = () =>
    Object.entries(accessTable).flatMap(([operation, { to }]) => {
      const [method = '', path = ''] = operation.split(' ')
      if (keyless.includes(to)) return []
      return [{ operation, method, path, scope: scopeOf(path, tagsOf.get(operation) ?? []) }]
    })

  const knock = async (key: string, { method, path }: { method: string; path: string }) => {
    const answer = await fetch(`${system.url}${path.replace(/\{\w+\}/g, 'nobodys')}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    })
    const text = await answer.text()
    return { status: answer.status, refused: text.includes('"scope_missing"'), text }
  }

  it('have a scope for every operation that a secret key opens', () => {
    expect(operations().length).toBeGreaterThan(100)
    expect(operations().filter(({ scope }) => scope === undefined)).toEqual([])
  })

  it.each(keyScopes)('open with %s what it is for, and nothing else', async (given) => {
    const key = keys.get(given) ?? ''
    for (const operation of operations()) {
      const opens = operation.scope === given || (given === 'read' && operation.method === 'GET')
      const { status, refused, text } = await knock(key, operation)
      expect([operation.operation, refused]).toEqual([operation.operation, !opens])
      if (refused)
        expect([operation.operation, status, text]).toEqual([
          operation.operation,
          403,
          expect.stringContaining(`scope \\"${operation.scope}\\"`),
        ])
    }
  })

  it('hold at the other addresses of the API, too', async () => {
    const key = keys.get('products') ?? ''
    for (const path of ['/orders', '/api/v2/orders', '//orders/', '/v2/orders'])
      expect([path, (await knock(key, { method: 'GET', path })).status]).toEqual([path, 403])
    expect((await knock(key, { method: 'GET', path: '/skus' })).status).toBe(200)
  })

  it('may have several, and without any do everything', async () => {
    const both = await makeKey(['read', 'refunds'])
    expect((await knock(both, { method: 'GET', path: '/v2/orders' })).refused).toBe(false)
    expect((await knock(both, { method: 'POST', path: '/v2/refunds' })).refused).toBe(false)
    expect((await knock(both, { method: 'POST', path: '/v2/skus' })).refused).toBe(true)
    const whole = await makeKey(null)
    for (const operation of operations()) expect((await knock(whole, operation)).refused).toBe(false)
  })
})
