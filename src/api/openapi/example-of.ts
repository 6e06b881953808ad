import { type FieldWords, wordsInSchema, wordsOfFields } from './field-words.ts'
import { componentOf, type Schema, typesOf } from './json-schema.ts'

const deepest = 7

const byFormat: Record<string, unknown> = {
  'date-time': '2026-05-21T17:26:34.000Z',
  date: '2026-05-21',
  email: 'ada@example.com',
  uri: 'https://shop.example/',
  uuid: 'b8a8a1e2-6c1c-4c1e-9a0e-2f7c1d3c5a10',
  ip: '203.0.113.7',
  binary: '',
}

/** What is said of a field: in its schema, or by its name anywhere. */
export const wordsOf = (component: string | undefined, field: string): FieldWords | undefined =>
  (component === undefined ? undefined : wordsInSchema[`${component}.${field}`]) ?? wordsOfFields[field]

/** True when a value could stand where the schema is; what is made of other schemas is not looked into. */
export function fits(schema: Schema, value: unknown): boolean {
  if (schema.enum) return schema.enum.includes(value)
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.some((option) => fits(option, value))
  const types = typesOf(schema)
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return false
  if (Array.isArray(value)) return !schema.items || value.every((entry) => fits(schema.items ?? {}, entry))
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) return false
  if (typeof value !== 'string') return schema.$ref === undefined && types.length > 0
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) return false
  if (schema.format === 'date-time' || schema.format === 'date' || schema.format === 'uuid')
    return typeof byFormat[schema.format] === 'string' && sameForm(schema.format, value)
  return value.length >= (schema.minLength ?? 0)
}

const forms: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
}
const sameForm = (format: string, value: string) => forms[format]?.test(value) ?? true

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

type Place = { component?: string | undefined; field?: string | undefined; depth?: number; withOptional: boolean }

/**
 * A value that the schema allows, made of the examples of its fields. `withOptional` also fills what may be left out, which answers
 * have and requests need not.
 */
export function exampleOf(components: Record<string, Schema>, schema: Schema, place: Place): unknown {
  const { component, field, depth = 0, withOptional } = place
  if (schema.example !== undefined) return schema.example
  const name = componentOf(schema)
  if (name !== undefined)
    return depth > deepest
      ? {}
      : exampleOf(components, components[name] ?? {}, { component: name, depth: depth + 1, withOptional })
  const said = field === undefined ? undefined : wordsOf(component, field)?.[1]
  if (schema.const !== undefined) return schema.const
  if (said !== undefined && fits(schema, said)) return said
  if (schema.enum) return schema.enum.find((value) => value !== null)
  if (schema.default !== undefined) return schema.default
  const options = schema.anyOf ?? schema.oneOf
  if (options) {
    const option = options.find((candidate) => !typesOf(candidate).includes('null')) ?? options[0]
    return option === undefined ? null : exampleOf(components, option, place)
  }
  const whole = schema.allOf ? merged(components, schema) : schema
  return ofType(components, whole, place)
}

function ofType(components: Record<string, Schema>, schema: Schema, place: Place): unknown {
  const { component, depth = 0, withOptional } = place
  const [type = schema.properties ? 'object' : 'string'] = typesOf(schema).filter((name) => name !== 'null')
  if (type === 'array') {
    const { field, ...rest } = place
    if (depth > deepest || !schema.items) return []
    return [exampleOf(components, schema.items, { ...rest, depth: depth + 1 })]
  }
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).filter(
      ([name]) => schema.required?.includes(name) || (withOptional && depth < deepest),
    )
    return Object.fromEntries(
      fields.map(([name, value]) => [
        name,
        exampleOf(components, value, { component, field: name, depth: depth + 1, withOptional }),
      ]),
    )
  }
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1)
  return byFormat[schema.format ?? ''] ?? 'text'.padEnd(schema.minLength ?? 0, 't')
}

/** One schema of several that all hold. */
function merged(components: Record<string, Schema>, { allOf = [], ...own }: Schema): Schema {
  const parts = [...allOf, own].map((part: Schema): Schema => {
    const name = componentOf(part)
    const known = name === undefined ? part : (components[name] ?? {})
    return known.allOf ? merged(components, known) : known
  })
  return {
    ...Object.assign({}, ...parts),
    type: parts.flatMap(typesOf).includes('object') ? 'object' : own.type,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? []),
  }
}
