import type Stripe from 'stripe'
import { ProviderError } from '../platform/provider-error.ts'
import { fromStripe, toStripe } from '../providers/stripe/stripe-amounts.ts'
import type { StripeClient } from '../providers/stripe/stripe-client.ts'
import { countsForTax } from './check-tax-identifier.ts'
import { placeOf } from './places.ts'
import { toStripeTaxId } from './stripe-tax-ids.ts'
import { toFraction } from './tax-amount.ts'
import type { TaxAddress, TaxCalculator, TaxedLine, TaxRequest, TaxResult, TaxTreatment } from './tax-calculator.ts'
import { categoryOf } from './tax-categories.ts'
import { coversPlace } from './tax-certificate.ts'

/** Stripe Tax calculates, and keeps what was sold and taken back for the tax returns; a calculation is good for 90 days. https://docs.stripe.com/tax/custom */
export type StripeTax = Required<Omit<TaxCalculator, 'forget'>>

export function createStripeTax(client: StripeClient): StripeTax {
  return {
    name: 'stripe_tax',

    async calculate(request) {
      const address = customerAddress(request)
      if (!address || request.lines.length === 0) return untaxed(request)
      const params = await toParams(request, address)
      try {
        const calculation = await client.call('tax.calculation', ({ tax }) => tax.calculations.create(params))
        return toResult(request, calculation, await allLines(client, calculation))
      } catch (error) {
        if (error instanceof ProviderError && isUnknownPlace(error)) return untaxed(request)
        throw error
      }
    },

    async commit(reference, orderId) {
      const transaction = await client.call('tax.transaction', ({ tax }) =>
        tax.transactions.createFromCalculation(
          { calculation: reference, reference: orderId },
          { idempotencyKey: `${orderId}-tax` },
        ),
      )
      return transaction.id
    },

    async reverse(transactionId, { key, amount }) {
      const transaction = await client.call('tax.transaction', ({ tax }) =>
        tax.transactions.createReversal(
          {
            original_transaction: transactionId,
            reference: key,
            ...(amount
              ? { mode: 'partial', flat_amount: -toStripe(amount.value, amount.currency) }
              : { mode: 'full' as const }),
          },
          { idempotencyKey: `${key}-tax` },
        ),
      )
      return transaction.id
    },
  }
}

/** Stripe knows one address per sale: where the goods go, or where the buyer of nothing but digital goods is billed. */
function customerAddress({ lines, shipTo, billTo }: TaxRequest) {
  const shipped = lines.some(({ physical }) => physical)
  const address = shipped ? (shipTo ?? billTo) : (billTo ?? shipTo)
  return address && { address, source: address === shipTo ? 'shipping' : 'billing' }
}

/** While a buyer types, a basket has half an address; Stripe refuses it, and the basket has no tax yet. */
const isUnknownPlace = ({ outcome, code }: ProviderError) =>
  outcome === 'refused' && (code === 'customer_tax_location_invalid' || code === 'shipping_address_invalid')

function untaxed({ lines, fees = [] }: TaxRequest): TaxResult {
  const nothing = ({ id }: { id: string }): TaxedLine => ({ id, rate: 0, taxAmount: 0 })
  return {
    lines: lines.map(nothing),
    fees: fees.map(nothing),
    shipping: { rate: 0, taxAmount: 0 },
    treatment: 'not_registered',
    source: { calculator: 'stripe_tax' },
  }
}

const lineReference = (id: string) => `line:${id}`
const feeReference = (id: string) => `fee:${id}`

async function toParams(
  request: TaxRequest,
  { address, source }: { address: TaxAddress; source: string },
): Promise<Stripe.Tax.CalculationCreateParams> {
  const { currency, lines, fees = [], shipping, shipFrom, taxIdentifiers, customerType } = request
  const behavior = { tax_behavior: request.taxInclusive ? 'inclusive' : 'exclusive' }
  const taxIds: { type: string; value: string }[] = []
  for (const identifier of customerType === 'business' ? taxIdentifiers : []) {
    const taxId = toStripeTaxId(identifier)
    if (taxId && (await countsForTax(identifier))) taxIds.push(taxId)
  }
  const isExempt = request.certificates?.some((certificate) => coversPlace(certificate, placeOf(address)))
  return {
    currency: currency.toLowerCase(),
    line_items: [
      ...lines.map((line) => ({
        ...behavior,
        amount: toStripe(line.amount, currency),
        reference: lineReference(line.id),
        tax_code: stripeTaxCode(line),
      })),
      ...fees.map((fee) => ({
        ...behavior,
        amount: toStripe(fee.amount, currency),
        reference: feeReference(fee.id),
        tax_code: generalGoods,
      })),
    ],
    ...(shipping > 0 ? { shipping_cost: { ...behavior, amount: toStripe(shipping, currency) } } : {}),
    ...(shipFrom ? { ship_from_details: { address: toAddress(shipFrom) } } : {}),
    customer_details: {
      address: toAddress(address),
      address_source: source,
      ...(taxIds.length > 0 ? { tax_ids: taxIds } : {}),
      ...(isExempt ? { taxability_override: 'customer_exempt' } : {}),
    },
    expand: ['line_items.data.tax_breakdown', ...(shipping > 0 ? ['shipping_cost.tax_breakdown'] : [])],
  }
}

const toAddress = ({ country, state, postalCode, city, line1 }: TaxAddress) => ({
  country,
  ...(state ? { state } : {}),
  ...(postalCode ? { postal_code: postalCode } : {}),
  ...(city ? { city } : {}),
  ...(line1 ? { line1 } : {}),
})

const generalGoods = 'txcd_99999999'

/** https://docs.stripe.com/tax/tax-codes; a code of Stripe's own is passed on, others by what they say of the goods. */
function stripeTaxCode(line: { taxCode: string | null; physical: boolean }): string {
  if (line.taxCode?.startsWith('txcd_')) return line.taxCode
  const codes = {
    standard: generalGoods,
    digital: 'txcd_10000000',
    reduced: line.physical ? 'txcd_35010000' : 'txcd_10302000',
    exempt: 'txcd_00000000',
  }
  return codes[categoryOf(line)]
}

/** The first lines come with the calculation, the rest on further pages. */
async function allLines(client: StripeClient, calculation: Stripe.Tax.Calculation) {
  const lines = [...(calculation.line_items?.data ?? [])]
  let hasMore = calculation.line_items?.has_more ?? true
  while (hasMore) {
    const last = lines.at(-1)
    const page = await client.call('list', ({ tax }) =>
      tax.calculations.listLineItems(calculation.id ?? '', {
        limit: 100,
        expand: ['data.tax_breakdown'],
        ...(last ? { starting_after: last.id } : {}),
      }),
    )
    lines.push(...page.data)
    hasMore = page.has_more && page.data.length > 0
  }
  return lines
}

type Breakdown = readonly {
  taxability_reason: string
  tax_rate_details?: { percentage_decimal: string } | null
}[]

function toResult(
  { currency, lines, fees = [] }: TaxRequest,
  calculation: Stripe.Tax.Calculation,
  items: readonly Stripe.Tax.CalculationLineItem[],
): TaxResult {
  const byReference = new Map(items.map((item) => [item.reference, item]))
  const taxed = (id: string, reference: string): TaxedLine => {
    const item = byReference.get(reference)
    if (!item) throw new ProviderError('stripe', 'unknown', 'tax_line_missing')
    return { id, rate: rateOf(item.tax_breakdown), taxAmount: whole(item.amount_tax, currency) }
  }
  const shipping = calculation.shipping_cost
  return {
    lines: lines.map(({ id }) => taxed(id, lineReference(id))),
    fees: fees.map(({ id }) => taxed(id, feeReference(id))),
    shipping: {
      rate: rateOf(shipping?.tax_breakdown),
      taxAmount: shipping ? whole(shipping.amount_tax, currency) : 0,
    },
    treatment: treatmentOf(
      items.flatMap(({ tax_breakdown: breakdown }) => (breakdown ?? []).map((entry) => entry.taxability_reason)),
      items.some(({ amount_tax: tax }) => tax > 0),
    ),
    source: { calculator: 'stripe_tax', reference: calculation.id ?? undefined },
  }
}

/** A currency that Stripe counts in hundredths has none of its own: half a unit is rounded up. */
const whole = (amount: number, currency: string) => Math.floor(fromStripe(amount, currency) + 0.5)

/** The rates of all jurisdictions together: state, county and city, or GST and the province's tax. */
const rateOf = (breakdown: Breakdown | null | undefined): number =>
  toFraction(
    (breakdown ?? []).reduce(
      (sum, { tax_rate_details: details }) => sum + Math.round(Number(details?.percentage_decimal ?? 0) * 10_000),
      0,
    ),
  )

function treatmentOf(reasons: readonly string[], anyTax: boolean): TaxTreatment {
  if (anyTax) return 'taxed'
  if (reasons.includes('reverse_charge')) return 'reverse_charge'
  return reasons.every((reason) => reason === 'not_collecting' || reason === 'not_supported')
    ? 'not_registered'
    : 'exempt'
}
