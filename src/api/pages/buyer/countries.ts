import type { Option } from '../elements.ts'

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
/** Codes that have a name and are no place where somebody lives. */
const noCountries = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])

/** Every country by its name in the buyer's language, in that language's order. */
export function countryOptions(locale: string): Option[] {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' })
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((value) => {
      const label = names.of(value)
      // Codes of countries that are no more lead to their successors.
      const current = new Intl.Locale(`und-${value}`).region === value
      return label && current && !noCountries.has(value) ? [{ value, label }] : []
    })
    .sort((a, b) => a.label.localeCompare(b.label, locale))
}
