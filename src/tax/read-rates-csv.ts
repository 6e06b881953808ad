import { z } from '@hono/zod-openapi'
import { iso31662 } from 'iso-3166/2.js'
import { countrySchema } from '../parties/countries.ts'
import { ApiError, type FurtherError } from '../platform/errors.ts'
import { daySchema } from '../platform/moments.ts'
import { readCsv, unreadableCsv } from '../platform/read-csv.ts'
import { taxCategories } from './tax-categories.ts'
import type { NewTaxRate, StoredTaxRate } from './tax-rates.ts'

/** The columns of rates as CSV. `rate` is a fraction; `validUntil` the first day on which it no longer applies. */
export const rateColumns = [
  'country',
  'state',
  'county',
  'city',
  'postalFrom',
  'postalTo',
  'category',
  'rate',
  'shippingTaxable',
  'validFrom',
  'validUntil',
] as const
type Column = (typeof rateColumns)[number]
const required: readonly Column[] = ['country', 'category', 'rate', 'validFrom']

const maxLines = 50_000
const maxLineLength = 2_048
/** So many of the bad lines are named; the rest is counted. */
const namedProblems = 100

/** A rate as text: what a line of CSV or a form has. */
export type WrittenRate = Record<Column, string>

/** Rates as they are written. */
export const toWritten = (rate: StoredTaxRate): WrittenRate => ({
  country: rate.country,
  state: rate.state ?? '',
  county: rate.county ?? '',
  city: rate.city ?? '',
  postalFrom: rate.postalFrom ?? '',
  postalTo: rate.postalTo ?? '',
  category: rate.category,
  rate: String(rate.ratePpm / 1_000_000),
  shippingTaxable: String(rate.shippingTaxable),
  validFrom: rate.validFrom,
  validUntil: rate.validUntil ?? '',
})

const subdivisions = new Set(iso31662.map(({ code }) => code))
const withStates = new Set(['US', 'CA'])

const blank = <T extends z.ZodType>(schema: T) => z.union([z.literal('').transform(() => null), schema])
/** No name of a place begins like a formula of a spreadsheet, and none needs quotes. */
const placeName = blank(z.string().regex(/^\p{L}[\p{L}\p{M}\p{N} .'’-]{0,99}$/u, 'must be the name of a place'))
const postalCode = blank(z.string().regex(/^\d{5}$/, 'must be a postal code of five digits'))

const rateSchema = z
  .object({
    country: countrySchema,
    state: blank(z.string().regex(/^[A-Z0-9]{1,3}$/, 'must be a code of ISO 3166-2 without the country')),
    county: placeName,
    city: placeName,
    postalFrom: postalCode,
    postalTo: postalCode,
    category: z.enum(taxCategories, `must be one of ${taxCategories.join(', ')}`),
    rate: z
      .string()
      .regex(/^0(\.\d{1,6})?$/, 'must be a fraction below 1 with at most six decimals: 0.19 is 19 %')
      .transform((text) => Math.round(Number(text) * 1_000_000)),
    shippingTaxable: z.enum(['true', 'false', ''], 'must be true or false').transform((text) => text !== 'false'),
    validFrom: daySchema,
    validUntil: blank(daySchema),
  })
  .transform(({ rate: ratePpm, ...rest }): NewTaxRate => ({ ...rest, ratePpm }))

/** What is wrong with a rate, and in which column. */
type Problem = { column: Column; message: string }

/** A rate that was written, or everything that is wrong with it. */
export function readWrittenRate(written: WrittenRate): { rate: NewTaxRate } | { problems: Problem[] } {
  const read = rateSchema.safeParse(written)
  if (!read.success)
    return {
      problems: read.error.issues.map(({ path, message }) => ({ column: path[0] as Column, message })),
    }
  const problem = problemOf(read.data)
  return problem ? { problems: [problem] } : { rate: read.data }
}

function problemOf(rate: NewTaxRate): Problem | undefined {
  const { country, state, county, city, postalFrom, postalTo, validFrom, validUntil } = rate
  if (state && withStates.has(country) && !subdivisions.has(`${country}-${state}`))
    return { column: 'state', message: `is no state of ${country}` }
  const below = [county, city, postalFrom, postalTo].some((part) => part !== null)
  if (below && (country !== 'US' || !state))
    return { column: 'state', message: 'only states of the United States have rates below them' }
  if ((postalFrom === null) !== (postalTo === null))
    return { column: postalFrom === null ? 'postalFrom' : 'postalTo', message: 'a range has a first and a last code' }
  if (postalFrom && postalTo && postalTo < postalFrom)
    return { column: 'postalTo', message: 'must not be before postalFrom' }
  if (county && !city && !postalFrom)
    return { column: 'county', message: 'needs a city or postal codes, because no address says its county' }
  if (validUntil && validUntil <= validFrom) return { column: 'validUntil', message: 'must be after validFrom' }
  return undefined
}

/**
 * Reads rates that were sent as CSV: UTF-8, the names of the columns first, in any order.
 * @throws ApiError `invalid_parameter` for what is no such file, or naming every bad cell by its line and its column
 */
export function readRatesCsv(file: Uint8Array): NewTaxRate[] {
  const [head, ...rows] = readCsv(file, { mostLines: maxLines, longestLine: maxLineLength })
  if (!head) throw unreadableCsv('Line 1: the names of the columns are missing.')
  const columns = columnsOf(head.record)
  if (rows.length > maxLines) throw unreadableCsv(`There are at most ${maxLines} lines in a file. Send it in parts.`)
  const problems: FurtherError[] = []
  const seen = new Map<string, number>()
  const report = (line: number, { column, message }: Problem) =>
    problems.push({ message: `Line ${line}: ${column}: ${message}`, parameter: `lines.${line}.${column}` })
  const rates = rows.flatMap(({ record, info: { lines: line } }) => {
    const read = readWrittenRate(writtenOf(record, columns))
    if ('problems' in read) {
      for (const problem of read.problems) report(line, problem)
      return []
    }
    const { ratePpm: _rate, shippingTaxable: _shipping, validUntil: _until, ...key } = read.rate
    const same = seen.get(JSON.stringify(key))
    if (same !== undefined)
      report(line, { column: 'validFrom', message: `line ${same} is of the same place, category and first day` })
    seen.set(JSON.stringify(key), line)
    return [read.rate]
  })
  if (problems.length > 0) throw badLines(problems)
  return rates
}

/** Which column stands where. */
function columnsOf(head: readonly string[]): Column[] {
  const columns = head.map((name) => {
    const column = rateColumns.find((each) => each.toLowerCase() === name.toLowerCase())
    if (!column) throw unreadableCsv(`Line 1: '${name.slice(0, 40)}' is none of ${rateColumns.join(', ')}.`)
    return column
  })
  const doubled = columns.find((column, index) => columns.indexOf(column) !== index)
  if (doubled) throw unreadableCsv(`Line 1: the column ${doubled} stands twice.`)
  const missing = required.filter((column) => !columns.includes(column))
  if (missing.length > 0) throw unreadableCsv(`Line 1: these columns are missing: ${missing.join(', ')}.`)
  return columns
}

const writtenOf = (record: readonly string[], columns: readonly Column[]): WrittenRate =>
  Object.fromEntries(rateColumns.map((column) => [column, record[columns.indexOf(column)] ?? ''])) as WrittenRate

function badLines(problems: readonly FurtherError[]): ApiError {
  const [first, ...others] = problems.slice(0, namedProblems)
  const unnamed = problems.length - namedProblems
  return new ApiError('invalid_parameter', {
    ...(first as { message: string; parameter: string }),
    further: unnamed > 0 ? [...others, { message: `${unnamed} more problems.` }] : others,
  })
}
