import type { DocumentName } from './documents.ts'
import { componentOf, type Document, methods, type Operation, type Schema, typesOf } from './json-schema.ts'

/** An operation of a document and where its page is. */
export type DocumentedOperation = {
  of: DocumentName
  id: string
  method: string
  path: string
  tag: string
  address: string
  operation: Operation
}

/** Every operation of a document, in its order. */
export function operationsOf(of: DocumentName, { paths }: Document): DocumentedOperation[] {
  const query = of === 'ordermill' ? '' : `?of=${of}`
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      const id = operation?.operationId
      if (!operation || !id) return []
      const [tag = 'Other'] = operation.tags ?? []
      return [{ of, id, method: method.toUpperCase(), path, tag, address: `/docs/operations/${id}${query}`, operation }]
    }),
  )
}

/** A field of a schema as a table shows it: `name` with the objects that it stands in, such as `items[].quantity`. */
export type Field = { name: string; type: string; required: boolean; words: string }

/** So deep fields of fields are shown; what is deeper stands in the example. */
const deepest = 3

/** The fields of what a body or an answer is, with those of the objects within. */
export function fieldsOf(document: Document, schema: Schema, prefix = '', depth = 0, seen: string[] = []): Field[] {
  const component = componentOf(schema)
  if (component !== undefined && seen.includes(component)) return []
  const found = resolved(document, schema)
  const within = component === undefined ? seen : [...seen, component]
  const parts = [...(found.allOf ?? []), ...(found.anyOf ?? []), ...(found.oneOf ?? [])]
  const own = Object.entries(found.properties ?? {}).flatMap(([field, value]) => {
    const name = `${prefix}${field}`
    const row = {
      name,
      type: typeOf(document, value),
      required: found.required?.includes(field) ?? false,
      words: value.description ?? resolved(document, value).description ?? '',
    }
    if (depth + 1 >= deepest) return [row]
    const { items } = resolved(document, value)
    const inner = items
      ? fieldsOf(document, items, `${name}[].`, depth + 1, within)
      : fieldsOf(document, value, `${name}.`, depth + 1, within)
    return [row, ...inner]
  })
  const others = parts.flatMap((part) => fieldsOf(document, part, prefix, depth, within))
  const names = new Set<string>()
  return [...own, ...others].filter(({ name }) => !names.has(name) && names.add(name))
}

const resolved = ({ components }: Document, schema: Schema): Schema => {
  const component = componentOf(schema)
  return component === undefined ? schema : (components.schemas[component] ?? {})
}

/** What a value may be, in a few words. */
export function typeOf(document: Document, schema: Schema): string {
  const found = resolved(document, schema)
  if (found.const !== undefined) return String(found.const)
  if (found.enum) return found.enum.map(String).join(' | ')
  if (found.items) return `list of ${typeOf(document, found.items)}`
  const options = [...(found.anyOf ?? []), ...(found.oneOf ?? [])]
  if (options.length > 0) return [...new Set(options.map((option) => typeOf(document, option)))].join(' or ')
  const types = typesOf(found).filter((type) => type !== 'null')
  return found.format ? `${types.join(' or ')} (${found.format})` : types.join(' or ') || 'object'
}
