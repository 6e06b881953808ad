export const taxCategories = ['standard', 'digital', 'reduced'] as const
/** `standard`: goods. `digital`: downloads and services over a wire. `reduced`: printed books and e-publications. */
export type TaxCategory = (typeof taxCategories)[number]

/**
 * Tax codes of several catalogues and the category each means; the first match counts, and a code of nobody's catalogue means nothing.
 * Avalara: https://help.avalara.com/Avalara_AvaTax_Update/Avalara_tax_codes. Stripe: https://docs.stripe.com/tax/tax-codes.
 * Codes such as `4323.310_A` are those of the UN's product classification with a suffix, as Digital River has them: 5510 is
 * printed media, 5511 electronic reference material and music. Software (4323) is either, so there the SKU decides.
 */
const codes: readonly (readonly [pattern: RegExp, category: TaxCategory | 'exempt'])[] = [
  [/^txcd_00000000$/, 'exempt'],
  [/^txcd_10302\d{3}$/, 'reduced'],
  [/^txcd_10\d{6}$/, 'digital'],
  [/^txcd_35010\d{3}$/, 'reduced'],
  [/^txcd_99999999$/, 'standard'],
  [/^NT$/, 'exempt'],
  [/^PB\d{6}$/, 'reduced'],
  [/^P[A-Z0-9]\d{6}$/, 'standard'],
  [/^(D[A-Z0-9]|SW)\d{6}$/, 'digital'],
  [/^5510/, 'reduced'],
  [/^5511/, 'digital'],
]

/** The category of a line's tax code; a code nobody knows, and none at all, is goods when it is shipped and digital otherwise. */
export function categoryOf({ taxCode, physical }: { taxCode: string | null; physical: boolean }) {
  const known = taxCode === null ? undefined : codes.find(([pattern]) => pattern.test(taxCode))
  return known?.[1] ?? (physical ? 'standard' : 'digital')
}
