import { z } from 'zod'
import { ApiError, type FurtherError } from '../platform/errors.ts'
import { isCurrency, toMinor } from '../platform/money.ts'
import { readCsv, unreadableCsv } from '../platform/read-csv.ts'
import type { BankLine } from './bank-line.ts'
import { type StatementFormat, type StatementKind, statementKinds } from './statement-format.ts'

export const maxStatementLines = 100_000
const maxLineLength = 4_096
/** So many of the bad lines are named; the rest is counted. */
const namedLines = 100
/** A year before this is a mistake, and would begin the book there. */
const firstYear = 2_000

/** A line as it was sent. Amounts are decimal; `line` is its number, by which its sender finds it. */
export type WrittenLine = {
  line: number
  reference: string
  /** What it is about, where that is not what `reference` names. */
  payment?: string | undefined
  kind: string | undefined
  amount: string | number
  fee?: string | number | undefined
  currency: string
  at: string
}

/** What is wrong with a line. */
class BadField extends Error {
  readonly parameter: string
  constructor(parameter: string, message: string) {
    super(message)
    this.parameter = parameter
  }
}

type Reading = Pick<StatementFormat, 'kinds' | 'sign' | 'groupSeparator' | 'utcOffset'>

/** Lines in our own words, as JSON has them: amounts change the balance as they stand. */
const ownWords = {
  kinds: Object.fromEntries(statementKinds.map((kind) => [kind.toUpperCase(), kind])) as Record<string, StatementKind>,
  sign: 'as_written',
} as const

/**
 * Reads the lines of a statement that was sent as JSON. Amounts in minor units.
 * @throws ApiError `invalid_parameter` that names every bad line
 */
export const readStatementLines = (lines: readonly WrittenLine[], format: StatementFormat): BankLine[] =>
  toBankLines(lines, { ...format, ...ownWords })

/**
 * Reads a statement that was sent as CSV, in the columns of its provider: UTF-8, the names of the columns first. Amounts in minor units.
 * @throws ApiError `invalid_parameter` for what is no such file, or naming every bad line by its number in the file
 */
export function readStatementCsv(file: Uint8Array, format: StatementFormat): BankLine[] {
  const [head, ...rows] = readCsv(file, { mostLines: maxStatementLines, longestLine: maxLineLength })
  if (!head) throw unreadableCsv('The statement is empty.')
  const cellOf = columnsOf(head.record, format)
  const { columns } = format
  const lines = rows.map(({ record, info }): WrittenLine => {
    const cell = (name: string) => record[cellOf.get(name) ?? -1] ?? ''
    const payment = columns.payment.map(cell).find((id) => id !== '')
    return {
      line: info.lines,
      reference: cell(columns.reference),
      ...(payment === undefined ? {} : { payment }),
      kind: cell(columns.kind),
      amount: cell(columns.amount),
      fee: cell(columns.fee) || undefined,
      currency: cell(columns.currency),
      at: cell(columns.at),
    }
  })
  const unpaid = ({ reference, amount }: WrittenLine) => reference === '' && amount === ''
  return toBankLines(format.passesOver === 'unpaid' ? lines.filter((line) => !unpaid(line)) : lines, format)
}

/** Where each column stands. */
function columnsOf(head: readonly string[], { columns }: StatementFormat): Map<string, number> {
  const names = head.map((name) => name.toLowerCase())
  const { payment, fee, ...required } = columns
  const wanted = [...Object.values(required), fee, ...payment]
  const found = new Map(wanted.map((name) => [name, names.indexOf(name.toLowerCase())]))
  const isMissing = (name: string) => found.get(name) === -1
  const missing = Object.values(required).filter(isMissing)
  if (payment.every(isMissing)) missing.push(payment.join(' or '))
  if (missing.length > 0) throw unreadableCsv(`Line 1: these columns are missing: ${missing.join(', ')}.`)
  const doubled = wanted.find((name) => names.filter((each) => each === name.toLowerCase()).length > 1)
  if (doubled) throw unreadableCsv(`Line 1: the column ${doubled} stands twice.`)
  return found
}

function toBankLines(lines: readonly WrittenLine[], reading: Reading): BankLine[] {
  if (lines.length === 0) throw unreadableCsv('The statement has no lines.')
  if (lines.length > maxStatementLines)
    throw unreadableCsv(`A statement has at most ${maxStatementLines} lines. Send it in parts.`)
  const problems: FurtherError[] = []
  const read = lines.flatMap((line) => {
    try {
      return [toBankLine(line, reading)]
    } catch (error) {
      if (!(error instanceof BadField)) throw error
      problems.push({
        message: `Line ${line.line}: ${error.parameter}: ${error.message}`,
        parameter: `lines.${line.line}.${error.parameter}`,
      })
      return []
    }
  })
  if (problems.length > 0) throw badLines(problems)
  return read
}

function badLines(problems: readonly FurtherError[]): ApiError {
  const [first, ...others] = problems.slice(0, namedLines)
  const unnamed = problems.length - namedLines
  return new ApiError('invalid_parameter', {
    ...(first as { message: string; parameter: string }),
    further: unnamed > 0 ? [...others, { message: `${unnamed} more lines are not valid.` }] : others,
  })
}

/** @throws BadField */
function toBankLine(line: WrittenLine, reading: Reading): BankLine {
  const currency = line.currency.toUpperCase()
  const reference = idOf('reference', line.reference)
  const kind = kindOf(line.kind, reading)
  if (!isCurrency(currency)) throw new BadField('currency', 'is no currency of ISO 4217')
  const amount = minorOf('amount', line.amount, currency, reading)
  return {
    reference,
    kind,
    source: line.payment === undefined ? reference : idOf('payment', line.payment),
    operationId: undefined,
    // Zero has no sign.
    amount: reading.sign === 'by_kind' && kind !== 'charge' ? 0 - amount : amount,
    fee: line.fee === undefined ? 0 : minorOf('fee', line.fee, currency, reading),
    currency,
    at: timeOf(line.at, reading),
    availableOn: undefined,
  }
}

const wordOfId = /^\w[\w.:@/#-]{0,99}$/

function idOf(parameter: string, text: string): string {
  if (/^[=+\-@]/.test(text)) throw new BadField(parameter, 'begins like a formula of a spreadsheet')
  if (!wordOfId.test(text)) throw new BadField(parameter, 'is no id: 1 to 100 letters, digits and . : @ / # - _')
  return text
}

function kindOf(word: string | undefined, { kinds }: Reading): StatementKind {
  if (word === undefined) return 'charge'
  const known = word.toUpperCase()
  const kind = Object.hasOwn(kinds, known) ? kinds[known] : undefined
  if (!kind) throw new BadField('kind', `is none of ${Object.keys(kinds).join(', ')}`)
  return kind
}

const decimal = /^-?\d{1,15}(?:\.\d{1,6})?$/
const grouped = (separator: string) => new RegExp(`^-?\\d{1,3}(?:${separator}\\d{3}){1,4}(?:\\.\\d{1,6})?$`)

function minorOf(parameter: string, written: string | number, currency: string, { groupSeparator }: Reading): number {
  const text = String(written)
  const plain = grouped(groupSeparator).test(text) ? text.replaceAll(groupSeparator, '') : text
  if (!decimal.test(plain)) throw new BadField(parameter, 'is no decimal number')
  const minor = toMinor(Number(plain), currency)
  if (minor === undefined)
    throw new BadField(parameter, `has more decimals than ${currency} allows, or is out of range`)
  return minor
}

const moment = z.iso.datetime({ offset: true, local: true })

function timeOf(written: string, { utcOffset }: Reading): Date {
  const text = written.replace(' ', 'T')
  if (!moment.safeParse(text).success) throw new BadField('at', 'is no time such as 2026-10-05 14:03:22 or ISO 8601')
  const at = new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}${utcOffset}`)
  if (at.getUTCFullYear() < firstYear) throw new BadField('at', `is before the year ${firstYear}`)
  if (at.getTime() > Date.now()) throw new BadField('at', 'is in the future')
  return at
}
