import { z } from '@hono/zod-openapi'
import { ApiError } from '../platform/errors.ts'
import { isCurrency, toMajor, toMinor } from '../platform/money.ts'

/** The error format of every route. */
export const errorSchema = z
  .object({
    type: z.string(),
    errors: z.array(z.object({ code: z.string(), message: z.string(), parameter: z.string().optional() })),
  })
  .openapi('Error')

const error = (description: string) => ({ description, content: { 'application/json': { schema: errorSchema } } })

/** The answers every route with a key may give. */
export const errorResponses = {
  400: error('The request is not valid.'),
  401: error('No valid API key.'),
  403: error('Another kind of key is needed.'),
  404: error('Unknown, or not yours.'),
  409: error('Not possible in the present state.'),
  413: error('The body is larger than 1 MiB.'),
  429: error('Too many of these; try again after `Retry-After` seconds.'),
  503: error('Temporarily unavailable; try again after `Retry-After` seconds.'),
} as const

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: true as const, content: { 'application/json': { schema } } },
})

export const secretKey = [{ secretKey: [] }]
export const anyKey = [{ secretKey: [] }, { publishableKey: [] }]

export const idParam = z.string().regex(/^[\w.@:-]{1,64}$/, 'is no id')

/** Metadata: at most 20 keys of 40 characters, values of 500 characters. */
export const metadataSchema = z
  .record(z.string().min(1).max(40), z.union([z.string().max(500), z.number(), z.boolean()]))
  .refine((metadata) => Object.keys(metadata).length <= 20, 'at most 20 keys')
  .openapi('Metadata')

export const currencySchema = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 currency code')
  .openapi({ example: 'USD' })

/** A decimal amount in the currency's major unit; checked against the currency's decimals by {@link minorUnits}. */
export const amountSchema = z.number().min(0).max(1e12).openapi({ example: 177.67 })

/** @throws ApiError `invalid_amount` naming the parameter */
export function minorUnits(amount: number, currency: string, parameter: string): number {
  const minor = toMinor(amount, currency)
  if (minor === undefined) throw new ApiError('invalid_amount', { parameter })
  return minor
}

export const majorUnits = toMajor

export const bpsSchema = z.number().int().min(0).max(10_000)

/** An account of somebody else's at the payment provider, that money is passed on to. */
export const connectedAccount = z.string().regex(/^acct_\w+$/)

/** Several ids in one query parameter, repeated or separated by commas. */
export const idList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().flatMap((entry) => entry.split(',')))
  .pipe(z.array(z.string().min(1).max(255)).max(100))

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  startingAfter: idParam.optional(),
  endingBefore: idParam.optional(),
})

/** What is looked for. */
export const searchText = z.string().trim().min(1).max(200)

export const listOf = <T extends z.ZodType>(schema: T) => z.object({ hasMore: z.boolean(), data: z.array(schema) })
