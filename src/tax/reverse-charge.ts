import { countsForTax } from './check-tax-identifier.ts'
import { euCountries, type Place, placeOf } from './places.ts'
import type { TaxRequest } from './tax-calculator.ts'
import { isApplicable } from './tax-identifier-types.ts'

/**
 * Where a registered business that buys from abroad accounts for the tax itself: the European Union (Directive 2006/112/EC,
 * articles 138, 194 and 196) and the countries that follow the same rule for supplies of a seller abroad.
 * The United States know nothing like it.
 */
const reverseChargeCountries = new Set<string>([
  ...euCountries,
  'AE',
  'AU',
  'BH',
  'CH',
  'GB',
  'IN',
  'IS',
  'JP',
  'KR',
  'LI',
  'NO',
  'NZ',
  'SA',
  'SG',
])

/**
 * Says of a place whether this buyer owes its tax there instead of the seller: a business, with an identifier that the place has
 * issued and that is verified or still plausibly pending, buying from a seller in another country. Goods that do not leave the country
 * they are in are a domestic sale, wherever the seller is.
 */
export async function reverseChargeOf(request: TaxRequest): Promise<(place: Place, physical: boolean) => boolean> {
  // Without a seller it cannot be said whether a sale crosses a border.
  if (request.customerType !== 'business' || !request.sellingEntityCountry) return () => false
  const counting: string[] = []
  for (const identifier of request.taxIdentifiers) {
    if (await countsForTax(identifier)) counting.push(identifier.type)
  }
  const seller = placeOf({ country: request.sellingEntityCountry }).country
  const dispatch = request.shipFrom ? placeOf(request.shipFrom).country : seller
  return ({ country }, physical) =>
    country !== seller &&
    !(physical && country === dispatch) &&
    reverseChargeCountries.has(country) &&
    counting.some((type) =>
      isApplicable(type, { country, customerType: 'business', sellingEntityCountry: request.sellingEntityCountry }),
    )
}
