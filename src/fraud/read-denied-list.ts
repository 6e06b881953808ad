import { parse } from 'csv-parse/sync'
import { ApiError } from '../platform/errors.ts'
import { countryOf } from './country-of.ts'
import type { DeniedAddress } from './denied-person.entity.ts'

/** The files of a list in the layout of OFAC's SDN list; `sdn` names people, the others say more about them. */
export type DeniedListFiles = { sdn: string; alt?: string | undefined; add?: string | undefined }

export type DeniedEntry = {
  entryNumber: string
  name: string
  type: string | null
  program: string | null
  remarks: string | null
  aliases: string[]
  addresses: DeniedAddress[]
}

const columns = { sdn: 12, alt: 5, add: 6 } as const

/**
 * Reads a sanctions list in OFAC's CSV layout: no header, 12, 5 and 6 columns, `-0-` for nothing
 * (https://ofac.treasury.gov/media/29976/download). Entries stand in the order of `sdn`.
 * @throws ApiError `invalid_parameter` naming file and line, for a file that is not in that layout or says more about nobody.
 */
export function readDeniedList(files: DeniedListFiles): DeniedEntry[] {
  const entries = new Map<string, DeniedEntry>()
  for (const { line, cells } of readRows('sdn', files.sdn)) {
    const [entryNumber, name, type, program] = cells
    if (!entryNumber || !name) throw unreadable('sdn', line, 'an entry needs a number and a name')
    if (entries.has(entryNumber)) throw unreadable('sdn', line, 'this number stands twice')
    entries.set(entryNumber, {
      entryNumber,
      name,
      type: type ?? null,
      program: program ?? null,
      remarks: cells.at(-1) ?? null,
      aliases: [],
      addresses: [],
    })
  }
  if (entries.size === 0) throw unreadable('sdn', 1, 'there is no entry')
  const entryOf = (file: 'alt' | 'add', line: number, number: string | null | undefined) => {
    const entry = entries.get(number ?? '')
    if (!entry) throw unreadable(file, line, 'there is no entry of this number')
    return entry
  }
  for (const { line, cells } of readRows('alt', files.alt)) {
    const alias = cells[3]
    if (alias) entryOf('alt', line, cells[0]).aliases.push(alias)
  }
  for (const { line, cells } of readRows('add', files.add)) {
    const [number, , address, city, country] = cells
    if (!address && !city && !country) continue
    entryOf('add', line, number).addresses.push({
      address: address ?? null,
      city: city ?? null,
      country: country ? countryOf(country) : null,
    })
  }
  return [...entries.values()]
}

function readRows(file: keyof typeof columns, text: string | undefined): { line: number; cells: (string | null)[] }[] {
  if (text === undefined) return []
  let rows: { record: string[]; info: { lines: number } }[]
  try {
    // The published files end with the end-of-file mark of DOS.
    rows = parse(text.replaceAll('\u001a', ''), {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as never
  } catch (error) {
    const { lines } = error as { lines?: number }
    throw unreadable(file, lines ?? 1, 'this is not CSV')
  }
  return rows.map(({ record, info }) => {
    if (record.length !== columns[file]) throw unreadable(file, info.lines, `a line has ${columns[file]} columns`)
    return { line: info.lines, cells: record.map((cell) => (cell === '' || cell === '-0-' ? null : cell)) }
  })
}

const unreadable = (file: string, line: number, what: string): ApiError =>
  new ApiError('invalid_parameter', { message: `${file}, line ${line}: ${what}`, parameter: file })
