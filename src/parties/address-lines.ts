import { formatAddress } from 'localized-address-format'
import type { Party } from './address.ts'

/** Written in letters that stand for themselves: Japan, Korea and China order their addresses otherwise then. */
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Stand for the parts of an address while it is put in order: what they are does not matter for that, but whether they are there. */
const marks = { line1: '\uE000', line2: '\uE001', city: '\uE002', postalCode: '\uE003', state: '\uE004' } as const
type Part = keyof typeof marks

/**
 * The lines of an address from its street to its town, in the order in which its country writes them. Whatever is given stands in them, also
 * where the country does without. The country's own name is not among them.
 */
export function addressLines(address: Party['address'] | null | undefined): string[] {
  if (!address) return []
  const given = (part: Part): string => address[part]?.trim() ?? ''
  const markOf = (part: Part): string => (given(part) === '' ? '' : marks[part])
  const local = (Object.keys(marks) as Part[]).some((part) => eastAsian.test(given(part)))
  const write = (streets: readonly Part[]): string[] =>
    formatAddress(
      {
        postalCountry: address.country,
        administrativeArea: markOf('state'),
        locality: markOf('city'),
        postalCode: markOf('postalCode'),
        addressLines: streets.map(markOf).filter(Boolean),
      },
      local ? 'local' : 'latin',
    )
  // Some countries write their town's name themselves, and some have the town in the street's lines.
  const isIn = (lines: readonly string[], part: Part): boolean => {
    const text = lines.join('\n').toLocaleLowerCase('en')
    const same = (Object.keys(marks) as Part[]).filter((other) => given(other) === given(part))
    return same.some((other) => text.includes(marks[other])) || text.includes(given(part).toLocaleLowerCase('en'))
  }
  const plain = write(['line1', 'line2'])
  const lines = isIn(plain, 'city') ? plain : write(['line1', 'line2', 'city'])
  const beside = (['postalCode', 'state'] as const).filter((part) => !isIn(lines, part)).map(given)
  return [...lines.map((line) => unmark(line, given)), ...beside].filter(Boolean)
}

const unmark = (line: string, given: (part: Part) => string): string =>
  (Object.keys(marks) as Part[])
    .reduce((text, part) => text.replaceAll(marks[part], () => given(part)), line)
    .replace(/^[\s,-]+/, '')
    .trim()
