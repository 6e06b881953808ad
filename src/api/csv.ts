import { Readable } from 'node:stream'
import type { Context } from 'hono'

export type Cell = string | number | null

const number = /^-?\d+(?:\.\d+)?$/

/** A cell as RFC 4180 quotes it. What a spreadsheet would carry out is a text for it, unless it is a number. */
function cellOf(value: Cell): string {
  const text = value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !number.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as lines of CSV, each ended as RFC 4180 says. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')

/** Whether a list is asked for as CSV, by `?format=csv` or by `Accept`. */
export const wantsCsv = (c: Context, format: 'json' | 'csv' | undefined): boolean =>
  format === undefined ? /^\s*text\/csv\b/i.test(c.req.header('accept') ?? '') : format === 'csv'

export type CsvTable<Row, Cursor> = {
  filename: string
  header: readonly string[]
  toCells: (row: Row) => readonly Cell[]
  /** The rows after a cursor, many at once, and the cursor of the next. */
  read: (after: Cursor | undefined) => Promise<{ rows: readonly Row[]; next: Cursor | undefined }>
}

/** Sends a whole list as CSV, of which only a part stands in memory at a time. What goes wrong with the first is answered as an error. */
export async function sendCsv<Row, Cursor>(
  c: Context,
  { filename, header, toCells, read }: CsvTable<Row, Cursor>,
): Promise<Response> {
  const first = await read(undefined)
  async function* lines() {
    yield toCsv([header])
    for (let part = first; ; part = await read(part.next)) {
      yield toCsv(part.rows.map(toCells))
      if (part.next === undefined) return
    }
  }
  const body = Readable.toWeb(Readable.from(lines(), { objectMode: false })) as ReadableStream<Uint8Array>
  return c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${filename}"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
}
