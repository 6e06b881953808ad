import type { Chance } from './chance.ts'

/** A JSON schema as OpenAPI documents carry it, as far as values are made of it. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Values of a schema, and values that spoil them. `known` holds ids that the API has told, so that some requests reach something. */
export class FuzzValues {
  readonly #schemas: Record<string, Schema>
  readonly #known: readonly string[]

  constructor(schemas: Record<string, Schema>, known: readonly string[]) {
    this.#schemas = schemas
    this.#known = known
  }

  /** A value that fits the schema, as far as a schema can say. */
  fitting(chance: Chance, schema: Schema | undefined, depth = 0): Json {
    if (!schema || depth > 8) return oddities(chance)
    if (schema.$ref) return this.fitting(chance, this.#schemas[schema.$ref.split('/').at(-1) ?? ''], depth + 1)
    if (schema.const !== undefined) return schema.const as Json
    if (schema.enum) return chance.pick(schema.enum as [Json, ...Json[]])
    const choice = schema.anyOf ?? schema.oneOf
    if (choice) return this.fitting(chance, chance.pick(choice as [Schema, ...Schema[]]), depth + 1)
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.fitting(chance, part, depth + 1))
      return Object.assign({}, ...parts.filter((part) => typeof part === 'object'))
    }
    const type = Array.isArray(schema.type) ? chance.pick(schema.type as [string, ...string[]]) : schema.type
    switch (type) {
      case 'object':
        return this.#object(chance, schema, depth)
      case 'array': {
        const length = Math.max(schema.minItems ?? 0, Math.floor(chance.between(0, 3)))
        return Array.from({ length }, () => this.fitting(chance, schema.items, depth + 1))
      }
      case 'string':
        return this.#text(chance, schema)
      case 'integer':
        return Math.floor(chance.between(schema.minimum ?? 0, Math.min(schema.maximum ?? 1_000, 1_000)))
      case 'number':
        return Math.round(chance.between(schema.minimum ?? 0, Math.min(schema.maximum ?? 500, 500)) * 100) / 100
      case 'boolean':
        return chance.next() < 0.5
      case 'null':
        return null
      default:
        return oddities(chance)
    }
  }

  #object(chance: Chance, schema: Schema, depth: number): Json {
    const made: Record<string, Json> = {}
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (schema.required?.includes(name) || chance.next() < 0.4) made[name] = this.fitting(chance, property, depth + 1)
    }
    if (typeof schema.additionalProperties === 'object' && chance.next() < 0.5)
      made[chance.pick(['a', 'note', 'x y'])] = this.fitting(chance, schema.additionalProperties, depth + 1)
    return made
  }

  #text(chance: Chance, { format, pattern, maxLength }: Schema): string {
    switch (format) {
      case 'email':
        return `${Math.floor(chance.between(0, 1e6))}@example.com`
      case 'uuid':
        return this.id(chance, /^[0-9a-f-]{36}$/) ?? crypto.randomUUID()
      case 'uri':
      case 'url':
        return 'https://93.184.216.34/x'
      case 'date-time':
        return new Date(Math.floor(chance.between(0, 4e12))).toISOString()
      default: {
        const fits = pattern ? safePattern(pattern) : undefined
        return (chance.next() < 0.7 ? this.id(chance, fits) : undefined) ?? 'x'.repeat(Math.min(maxLength ?? 8, 8))
      }
    }
  }

  /** An id that the API has told, of the wanted form. */
  id(chance: Chance, fits?: RegExp): string | undefined {
    const [first, ...others] = fits ? this.#known.filter((id) => fits.test(id)) : this.#known
    return first === undefined ? undefined : chance.pick([first, ...others])
  }
}

function safePattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
}

const deep = (depth: number): Json => {
  let value: Json = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** Stands for nesting that no serializer could write. */
const endless = 'nested without end'

/** A value as a body, with nesting where it is to be endless. */
export const toBody = (value: Json): string =>
  JSON.stringify(value).replaceAll(`"${endless}"`, () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`)

/** What nobody should send. */
export const oddities = (chance: Chance): Json =>
  chance.pick<Json>([
    null,
    true,
    '',
    ' ',
    0,
    -1,
    1.005,
    1e21,
    -1e-7,
    Number.MAX_SAFE_INTEGER + 1,
    '\0',
    'a\0b',
    '\ud800',
    'x\udfffy',
    '😀'.repeat(50),
    'x'.repeat(10_000),
    '\r\nbcc: everybody@example.com',
    "'; drop table orders; --",
    '../../etc/passwd',
    '<script>alert(1)</script>',
    '{{constructor}}',
    '2026-02-30',
    '9999-99-99T99:99:99Z',
    '-infinity',
    'NaN',
    [],
    {},
    [[[[]]]],
    deep(200),
    endless,
    { toString: 1, constructor: {}, length: -1 },
    '%00%ff%c0%80',
    '\u202e\u2066',
  ])

/** The value with one of its parts spoilt: replaced, doubled, dropped, or a key that should not be there. */
export function spoil(chance: Chance, value: Json): Json {
  if (typeof value !== 'object' || value === null || chance.next() < 0.1) return oddities(chance)
  if (Array.isArray(value)) {
    if (value.length === 0) return [oddities(chance)]
    const at = Math.floor(chance.between(0, value.length))
    return value.map((entry, index) => (index === at ? spoil(chance, entry) : entry))
  }
  const keys = Object.keys(value)
  const [first, ...others] = keys
  if (first === undefined) return { unexpected: oddities(chance) }
  const key = chance.pick([first, ...others])
  switch (chance.pick(['replace', 'replace', 'deeper', 'drop', 'add'])) {
    case 'drop': {
      const { [key]: _dropped, ...rest } = value
      return rest
    }
    case 'add':
      return { ...value, [chance.pick(['id', 'merchantId', 'state', 'a\0', 'constructor'])]: oddities(chance) }
    case 'deeper':
      return { ...value, [key]: spoil(chance, value[key] ?? null) }
    default:
      return { ...value, [key]: oddities(chance) }
  }
}
