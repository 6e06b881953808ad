import { errorResponses } from '../schemas.ts'
import { exampleOf, fits, wordsOf } from './example-of.ts'
import { wordsOfFields, wordsOfParameters } from './field-words.ts'
import {
  type Answer,
  componentOf,
  type Document,
  type MediaType,
  methods,
  type Operation,
  type Parameter,
  type Schema,
} from './json-schema.ts'
import { wordsOfOperations, wordsOfTags } from './operation-words.ts'
import { describeRepetition } from './repeatable.ts'

/** Errors that many operations answer with, said once. */
const namesOfErrors: Record<string, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  503: 'Unavailable',
}

/** Fills in names, sentences and examples that the routes leave to the tables of words. The document is changed in place. */
export function describe(document: Document): Document {
  const { components } = document
  for (const [name, schema] of Object.entries(components.schemas)) describeSchema(schema, name)
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method]
      if (operation) describeOperation(document, `${method.toUpperCase()} ${path}`, operation)
    }
  }
  components.responses = Object.fromEntries(
    Object.entries(namesOfErrors).map(([status, name]) => [name, sharedError(document, Number(status))]),
  )
  document.tags = tagsOf(document).map((name) => ({ name, description: wordsOfTags[name] ?? '' }))
  return document
}

const tagsOf = ({ paths }: Document): string[] => {
  const used = new Set(Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags = [] }) => tags)))
  return [...Object.keys(wordsOfTags), ...used].filter((name, at, all) => used.has(name) && all.indexOf(name) === at)
}

const sharedError = ({ components }: Document, status: number): Answer => {
  const { description } = errorResponses[status as keyof typeof errorResponses]
  const example = exampleOf(components.schemas, components.schemas.Error ?? {}, {
    component: 'Error',
    withOptional: true,
  })
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' }, example } } }
}

function describeOperation(document: Document, key: string, operation: Operation): void {
  const [operationId, sentence] = wordsOfOperations[key] ?? []
  if (operationId) operation.operationId = operationId
  operation.description ??= sentence ?? ''
  operation.security ??= []
  describeRepetition(key, operation)
  for (const parameter of operation.parameters ?? []) describeParameter(parameter)
  const media = (content: Record<string, MediaType> = {}, withOptional: boolean) => {
    for (const body of Object.values(content)) describeMedia(document, body, withOptional)
  }
  media(operation.requestBody?.content, false)
  for (const [status, answer] of Object.entries(operation.responses)) {
    const name = namesOfErrors[status]
    const shared = errorResponses[Number(status) as keyof typeof errorResponses]
    if (name && shared?.description === answer.description)
      operation.responses[status] = { $ref: `#/components/responses/${name}` }
    else media(answer.content, true)
  }
}

function describeParameter(parameter: Parameter): void {
  const [sentence, example] = wordsOfParameters[parameter.name] ?? wordsOfFields[parameter.name] ?? []
  const { schema = {} } = parameter
  parameter.description ??= schema.description ?? sentence ?? ''
  if (example !== undefined && fits(schema, example)) parameter.example ??= example
}

function describeMedia({ components }: Document, media: MediaType, withOptional: boolean): void {
  if (!media.schema) return
  describeSchema(media.schema, componentOf(media.schema))
  media.example ??= exampleOf(components.schemas, media.schema, { withOptional })
}

/** Gives every field a sentence and, where its name has one that fits, an example. */
function describeSchema(schema: Schema, component: string | undefined): void {
  mend(schema)
  for (const [field, value] of Object.entries(schema.properties ?? {})) {
    const [sentence, example] = wordsOf(component, field) ?? []
    if (sentence !== undefined) value.description ??= sentence
    if (example !== undefined && fits(value, example)) value.example ??= example
    describeSchema(value, componentOf(value) ?? component)
  }
  const inner = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  for (const part of inner) if (part) describeSchema(part, component)
  if (typeof schema.additionalProperties === 'object') describeSchema(schema.additionalProperties, component)
}

/** What the generator writes otherwise than JSON Schema wants it: flags after a pattern, formats it does not know, and the same option twice. */
function mend(schema: Schema): void {
  if (schema.pattern) schema.pattern = schema.pattern.replace(/\/[a-z]+$/, '')
  if (schema.format === 'ip') delete schema.format
  const options = schema.anyOf?.filter((option, at, all) => all.findIndex((other) => isSame(other, option)) === at)
  if (!options) return
  const [only] = options
  if (options.length > 1 || !only) schema.anyOf = options
  else {
    delete schema.anyOf
    Object.assign(schema, { ...only, ...schema })
  }
}

const isSame = (one: Schema, other: Schema) => JSON.stringify(one) === JSON.stringify(other)
