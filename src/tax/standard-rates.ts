import type { TaxCategory } from './tax-categories.ts'

export type ShippedRate = {
  country: string
  state: string | null
  category: TaxCategory
  ratePpm: number
  shippingTaxable: boolean
  validFrom: string
}

/**
 * The day whose law the rates below are. Sources: European Commission, "Taxes in Europe" database (standard rates and rates for
 * books); gov.uk, estv.admin.ch, skatteetaten.no, ato.gov.au, ird.govt.nz, nta.go.jp, canada.ca, and the tax authorities of the
 * other countries; for the United States the departments of revenue, state level only. They are a start and no advice:
 * whoever sells adds, ends and replaces rows, and takes a calculator that knows every county where that matters.
 */
export const ratesAsOf = '2026-01-01'

/** Percent of goods and digital goods alike, and of printed books and e-publications where they have a rate of their own. */
const countries: Record<string, readonly [standard: number, books?: number]> = {
  AT: [20, 10],
  BE: [21, 6],
  BG: [20, 9],
  CY: [19, 3],
  CZ: [21, 0],
  DE: [19, 7],
  DK: [25],
  EE: [24, 9],
  ES: [21, 4],
  FI: [25.5, 13.5],
  FR: [20, 5.5],
  GR: [24, 6],
  HR: [25, 5],
  HU: [27, 5],
  IE: [23, 0],
  IT: [22, 4],
  LT: [21],
  LU: [17, 3],
  LV: [21],
  MT: [18, 5],
  NL: [21, 9],
  PL: [23, 5],
  PT: [23, 6],
  RO: [21, 11],
  SE: [25, 6],
  SI: [22, 5],
  SK: [23, 5],
  GB: [20, 0],
  CH: [8.1, 2.6],
  LI: [8.1, 2.6],
  NO: [25, 0],
  IS: [24, 11],
  AE: [5],
  AU: [10],
  BH: [10],
  CL: [19],
  CO: [19],
  IN: [18],
  JP: [10],
  KE: [16],
  KR: [10],
  KW: [0],
  MX: [16],
  NZ: [15],
  OM: [5],
  PH: [12],
  QA: [0],
  SA: [15],
  SG: [9],
  TH: [7],
  TR: [20],
  TW: [5],
  UA: [20],
  ZA: [15],
}

/** Percent of GST, or of GST and the province's tax together. */
const canada: Record<string, number> = {
  AB: 5,
  BC: 12,
  MB: 12,
  NB: 15,
  NL: 15,
  NS: 14,
  NT: 5,
  NU: 5,
  ON: 13,
  PE: 15,
  QC: 14.975,
  SK: 11,
  YT: 5,
}

/** State-level percent; `digital`: downloads are taxed like goods; `shipping`: a separately stated delivery charge is taxed. */
const unitedStates: Record<string, readonly [percent: number, ...('digital' | 'shipping')[]]> = {
  AK: [0],
  AL: [4, 'digital'],
  AR: [6.5, 'digital', 'shipping'],
  AZ: [5.6, 'digital'],
  CA: [7.25],
  CO: [2.9, 'digital'],
  CT: [6.35, 'digital', 'shipping'],
  DC: [6, 'digital', 'shipping'],
  DE: [0],
  FL: [6],
  GA: [4, 'digital', 'shipping'],
  HI: [4, 'digital', 'shipping'],
  IA: [6, 'digital'],
  ID: [6, 'digital'],
  IL: [6.25],
  IN: [7, 'digital', 'shipping'],
  KS: [6.5, 'shipping'],
  KY: [6, 'digital', 'shipping'],
  LA: [5, 'digital'],
  MA: [6.25],
  MD: [6, 'digital'],
  ME: [5.5, 'digital'],
  MI: [6],
  MN: [6.875, 'digital', 'shipping'],
  MO: [4.225],
  MS: [7, 'digital', 'shipping'],
  MT: [0],
  NC: [4.75, 'digital', 'shipping'],
  ND: [5, 'shipping'],
  NE: [5.5, 'digital', 'shipping'],
  NH: [0],
  NJ: [6.625, 'digital', 'shipping'],
  NM: [4.875, 'digital', 'shipping'],
  NV: [6.85],
  NY: [4, 'shipping'],
  OH: [5.75, 'digital', 'shipping'],
  OK: [4.5],
  OR: [0],
  PA: [6, 'digital', 'shipping'],
  RI: [7, 'digital', 'shipping'],
  SC: [6, 'shipping'],
  SD: [4.2, 'digital', 'shipping'],
  TN: [7, 'digital', 'shipping'],
  TX: [6.25, 'digital', 'shipping'],
  UT: [4.85, 'digital'],
  VA: [4.3],
  VT: [6, 'digital', 'shipping'],
  WA: [6.5, 'digital', 'shipping'],
  WI: [5, 'digital', 'shipping'],
  WV: [6, 'shipping'],
  WY: [4, 'digital'],
}

const rate = (
  country: string,
  state: string | null,
  category: TaxCategory,
  percent: number,
  shippingTaxable: boolean,
): ShippedRate => ({
  country,
  state,
  category,
  ratePpm: Math.round(percent * 10_000),
  shippingTaxable,
  validFrom: ratesAsOf,
})

const both = (country: string, state: string | null, percent: number) => [
  rate(country, state, 'standard', percent, true),
  rate(country, state, 'digital', percent, true),
]

/** Every rate that is shipped. A country without a row is one whose tax is not known, and none is charged. */
export const standardRates: readonly ShippedRate[] = [
  ...Object.entries(countries).flatMap(([country, [standard, books]]) => [
    ...both(country, null, standard),
    ...(books === undefined ? [] : [rate(country, null, 'reduced', books, true)]),
  ]),
  ...both('CA', null, 5),
  // Books bear the GST alone, or the harmonized tax without its provincial part.
  rate('CA', null, 'reduced', 5, true),
  ...Object.entries(canada).flatMap(([province, percent]) => [
    ...both('CA', province, percent),
    rate('CA', province, 'reduced', 5, true),
  ]),
  rate('MY', null, 'digital', 8, true),
  rate('ID', null, 'standard', 11, true),
  rate('ID', null, 'digital', 11, true),
  ...Object.entries(unitedStates).flatMap(([state, [percent, ...rules]]) => [
    rate('US', state, 'standard', percent, rules.includes('shipping')),
    rate('US', state, 'digital', rules.includes('digital') ? percent : 0, rules.includes('shipping')),
  ]),
]
