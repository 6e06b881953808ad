import type { TaxAddress } from './tax-calculator.ts'

/** The member states of the European Union. */
export const euCountries = [
  'AT',
  'BE',
  'BG',
  'CY',
  'CZ',
  'DE',
  'DK',
  'EE',
  'ES',
  'FI',
  'FR',
  'GR',
  'HR',
  'HU',
  'IE',
  'IT',
  'LT',
  'LU',
  'LV',
  'MT',
  'NL',
  'PL',
  'PT',
  'RO',
  'SE',
  'SI',
  'SK',
] as const

/** Countries that another one taxes as its own. */
const taxedAs: Record<string, string> = { MC: 'FR', IM: 'GB' }

export type Place = {
  country: string
  state: string | undefined
  postalCode?: string | undefined
  city?: string | undefined
}

/** Where an address is for the tax: the country that taxes it, and the state as ISO 3166-2 writes it without the country. */
export function placeOf(address: TaxAddress): Place {
  const country = address.country.toUpperCase()
  const state = address.state?.trim().toUpperCase()
  return {
    country: taxedAs[country] ?? country,
    state: state?.startsWith(`${country}-`) ? state.slice(country.length + 1) : state || undefined,
    postalCode: address.postalCode?.trim(),
    city: address.city?.trim().toUpperCase(),
  }
}

/** Where each kind of line is taxed: goods where they arrive, digital goods where the buyer is at home. */
export function destinations({ shipTo, billTo }: { shipTo: TaxAddress | null; billTo: TaxAddress | null }) {
  const goods = shipTo ?? billTo
  const digital = billTo ?? shipTo
  return { goods: goods && placeOf(goods), digital: digital && placeOf(digital) }
}
