import { CsvError, parse } from 'csv-parse/sync'
import { ApiError } from './errors.ts'

export type CsvRow = { record: string[]; info: { lines: number } }

/**
 * The rows of a CSV file in UTF-8, that with the names of the columns first; one more than `mostLines`, so that too many are seen.
 * @throws ApiError `invalid_parameter` that names the line
 */
export function readCsv(
  file: Uint8Array,
  { mostLines, longestLine }: { mostLines: number; longestLine: number },
): CsvRow[] {
  const text = decode(file)
  requireLines(text, longestLine)
  try {
    return parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      max_record_size: longestLine,
      // The names of the columns, and one line that is too many.
      to: mostLines + 2,
    }) as unknown as CsvRow[]
  } catch (cause) {
    const line = cause instanceof CsvError && typeof cause.lines === 'number' ? cause.lines : 1
    throw unreadableCsv(`Line ${line}: this is not CSV, or has another number of cells than the first line.`, cause)
  }
}

function decode(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch (cause) {
    throw unreadableCsv('The file is not UTF-8.', cause)
  }
}

/** Refuses a long line before the parser does, which takes seconds for one. */
function requireLines(text: string, longest: number): void {
  const tooLong = text.search(new RegExp(`(?<![^\\r\\n])[^\\r\\n]{${longest + 1}}`))
  if (tooLong < 0) return
  const line = text.slice(0, tooLong).split('\n').length
  throw unreadableCsv(`Line ${line}: a line has at most ${longest} characters.`)
}

export const unreadableCsv = (message: string, cause?: unknown): ApiError =>
  new ApiError('invalid_parameter', { message, parameter: 'lines', cause })
