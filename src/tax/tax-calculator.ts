import type { TaxCertificate } from './tax-certificate.ts'

/** `amount` is what the line costs after its discounts, in minor units and in the price's own terms: with or without tax. */
export type TaxLine = { id: string; amount: number; taxCode: string | null; physical: boolean }

export type TaxAddress = {
  /** ISO 3166-1 alpha-2. */
  country: string
  /** ISO 3166-2 subdivision, with or without its country's prefix. */
  state?: string | undefined
  postalCode?: string | undefined
  city?: string | undefined
  line1?: string | undefined
}

/** What a tax depends on. Amounts are minor units of `currency` and never negative. */
export type TaxRequest = {
  currency: string
  /** True takes the tax out of the amounts, false puts it on top of them. */
  taxInclusive: boolean
  lines: readonly TaxLine[]
  shipping: number
  fees?: readonly { id: string; amount: number }[] | undefined
  shipFrom: TaxAddress | null
  shipTo: TaxAddress | null
  billTo: TaxAddress | null
  customerType: 'individual' | 'business'
  taxIdentifiers: readonly { type: string; value: string; state: string }[]
  sellingEntityCountry: string
  /** What frees the buyer from tax, as far as it counts today. */
  certificates?: readonly TaxCertificate[] | undefined
}

/** `rate` is a fraction as the API shows it, 0.0725 for 7.25 %; `taxAmount` is minor units. */
export type TaxedLine = { id: string; rate: number; taxAmount: number }

export const taxTreatments = ['taxed', 'reverse_charge', 'exempt', 'not_registered'] as const
/**
 * `taxed`: some rate above zero applies. `reverse_charge`: the buyer's business accounts for the tax itself.
 * `exempt`: the place is known and asks for nothing. `not_registered`: no tax is known for the place.
 */
export type TaxTreatment = (typeof taxTreatments)[number]

export type TaxResult = {
  /** One for each line of the request, in its order. */
  lines: TaxedLine[]
  fees: TaxedLine[]
  shipping: {
    rate: number
    taxAmount: number
    /** Where it is taxed at the rates of the goods that it carries, and these are several: the tax at each, with the lines of it. */
    parts?: { rate: number; taxAmount: number; lineIds: string[] }[] | undefined
  }
  treatment: TaxTreatment
  /** Who calculated, and under which number it can be committed there. */
  source: { calculator: 'rate_table' | 'stripe_tax'; reference?: string | undefined }
}

/**
 * Knows the taxes of a sale. A destination without a known tax has the rate zero; it is not an error.
 * @throws ProviderError when an outside calculator does not answer or refuses.
 */
export type TaxCalculator = {
  name: string
  calculate(request: TaxRequest): Promise<TaxResult>
  /** Takes no rate for granted that was read before. Absent where none are kept. */
  forget?(): void
  /**
   * Records the sale of an order by the reference of its calculation, for the tax returns. Returns the record's id; the same order again
   * returns the same one. Absent where nothing is recorded. @throws ProviderError
   */
  commit?(reference: string, orderId: string): Promise<string>
  /**
   * Takes a recorded sale back, all of it or `amount` minor units including tax. `key` names what did so and makes it happen once.
   * Returns the id of the reversal. @throws ProviderError
   */
  reverse?(
    transactionId: string,
    reversal: { key: string; amount?: { value: number; currency: string } | undefined },
  ): Promise<string>
}
