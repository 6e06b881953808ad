/** As much of JSON Schema as the documents use. */
export type Schema = {
  $ref?: string
  type?: string | readonly string[]
  format?: string
  enum?: readonly unknown[]
  const?: unknown
  pattern?: string
  minimum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: readonly string[]
  additionalProperties?: Schema | boolean
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  default?: unknown
  description?: string
  example?: unknown
}

export type MediaType = { schema?: Schema; example?: unknown }
export type Answer = {
  $ref?: string
  description?: string
  content?: Record<string, MediaType>
  headers?: Record<string, { description: string; schema: Schema; example?: unknown }>
}
export type Parameter = {
  name: string
  in: string
  description?: string
  schema?: Schema
  example?: unknown
}
export type Operation = {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: readonly Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, MediaType> }
  responses: Record<string, Answer>
}
export type PathItem = Record<string, Operation>

export type Document = {
  openapi: string
  info: {
    title: string
    version: string
    description?: string
    license?: { name: string; url?: string; identifier?: string }
  }
  servers: { url: string }[]
  tags?: { name: string; description: string }[]
  paths: Record<string, PathItem>
  webhooks?: Record<string, PathItem>
  components: {
    schemas: Record<string, Schema>
    responses?: Record<string, Answer>
    securitySchemes?: Record<string, unknown>
  }
}

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

const refStart = '#/components/schemas/'

/** The name of the component that a schema refers to. */
export const componentOf = ({ $ref }: Schema): string | undefined =>
  $ref?.startsWith(refStart) ? $ref.slice(refStart.length) : undefined

export const refTo = (component: string): Schema => ({ $ref: `${refStart}${component}` })

/** The types of a schema; none where it is made of others. */
export const typesOf = ({ type }: Schema): readonly string[] =>
  type === undefined ? [] : typeof type === 'string' ? [type] : type
