import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Document, methods, type Operation, type Schema } from '../src/api/openapi/json-schema.ts'
import { wordsOfOperations, wordsOfTags } from '../src/api/openapi/operation-words.ts'
import { eventTypes } from '../src/timeline/event-types.ts'
import { wholeDocument } from './api-document.ts'
import { type System, startSystem } from './system.ts'

const names = ['/openapi.json', '/openapi/digital-river.json', '/openapi/checkout-links.json']

// Removes the risk that a client which is generated from the documents has no names, no words, or types that are not true.
describe('the documents of the API', () => {
  let system: System
  let documents: [name: string, text: string, document: Document][]
  let whole: Document

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    documents = await Promise.all(
      names.map(async (name): Promise<[string, string, Document]> => {
        const text = await (await fetch(`${system.url}${name}`)).text()
        return [name, text, JSON.parse(text)]
      }),
    )
    whole = await wholeDocument(system.url)
  })
  afterAll(() => system?.close())

  const operationsOf = ({ paths, webhooks = {} }: Document): [key: string, operation: Operation][] =>
    [...Object.entries(paths), ...Object.entries(webhooks)].flatMap(([path, item]) =>
      methods.flatMap((method): [string, Operation][] => {
        const operation = item[method]
        return operation ? [[`${method.toUpperCase()} ${path}`, operation]] : []
      }),
    )

  it('keep the rules that Redocly recommends', async () => {
    const config = await createConfig({
      extends: ['recommended'],
      // The server of a test is on this machine, and a download that only leads elsewhere has no 2XX.
      rules: { 'no-server-example.com': 'off', 'operation-2xx-response': 'off' },
    })
    for (const [name, source] of documents) {
      const problems = await lintFromString({ source, config })
      const said = problems.map(
        ({ severity, ruleId, message, location: [at] }) => `${severity} ${ruleId}: ${message} ${at?.pointer ?? ''}`,
      )
      expect(said.slice(0, 20), name).toEqual([])
    }
  })

  it('name, describe and tag every operation, each name once', () => {
    for (const [name, , document] of documents) {
      const operations = operationsOf(document)
      expect(operations.length, name).toBeGreaterThan(15)
      const lacking = operations.filter(
        ([, { operationId, summary, description, tags, security }]) =>
          !operationId || !summary || !description || !tags?.[0] || !wordsOfTags[tags[0]] || !security,
      )
      expect(
        lacking.map(([key]) => key),
        name,
      ).toEqual([])
      const ids = operations.map(([, { operationId }]) => operationId)
      expect(new Set(ids).size, name).toBe(ids.length)
    }
  })

  it('have words for no operation that is gone', () => {
    const known = new Set(operationsOf(whole).map(([key]) => key))
    expect(Object.keys(wordsOfOperations).filter((key) => !known.has(key))).toEqual([])
  })

  it('say of every field and parameter what it is', () => {
    for (const [name, , document] of documents) {
      const silent = new Set<string>()
      const look = (schema: Schema, at: string): void => {
        for (const [field, value] of Object.entries(schema.properties ?? {})) {
          if (!value.description) silent.add(`${at}.${field}`)
          look(value, `${at}.${field}`)
        }
        for (const part of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
          if (part) look(part, at)
      }
      for (const [component, schema] of Object.entries(document.components.schemas)) look(schema, component)
      for (const [key, operation] of operationsOf(document)) {
        for (const { schema } of Object.values(operation.requestBody?.content ?? {})) if (schema) look(schema, key)
        for (const { content = {} } of Object.values(operation.responses))
          for (const { schema } of Object.values(content)) if (schema) look(schema, key)
        for (const parameter of operation.parameters ?? [])
          if (!parameter.description) silent.add(`${key} ?${parameter.name}`)
      }
      expect([...silent], name).toEqual([])
    }
  })

  it('show an example of every body, which its schema allows', () => {
    for (const [name, , document] of documents) {
      const ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: true })
      formats.default(ajv)
      ajv.addFormat('binary', true)
      const placed = (schema: unknown) =>
        JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doc#/components'))
      ajv.addSchema({ $id: 'doc', components: placed(document.components) })
      const wrong: string[] = []
      for (const [key, operation] of operationsOf(document)) {
        const bodies = [
          ...Object.values(operation.requestBody?.content ?? {}),
          ...Object.values(operation.responses).flatMap(({ content = {} }) => Object.values(content)),
        ]
        for (const { schema, example } of bodies) {
          if (!schema) continue
          if (example === undefined) wrong.push(`${key}: no example`)
          else if (!ajv.validate(placed(schema), example))
            wrong.push(`${key}: ${ajv.errorsText()} ${JSON.stringify(example).slice(0, 300)}`)
        }
      }
      expect(wrong.slice(0, 20), name).toEqual([])
    }
  }, 120_000)

  it('say how each caller proves who they are', () => {
    const [, , own] = documents[0] ?? []
    expect(own?.components.securitySchemes).toMatchObject({
      secretKey: { type: 'http', scheme: 'bearer' },
      publishableKey: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: 'ordermill_session' },
    })
  })

  it('list every event with what it carries', () => {
    const [, , { webhooks = {} }] = documents[0] ?? ['', '', {} as Document]
    expect(Object.keys(webhooks)).toEqual([...eventTypes])
  })

  it('tell Digital River’s paths and those of checkout links apart from ours', () => {
    const [own, theirs, links] = documents.map(([, , document]) => Object.keys(document.paths))
    expect(own).toContain('/v2/orders')
    expect(theirs).toEqual(expect.arrayContaining(['/orders', '/checkouts/{id}', '/skus', '/webhooks/{id}']))
    expect(links).toEqual(expect.arrayContaining(['/v2/digital/links', '/v2/public/checkout/{slug}/pay']))
    expect(own?.filter((path) => theirs?.includes(path) || links?.includes(path))).toEqual([])
  })
})
