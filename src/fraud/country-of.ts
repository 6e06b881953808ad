const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The same for every way of writing it: `Korea, North` and `North Korea`. */
const wordsOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\([^)]*\)|[^a-z\s,.’'-]/g, '')
    .replace(/\bsaint\b/g, 'st')
    .split(/[^a-z]+/)
    .filter((word) => word !== '' && !['the', 'and', 'of', 'region'].includes(word))
    .sort()
    .join(' ')

// What sanctions lists call otherwise than Unicode does.
const otherNames = {
  Burma: 'MM',
  'Congo, Democratic Republic of the': 'CD',
  'Congo, Republic of the': 'CG',
  'Cabo Verde': 'CV',
  Crimea: 'UA',
  'Czech Republic': 'CZ',
  Gaza: 'PS',
  'Holy See': 'VA',
  'Hong Kong': 'HK',
  Macau: 'MO',
  'Micronesia, Federated States of': 'FM',
  Palestinian: 'PS',
  Swaziland: 'SZ',
  Turkey: 'TR',
  'West Bank': 'PS',
} as const

let codes: Map<string, string> | undefined

/** The ISO 3166 code of a country by its English name or by the code itself; null for what is none. */
export function countryOf(name: string): string | null {
  codes ??= readCodes()
  return codes.get(wordsOf(name)) ?? null
}

function readCodes(): Map<string, string> {
  const known = new Map<string, string>()
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    const name = names.of(code)
    // Codes of countries that are no more lead to their successors.
    if (name === undefined || new Intl.Locale(`und-${code}`).region !== code) continue
    known.set(code.toLowerCase(), code)
    if (!known.has(wordsOf(name))) known.set(wordsOf(name), code)
  }
  for (const [name, code] of Object.entries(otherNames)) known.set(wordsOf(name), code)
  return known
}
