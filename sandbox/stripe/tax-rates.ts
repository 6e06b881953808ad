/** A place's tax on goods, in percent: a small table that is right enough to compute with, not to file with. */
export type Place = {
  country: string
  state: string | null
  name: string
  type: 'vat' | 'sales_tax' | 'gst' | 'jct'
  standard: number
  /** For books and the like; the standard rate where the place has none. */
  reduced?: number
  /** False where transport is not taxed when it is charged apart. */
  shipping?: false
}

const vat = (country: string, name: string, standard: number, reduced: number): [string, Place] => [
  country,
  { country, state: null, name, type: 'vat', standard, reduced },
]
const salesTax = (state: string, name: string, standard: number, untaxed: Pick<Place, 'shipping'> = {}) =>
  [`US ${state}`, { country: 'US', state, name, type: 'sales_tax', standard, ...untaxed }] satisfies [string, Place]

const places = new Map<string, Place>([
  vat('AT', 'Austria', 20, 10),
  vat('BE', 'Belgium', 21, 6),
  vat('DE', 'Germany', 19, 7),
  vat('DK', 'Denmark', 25, 25),
  vat('ES', 'Spain', 21, 4),
  vat('FI', 'Finland', 25.5, 13.5),
  vat('FR', 'France', 20, 5.5),
  vat('GB', 'United Kingdom', 20, 0),
  vat('IE', 'Ireland', 23, 0),
  vat('IT', 'Italy', 22, 4),
  vat('NL', 'Netherlands', 21, 9),
  vat('PL', 'Poland', 23, 5),
  vat('PT', 'Portugal', 23, 6),
  vat('SE', 'Sweden', 25, 6),
  ['JP', { country: 'JP', state: null, name: 'Japan', type: 'jct', standard: 10 }],
  ['AU', { country: 'AU', state: null, name: 'Australia', type: 'gst', standard: 10 }],
  ['CA', { country: 'CA', state: null, name: 'Canada', type: 'gst', standard: 5 }],
  salesTax('CA', 'California', 7.25, { shipping: false }),
  salesTax('FL', 'Florida', 6, { shipping: false }),
  salesTax('IL', 'Illinois', 6.25),
  salesTax('NY', 'New York', 4),
  salesTax('OR', 'Oregon', 0),
  salesTax('TX', 'Texas', 6.25),
  salesTax('WA', 'Washington', 6.5),
])

/** The place of an address; undefined where Stripe would answer `not_supported`. */
export function placeOf({ country, state }: { country: string; state: string | null }): Place | undefined {
  return country === 'US' ? places.get(`US ${state}`) : places.get(country)
}

/** Tax codes that the table knows apart; every other code is taxed at the standard rate. */
export const taxCodes = {
  nontaxable: 'txcd_00000000',
  goods: 'txcd_99999999',
  shipping: 'txcd_92010001',
  books: 'txcd_35010000',
} as const

export type Taxability = 'standard_rated' | 'reduced_rated' | 'zero_rated' | 'product_exempt' | 'not_supported'

/** The rate in percent of a kind of goods in a place, and why it is that. */
export function rateOf(place: Place | undefined, taxCode: string): { percent: number; reason: Taxability } {
  if (!place) return { percent: 0, reason: 'not_supported' }
  if (taxCode === taxCodes.nontaxable) return { percent: 0, reason: 'product_exempt' }
  if (taxCode === taxCodes.shipping && place.shipping === false) return { percent: 0, reason: 'product_exempt' }
  if (taxCode !== taxCodes.books || place.reduced === undefined || place.reduced === place.standard)
    return { percent: place.standard, reason: place.standard === 0 ? 'zero_rated' : 'standard_rated' }
  return { percent: place.reduced, reason: place.reduced === 0 ? 'zero_rated' : 'reduced_rated' }
}

/** The tax in an amount that contains it, or on one that does not, in minor units, half a unit upwards. */
export function taxOn(amount: number, percent: number, inclusive: boolean): number {
  const exact = inclusive ? amount - amount / (1 + percent / 100) : (amount * percent) / 100
  // Cents computed in binary fractions land a hair beside the half; this rounds what was meant.
  return Math.round(Number(exact.toFixed(6)))
}
