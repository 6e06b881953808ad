import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { allocate } from '../platform/money.ts'
import { destinations, type Place } from './places.ts'
import { reverseChargeOf } from './reverse-charge.ts'
import { effectiveRate, taxOf, toFraction } from './tax-amount.ts'
import type { TaxCalculator, TaxedLine, TaxRequest, TaxResult, TaxTreatment } from './tax-calculator.ts'
import { categoryOf, type TaxCategory } from './tax-categories.ts'
import { coversPlace } from './tax-certificate.ts'
import { readTaxRates, type TaxRate } from './tax-rates.ts'

/** How long a process goes on with the rates it has read; a changed rate reaches every process within this time. */
const defaultMaxAgeMs = 60_000

/**
 * Calculates with the rates of the table `tax_rates`, which is read with one statement and kept for a minute. Without any, nothing is
 * sold as if it bore no tax: `calculate` throws ApiError `tax_rates_missing`.
 */
export function createRateTableCalculator(sql: Sql, { maxAgeMs = defaultMaxAgeMs } = {}): TaxCalculator {
  let kept: { rates: Promise<TaxRate[]>; until: number } | undefined
  const current = () => {
    if (!kept || kept.until <= Date.now()) {
      const reading = { rates: readTaxRates(sql), until: Date.now() + maxAgeMs }
      kept = reading
      // A failed read is not kept: the next calculation asks again.
      reading.rates.catch(() => {
        if (kept === reading) kept = undefined
      })
    }
    return kept.rates
  }
  return {
    name: 'rate_table',
    forget() {
      kept = undefined
    },
    async calculate(request) {
      const rates = await current()
      if (rates.length === 0) throw new ApiError('tax_rates_missing')
      return calculateWithRates(rates, request, await reverseChargeOf(request))
    },
  }
}

type Applied = { ratePpm: number; shippingTaxable: boolean; treatment: TaxTreatment }

/**
 * The taxes of a sale by a table of rates. Goods are taxed where they are shipped to, digital goods where the buyer is billed.
 * Shipping shares the fate of the goods it carries, in proportion to their amounts; fees are taxed like goods at their place.
 */
export function calculateWithRates(
  rates: readonly TaxRate[],
  request: TaxRequest,
  isReverseCharged: (place: Place, physical: boolean) => boolean,
): TaxResult {
  const { goods, digital } = destinations(request)
  const { certificates = [] } = request
  const tax = (amount: number, { ratePpm }: Applied) => taxOf(amount, ratePpm, request.taxInclusive)
  const apply = (place: Place | null, category: TaxCategory | 'exempt', physical: boolean): Applied => {
    const nothing = { ratePpm: 0, shippingTaxable: false }
    if (category === 'exempt') return { ...nothing, treatment: 'exempt' }
    const rate = place && findRate(rates, place, category, physical)
    if (!place || !rate) return { ...nothing, treatment: 'not_registered' }
    if (certificates.some((certificate) => coversPlace(certificate, place))) return { ...nothing, treatment: 'exempt' }
    if (rate.ratePpm > 0 && isReverseCharged(place, physical)) return { ...nothing, treatment: 'reverse_charge' }
    return { ...rate, treatment: rate.ratePpm > 0 ? 'taxed' : 'exempt' }
  }

  const lines = request.lines.map((line) => ({
    line,
    applied: apply(line.physical ? goods : digital, categoryOf(line), line.physical),
  }))
  const carried = lines.filter(({ line }) => line.physical)
  const shipped = carried.length > 0 ? carried : lines
  const fee = apply(
    carried.length > 0 ? goods : digital,
    carried.length > 0 ? 'standard' : 'digital',
    carried.length > 0,
  )
  const used = lines.map(({ applied }) => applied)

  return {
    lines: lines.map(({ line, applied }) => taxed(line.id, applied, tax(line.amount, applied))),
    fees: (request.fees ?? []).map(({ id, amount }) => taxed(id, fee, tax(amount, fee))),
    shipping: taxOfShipping(request, shipped, tax),
    treatment: overall(used),
    source: { calculator: 'rate_table' },
  }
}

const taxed = (id: string, { ratePpm }: Applied, taxAmount: number): TaxedLine => ({
  id,
  rate: toFraction(ratePpm),
  taxAmount,
})

/** One rate among the goods is the rate of their shipping; several make a mixed one, which is shown as what it comes to. */
function taxOfShipping(
  { shipping, taxInclusive }: TaxRequest,
  shipped: readonly { line: { id: string; amount: number }; applied: Applied }[],
  tax: (amount: number, applied: Applied) => number,
): TaxResult['shipping'] {
  const byRate = Map.groupBy(shipped, ({ applied }) => (applied.shippingTaxable ? applied.ratePpm : 0))
  const [onlyRate] = byRate.keys()
  if (onlyRate === undefined || shipping === 0) return { rate: toFraction(onlyRate ?? 0), taxAmount: 0 }
  const groups = [...byRate].map(([ratePpm, group]) => ({
    ratePpm,
    weight: group.reduce((sum, { line }) => sum + line.amount, 0),
    lineIds: group.map(({ line }) => line.id),
  }))
  const parts = allocate(
    shipping,
    groups.map(({ weight }) => weight),
  )
  const taxes = groups.map(({ ratePpm }, index) =>
    tax(parts[index] ?? 0, { ratePpm, shippingTaxable: true, treatment: 'taxed' }),
  )
  const taxAmount = taxes.reduce((sum, amount) => sum + amount, 0)
  if (groups.length === 1) return { rate: toFraction(onlyRate), taxAmount }
  return {
    rate: toFraction(effectiveRate(shipping, taxAmount, taxInclusive)),
    taxAmount,
    parts: groups.map(({ ratePpm, lineIds }, index) => ({
      rate: toFraction(ratePpm),
      taxAmount: taxes[index] ?? 0,
      lineIds,
    })),
  }
}

/**
 * The rate of a category at a place, and of what the category falls back to: what is reduced or digital to what the place asks of goods.
 * Within a state the kind counts before the place: where the state asks something else of it, so does a town that says nothing of it.
 */
function findRate(rates: readonly TaxRate[], place: Place, category: TaxCategory, physical: boolean) {
  const fallbacks: TaxCategory[] = physical ? [category, 'standard'] : [category, 'digital', 'standard']
  const here = rates.filter((rate) => rate.country === place.country && covers(rate, place))
  const nearest = here.toSorted((a, b) => nearness(b) - nearness(a) || width(a) - width(b))
  for (const state of place.state ? [place.state, null] : [null]) {
    for (const wanted of fallbacks) {
      const rate = nearest.find((entry) => entry.state === state && entry.category === wanted)
      if (rate) return rate
    }
  }
  return undefined
}

/** Whether a place is in the range of postal codes and in the city that a rate is of, where it is of any. */
function covers({ postalFrom, postalTo, city }: TaxRate, place: Place): boolean {
  if (city && city.toUpperCase() !== place.city) return false
  if (!postalFrom || !postalTo) return true
  const zip = /^\d{5}/.exec(place.postalCode ?? '')?.[0]
  return zip !== undefined && postalFrom <= zip && zip <= postalTo
}

const nearness = ({ postalFrom, city }: TaxRate): number => (postalFrom ? 2 : 0) + (city ? 1 : 0)
const width = ({ postalFrom, postalTo }: TaxRate): number => Number(postalTo ?? 0) - Number(postalFrom ?? 0)

function overall(applied: readonly Applied[]): TaxTreatment {
  const treatments = new Set(applied.map(({ treatment }) => treatment))
  for (const treatment of ['taxed', 'reverse_charge', 'exempt'] as const) {
    if (treatments.has(treatment)) return treatment
  }
  return 'not_registered'
}
