import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { toCsv } from './csv.ts'

// Removes the risk that a spreadsheet carries out what somebody wrote, or reads another table than was sent.
describe('CSV', () => {
  it('is read back as it was, whatever stands in a cell', () => {
    const rows = [
      ['plain', 'a,b', 'say "no"', 'two\r\nlines', '', 'Ünïcode', ' spaced '],
      ['-1.50', '2', '0', '1e3', 'a=b', 'x-y', '7'],
    ]
    expect(parse(toCsv(rows))).toEqual(rows)
    expect(toCsv([[1, -2.5, null]])).toBe('1,-2.5,\r\n')
  })

  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '-', '=HYPERLINK("http://x")'])(
    'is a text for a spreadsheet: %j',
    (text) => {
      expect(parse(toCsv([[text, 'b']]))).toEqual([[`'${text}`, 'b']])
    },
  )
})
