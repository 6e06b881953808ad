import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wholeDocument } from '../api-document.ts'
import { storefront } from '../storefront.ts'
import { type System, secretKey, startSystem } from '../system.ts'
import { accessTable, type Row } from './access-table.ts'
import { everythingOf, type Things } from './things.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  required?: string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  example?: unknown
  minimum?: number
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
type Parameter = { in: string; name: string }
type Operation = { requestBody?: { content: Record<string, { schema: Schema }> }; parameters?: Parameter[] }
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }

/** What is sent in the place of every field, as JSON. */
const hostile: Record<string, string> = {
  NUL: '"a\\u0000b"',
  'half a surrogate pair': '"\\ud83d"',
  'ten kilobytes': JSON.stringify('x'.repeat(10_000)),
  'deep nesting': `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  'deep arrays': `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  'a prototype': '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
  'a number': '1e308',
  'a negative': '-1.5',
  'a text': '"\'; drop table orders; --"',
  nothing: 'null',
  true: 'true',
  'an array': '[1,"x",null,{}]',
  'an empty object': '{}',
}
const hostileBodies = ['', '{', 'null', '[]', '"x"', '1', '[null]', '{"__proto__":null}', hostile['deep nesting'] ?? '']
const hostileTexts = [
  '%00',
  '%ED%A0%BD',
  '%ff',
  'x'.repeat(5_000),
  '-1',
  '1e999',
  '%27%3B--',
  '..%2f..',
  '%F0%9F%98%80',
  '',
]
const place = '@@here@@'
const slowMs = 3_000

// Removes the risk that a field of any operation, the next one included, breaks the request it is sent with.
describe('R294 every field of every operation', () => {
  let system: System
  let document: Document
  let things: Things
  let sessions: Record<'seller' | 'operator', Record<string, string>>

  beforeAll(async () => {
    system = await startSystem()
    const shop = storefront(system)
    document = (await wholeDocument(system.url)) as unknown as Document
    things = { ...(await everythingOf(shop, system.url, secretKey, 'own')), task: 'tsk_nobodys', person: 'usr_nobodys' }
    const signIn = async (email: string) => {
      const answer = await shop.call(
        'POST',
        '/v2/sessions',
        { email, password: 'correct horse battery' },
        { key: null },
      )
      return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
    }
    const operator = await signIn('admin@example.com')
    sessions = { operator, seller: { authorization: `Bearer ${secretKey}` } }
  }, 60_000)
  afterAll(() => system?.close())

  const resolve = (schema: Schema): Schema => {
    if (schema.$ref) return resolve(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
    const [first] = schema.anyOf ?? schema.oneOf ?? []
    if (first) return resolve(first)
    if (!schema.allOf) return schema
    const parts = schema.allOf.map(resolve)
    return { ...schema, type: 'object', properties: Object.assign({}, ...parts.map((part) => part.properties ?? {})) }
  }
  const typeOf = ({ type }: Schema) => [type].flat()[0]

  /** Something that a schema accepts, with what it requires and no more. */
  const exampleOf = (given: Schema): unknown => {
    const schema = resolve(given)
    if (schema.example !== undefined) return schema.example
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return schema.enum[0]
    switch (typeOf(schema)) {
      case 'object':
        return Object.fromEntries(
          (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {})]),
        )
      case 'array':
        return [exampleOf(schema.items ?? {})]
      case 'integer':
      case 'number':
        return Math.max(1, schema.minimum ?? 1)
      case 'boolean':
        return true
      default:
        if (schema.format === 'email') return 'ada@example.com'
        if (schema.format === 'uuid') return things.cart
        if (schema.format === 'date-time') return '2030-01-01T00:00:00Z'
        return schema.format === 'uri' ? 'http://127.0.0.1:9/' : 'x'
    }
  }

  /** Every place of a body that a schema knows, down to four levels. */
  const placesOf = (given: Schema, depth = 0): string[][] => {
    const schema = resolve(given)
    if (depth === 4) return []
    const inside = (name: string, inner: Schema) => [
      [name],
      ...placesOf(inner, depth + 1).map((rest) => [name, ...rest]),
    ]
    const named = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => inside(name, inner))
    return schema.items ? [...named, ...inside('0', schema.items)] : named
  }

  const withPlace = (schema: Schema, base: unknown, path: readonly string[]): unknown => {
    const [name, ...rest] = path
    if (name === undefined) return place
    const known = resolve(schema)
    if (known.items) {
      const first = Array.isArray(base) && base.length > 0 ? base[0] : exampleOf(known.items)
      return [withPlace(known.items, first, rest)]
    }
    const inner = known.properties?.[name] ?? {}
    const whole = typeof base === 'object' && base !== null && !Array.isArray(base) ? base : exampleOf(known)
    const present = (whole as Record<string, unknown>)[name] ?? exampleOf(inner)
    return { ...(whole as object), [name]: withPlace(inner, present, rest) }
  }

  type Sent = { method: string; path: string; what: string; body?: string }

  const headersOf = ({ to }: Row): Record<string, string> =>
    to === 'operator' ? sessions.operator : to === 'anyone' || to === 'provider' ? {} : sessions.seller

  const pathOf = (template: string, row: Row) =>
    template.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const kind = row.path?.[name] ?? ''
      return kind.startsWith('=') ? kind.slice(1) : (things[kind] ?? 'nobodys')
    })

  function* requestsOf(method: string, template: string, operation: Operation, row: Row): Generator<Sent> {
    const path = pathOf(template, row)
    const schema = operation.requestBody?.content['application/json']?.schema
    if (schema) {
      for (const body of hostileBodies) yield { method, path, body, what: `the body ${body.slice(0, 20)}` }
      const given = row.body?.(things)
      const example = exampleOf(schema) as object
      const base = given && typeof given === 'object' ? { ...example, ...given } : example
      for (const where of placesOf(schema)) {
        const template = JSON.stringify(withPlace(schema, base, where))
        for (const [name, json] of Object.entries(hostile))
          yield {
            method,
            path,
            body: template.replace(`"${place}"`, () => json),
            what: `${name} in ${where.join('.')}`,
          }
      }
    }
    // Only reading: the own things have to be there for the next operation.
    for (const { in: where, name } of operation.parameters ?? []) {
      for (const text of hostileTexts) {
        if (where === 'query')
          yield { method, path: `${path}?${name}=${text}`, what: `${text.slice(0, 20)} in ${name}` }
        if (where === 'path' && text) {
          const address = pathOf(template.replace(`{${name}}`, text), row)
          yield { method, path: address, ...(schema ? { body: '{}' } : {}), what: `${text.slice(0, 20)} in ${name}` }
        }
      }
    }
  }

  it('may hold anything: no answer is a 5xx, none takes seconds, and what is wrong is said in our words', async () => {
    const problems: string[] = []
    let sent = 0
    const send = async (row: Row, { method, path, body, what }: Sent) => {
      sent += 1
      const startedAt = performance.now()
      const response = await fetch(`${system.url}${path}`, {
        method,
        redirect: 'manual',
        headers: { ...headersOf(row), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body }),
      })
      const text = await response.text()
      const tookMs = performance.now() - startedAt
      const report = (problem: string) => problems.push(`${method} ${path.slice(0, 80)} with ${what}: ${problem}`)
      if (response.status >= 500) report(`${response.status} ${text.slice(0, 120)}`)
      if (tookMs > slowMs) report(`${Math.round(tookMs)} ms`)
      const isError = response.status >= 400 && response.status < 500 && !path.startsWith('/webhooks/stripe')
      if (isError && !/"errors":\[\{"code"|"success":false/.test(text))
        report(`${response.status} in other words: ${text.slice(0, 80)}`)
    }
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    for (const { method, path, operation } of operations) {
      const row = accessTable[`${method} ${path}`]
      // Nobody may sign the others out.
      if (!row || path === '/v2/sessions') continue
      const requests = [...requestsOf(method, path, operation, row)]
      for (let at = 0; at < requests.length; at += 12)
        await Promise.all(requests.slice(at, at + 12).map((request) => send(row, request)))
    }
    expect(problems).toEqual([])
    expect(sent).toBeGreaterThan(3_000)
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  }, 180_000)
})
