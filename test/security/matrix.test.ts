import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, revokeApiKey } from '../../src/merchants/api-keys.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { newId } from '../../src/platform/ids.ts'
import { wholeDocument } from '../api-document.ts'
import { type Answer, storefront } from '../storefront.ts'
import { publishableKey, type System, secretKey, startSystem } from '../system.ts'
import { accessTable, type Circle, type Row } from './access-table.ts'
import { everythingOf, storefrontThings, type Things, unknownThings } from './things.ts'

const callers = [
  'nobody',
  'publishable key',
  'second publishable key',
  'secret key',
  'other merchant’s secret key',
  'seller’s session',
  'operator',
  'revoked key',
] as const
type Caller = (typeof callers)[number]

/** What a circle answers a caller with: `in`, or the status of its gate. */
const gates: Record<Circle, Record<Caller, 'in' | 401 | 403>> = (() => {
  const all = <Answer>(answer: Answer) =>
    Object.fromEntries(callers.map((caller) => [caller, answer])) as Record<Caller, Answer>
  const servers = { 'secret key': 'in', 'other merchant’s secret key': 'in' } as const
  const browsers = { 'publishable key': 403, 'second publishable key': 403 } as const
  return {
    anyone: all('in' as const),
    provider: all('in' as const),
    server: { ...all(401 as const), ...servers, ...browsers },
    storefront: { ...all(401 as const), ...servers, 'publishable key': 'in', 'second publishable key': 'in' },
    seller: { ...all(401 as const), ...servers, ...browsers, 'seller’s session': 'in' },
    operator: { ...all(401 as const), operator: 'in' },
    owner: { ...all(401 as const), ...servers, ...browsers, operator: 'in' },
    // No merchant is the only one here.
    bookkeeper: {
      ...all(401 as const),
      ...browsers,
      'secret key': 403,
      'other merchant’s secret key': 403,
      operator: 'in',
    },
  }
})()

type Known = { headers: Record<string, string>; own: Things; others: Things[] }

// Removes the risk that somebody reads or changes what is not his, by any operation that there is or will be.
describe('every operation, by everybody, on what is one’s own, another’s and nobody’s', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  let known: Record<Caller, Known>
  let operations: string[]

  beforeAll(async () => {
    system = await startSystem()
    shop = storefront(system)
    const document = await wholeDocument(system.url)
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    known = await everybody()
  }, 60_000)
  afterAll(() => system?.close())

  async function everybody(): Promise<Record<Caller, Known>> {
    const { sql } = system.database
    const otherMerchant = newId('merchant')
    await sql(`insert into merchants (id, name) values ($1, 'Another')`, [otherMerchant])
    const otherKey = (
      await createApiKey(system.database, { merchantId: otherMerchant, kind: 'secret', liveMode: false })
    ).key
    const [own, other] = await Promise.all([
      everythingOf(shop, system.url, secretKey, 'own'),
      everythingOf(shop, system.url, otherKey, 'other'),
    ])
    const merchantId = own.merchant ?? ''
    const secondKey = (await createApiKey(system.database, { merchantId, kind: 'publishable', liveMode: false })).key
    const revoked = await createApiKey(system.database, { merchantId, kind: 'secret', liveMode: false })
    await revokeApiKey(sql, merchantId, revoked.id)
    const [first, second] = [
      await storefrontThings(shop, publishableKey, own),
      await storefrontThings(shop, secondKey, own),
    ]
    const person = newId('user')
    for (const [id, email, merchant] of [
      [newId('user'), 'seller@example.com', merchantId],
      [person, 'second@example.com', null],
    ])
      await sql('insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)', [
        id,
        email,
        await hashPassword('a seller of guides'),
        merchant,
      ])
    const session = async (email: string, password: string) => {
      const { headers } = await shop.call('POST', '/v2/sessions', { email, password }, { key: null })
      return { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
    }
    const [task] = await sql<{ id: string }>('select id from tasks limit 1')
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
    const operated = { ...own, task: task?.id ?? '', person, sellingEntity: 'ORDERMILL_US' }
    return {
      nobody: { headers: {}, own, others: [] },
      'publishable key': { headers: bearer(publishableKey), own: first, others: [second, own, other] },
      'second publishable key': { headers: bearer(secondKey), own: second, others: [first, own, other] },
      'secret key': { headers: bearer(secretKey), own, others: [other] },
      'other merchant’s secret key': { headers: bearer(otherKey), own: other, others: [own, first] },
      'seller’s session': { headers: await session('seller@example.com', 'a seller of guides'), own, others: [other] },
      operator: { headers: await session('admin@example.com', 'correct horse battery'), own: operated, others: [] },
      'revoked key': { headers: bearer(revoked.key), own, others: [] },
    }
  }

  const ask = async (operation: string, row: Row, things: Things, headers: Record<string, string>): Promise<Answer> => {
    const [method = '', template = ''] = operation.split(' ')
    const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const kind = row.path?.[name] ?? ''
      return kind.startsWith('=') ? kind.slice(1) : (things[kind] ?? 'nobodys')
    })
    const query = row.query ? `?${row.query(things)}` : ''
    const body = row.body?.(things)
    const response = await fetch(`${system.url}${path}${query}`, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': row.contentType ?? 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text }
  }
  const codeOf = ({ status, body }: Answer) => [status, body?.errors?.[0]?.code ?? body?.error?.code]
  const request = (row: Row, things: Things) =>
    JSON.stringify([Object.values(row.path ?? {}).map((kind) => things[kind]), row.body?.(things), row.query?.(things)])

  it('stands in the table, and the table holds nothing else', () => {
    expect(operations.filter((operation) => !(operation in accessTable))).toEqual([])
    expect(Object.keys(accessTable).filter((operation) => !operations.includes(operation))).toEqual([])
  })

  it('is open to whom the table says, answers for another’s as for nobody’s, and tells nothing of others', async () => {
    const problems: string[] = []
    const check = async (operation: string, row: Row, caller: Caller) => {
      const { headers, own, others } = known[caller]
      const wrong = (what: string, answer: Answer) =>
        problems.push(
          `${operation} by ${caller}: ${what}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}`,
        )
      const expected = gates[row.to][caller]
      const unknown = unknownThings(own)
      if (expected !== 'in') {
        for (const things of [own, ...others, unknown]) {
          const answer = await ask(operation, row, things, headers)
          if (answer.status !== expected) wrong(`the gate should answer ${expected}`, answer)
        }
        return
      }
      const foreign = await ask(operation, row, unknown, headers)
      if (foreign.status >= 500) wrong('nobody’s', foreign)
      if (request(row, unknown) !== request(row, own) && !row.query && ![400, 404].includes(foreign.status))
        wrong('nobody’s is not unknown', foreign)
      for (const things of row.to === 'anyone' ? [] : others) {
        if (request(row, things) === request(row, own) || request(row, things) === request(row, unknown)) continue
        const answer = await ask(operation, row, { ...unknown, ...things }, headers)
        if (JSON.stringify(codeOf(answer)) !== JSON.stringify(codeOf(foreign)))
          wrong('another’s is not as nobody’s', answer)
        if (row.query && answer.body.data?.length > 0) wrong('another’s is listed', answer)
      }
    }
    const checkOwn = async (operation: string, row: Row, caller: Caller) => {
      const { headers, own, others } = known[caller]
      if (gates[row.to][caller] !== 'in') return
      const answer = await ask(operation, row, own, headers)
      const isToken = Object.values(row.path ?? {}).some((kind) => kind.startsWith('='))
      if (answer.status >= 500 || answer.status === 403 || (!isToken && [401, 404].includes(answer.status)))
        problems.push(
          `${operation} by ${caller}: the own: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}`,
        )
      // What others have does not stand in an answer. A merchant has what its storefronts make.
      const mine = new Set(Object.values(own))
      const merchants = ['secret key', 'seller’s session', 'operator'].includes(caller)
      const strangers = merchants ? [known['other merchant’s secret key'].own] : others
      const strange = caller === 'operator' ? [] : strangers.flatMap((things) => Object.values(things))
      const told = JSON.stringify(answer.body)
      const leaked = strange.filter((id) => id.length > 20 && !mine.has(id) && told.includes(id))
      if (leaked.length > 0) problems.push(`${operation} by ${caller}: tells of others: ${leaked.join(', ')}`)
    }
    const rows = Object.entries(accessTable)
    const batches = Array.from({ length: Math.ceil(rows.length / 8) }, (_, index) =>
      rows.slice(index * 8, index * 8 + 8),
    )
    for (const batch of batches)
      await Promise.all(
        batch.flatMap(([operation, row]) =>
          operation.endsWith('/v2/sessions') ? [] : callers.map((caller) => check(operation, row, caller)),
        ),
      )
    // One after the other: what one has changed or destroyed, another one still has to find.
    for (const destroys of [false, true])
      for (const [operation, row] of rows)
        if ((row.destroys ?? false) === destroys) for (const caller of callers) await checkOwn(operation, row, caller)
    expect(problems).toEqual([])
  }, 60_000)
})
