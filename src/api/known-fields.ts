import { z } from '@hono/zod-openapi'

/** Which names a schema knows, at every depth. What is `open` takes any name: metadata, and descriptions that are kept as they came. */
export type KnownFields = { open: boolean; fields: ReadonlyMap<string, KnownFields>; each: KnownFields | undefined }

const beside = new WeakMap<z.core.$ZodType, z.core.$ZodType>()

/** The schema itself. Beside its fields those of another one may stand, which are ignored or read by another rule. */
export function withFieldsBeside<T extends z.ZodObject>(schema: T, other: z.core.$ZodType): T {
  beside.set(schema, other)
  return schema
}

const anything: KnownFields = { open: true, fields: new Map(), each: undefined }
const nothing: KnownFields = { open: false, fields: new Map(), each: undefined }

/** What of its input a schema knows. Of a union each part may know it. */
export function knownFields(schema: z.core.$ZodType): KnownFields {
  if (schema instanceof z.ZodObject) return ofObject(schema)
  if (schema instanceof z.ZodArray) return { ...nothing, each: knownFields(schema.def.element) }
  if (schema instanceof z.ZodRecord) return anything
  if (schema instanceof z.ZodUnion) return schema.def.options.map(knownFields).reduce(either)
  if (schema instanceof z.ZodIntersection) return either(knownFields(schema.def.left), knownFields(schema.def.right))
  if (schema instanceof z.ZodUnknown || schema instanceof z.ZodAny) return anything
  if (schema instanceof z.ZodPipe)
    return knownFields(schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return knownFields(schema.def.innerType)
  return nothing
}

function ofObject(schema: z.ZodObject): KnownFields {
  const { shape, catchall } = schema.def
  const own: KnownFields = {
    open: catchall !== undefined && !(catchall instanceof z.ZodNever),
    fields: new Map(Object.entries(shape).map(([name, field]) => [name, knownFields(field)])),
    each: undefined,
  }
  const other = beside.get(schema)
  return other ? either({ ...own, open: false }, knownFields(other)) : own
}

function either(one: KnownFields, other: KnownFields): KnownFields {
  const fields = new Map(one.fields)
  for (const [name, field] of other.fields) {
    const known = fields.get(name)
    fields.set(name, known ? either(known, field) : field)
  }
  return {
    open: one.open || other.open,
    fields,
    each: one.each && other.each ? either(one.each, other.each) : (one.each ?? other.each),
  }
}
