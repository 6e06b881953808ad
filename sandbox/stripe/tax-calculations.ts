import type { Stripe } from 'stripe'
import { asRecord, type Route } from '../http.ts'
import type { Table } from '../table.ts'
import { unixNow } from '../world.ts'
import { invalidParameter, missing } from './errors.ts'
import { listOf, sequenceOf } from './lists.ts'
import {
  choice,
  currencyOf,
  hash,
  integer,
  mergedMetadata,
  onlyKnown,
  type Params,
  requiredText,
  text,
  texts,
} from './params.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import type { StripeState } from './state.ts'
import { type Place, placeOf, rateOf, taxCodes, taxOn } from './tax-rates.ts'

export type Calculation = Stripe.Tax.Calculation & { id: string }
type Breakdown = NonNullable<Stripe.Tax.Calculation.ShippingCost['tax_breakdown']>[number]

export type CalculationLine = Stripe.Tax.CalculationLineItem & { tax_breakdown: Breakdown[] }

/** A calculation as the sandbox keeps it: Stripe shows the lines only to those who ask. */
export type KeptCalculation = {
  id: string
  created: number
  calculation: Calculation
  lines: CalculationLine[]
  shippingBreakdown: Breakdown | null
}

const daySeconds = 86_400
const calculationParams = new Set([
  'currency',
  'customer',
  'customer_details',
  'expand',
  'line_items',
  'ship_from_details',
  'shipping_cost',
  'tax_date',
])

type Buyer = { place: Place | undefined; country: string; state: string | null; override: string }

function addressOf(params: Params): Stripe.Address {
  const field = (name: string) => text(params, name) ?? null
  return {
    city: field('city'),
    country: field('country'),
    line1: field('line1'),
    line2: field('line2'),
    postal_code: field('postal_code'),
    state: field('state'),
  }
}

function customerOf(params: Params): { details: Calculation['customer_details']; buyer: Buyer } {
  const address = addressOf(hash(params, 'address'))
  const { country, state, postal_code } = address
  if (country === null || (country === 'US' && state === null && postal_code === null)) {
    const message = "We could not determine the customer's tax location based on the provided customer address."
    throw invalidParameter(message, 'customer_details[address]', 'customer_tax_location_invalid')
  }
  const ids = params.tax_ids
  const tax_ids = (Array.isArray(ids) ? ids : Object.values(asRecord(ids))).map((entry) => {
    const id = asRecord(entry)
    return { type: requiredText(id, 'type'), value: requiredText(id, 'value') }
  })
  const override = choice(params, 'taxability_override', ['customer_exempt', 'none', 'reverse_charge']) ?? 'none'
  const place = placeOf({ country, state })
  // A business of another EU country than the seller's owes the tax itself; this account sells from the United States.
  const business = place?.type === 'vat' && tax_ids.some(({ type }) => type === 'eu_vat')
  const details = {
    address,
    address_source: choice(params, 'address_source', ['billing', 'shipping']) ?? 'billing',
    ip_address: text(params, 'ip_address') ?? null,
    tax_ids,
    taxability_override: override,
  }
  const reason = override === 'none' && business ? 'reverse_charge' : override
  return { details, buyer: { place, country, state, override: reason } }
}

function breakdownOf(buyer: Buyer, amount: number, taxCode: string, inclusive: boolean): Breakdown {
  const { place, override } = buyer
  const rate = rateOf(place, taxCode)
  const freed = override !== 'none'
  const percent = freed ? 0 : rate.percent
  const tax = taxOn(amount, percent, inclusive)
  const level = place?.type === 'sales_tax' ? 'state' : 'country'
  return {
    amount: tax,
    jurisdiction: { country: buyer.country, display_name: place?.name ?? buyer.country, level, state: buyer.state },
    sourcing: 'destination',
    tax_rate_details: place
      ? {
          display_name: place.type === 'sales_tax' ? 'State Sales Tax' : place.type.toUpperCase(),
          percentage_decimal: percent.toFixed(percent % 1 === 0 ? 1 : 2),
          tax_type: place.type,
        }
      : null,
    taxability_reason: freed && rate.reason !== 'not_supported' ? override : rate.reason,
    taxable_amount: percent > 0 ? amount - (inclusive ? tax : 0) : 0,
  }
}

function linesOf(state: StripeState, params: Params, buyer: Buyer): CalculationLine[] {
  const given = Array.isArray(params.line_items) ? params.line_items : Object.values(hash(params, 'line_items'))
  if (given.length === 0)
    throw invalidParameter('Missing required param: line_items.', 'line_items', 'parameter_missing')
  const lines = given.map((entry, at): CalculationLine => {
    const line = asRecord(entry)
    requiredText(line, 'amount')
    const amount = integer(line, 'amount') ?? 0
    const tax_behavior = choice(line, 'tax_behavior', ['exclusive', 'inclusive']) ?? 'exclusive'
    const tax_code = taxCodeOf(line, `line_items[${at}][tax_code]`, taxCodes.goods)
    const breakdown = breakdownOf(buyer, amount, tax_code, tax_behavior === 'inclusive')
    return {
      id: state.world.mintId('tax_li'),
      object: 'tax.calculation_line_item',
      amount,
      amount_tax: breakdown.amount,
      livemode: false,
      metadata: line.metadata === undefined ? null : mergedMetadata({}, line),
      performance_location: null,
      product: text(line, 'product') ?? null,
      quantity: integer(line, 'quantity') ?? 1,
      reference: text(line, 'reference') ?? `L${at + 1}`,
      tax_behavior,
      tax_breakdown: [breakdown],
      tax_code,
    }
  })
  if (new Set(lines.map(({ reference }) => reference)).size < lines.length)
    throw invalidParameter('Each line item needs a reference of its own.', 'line_items')
  return lines
}

function taxCodeOf(params: Params, param: string, otherwise: string): string {
  const code = text(params, 'tax_code') ?? otherwise
  if (!/^txcd_\d{8}$/.test(code)) throw missing('tax code', code, param)
  return code
}

function create(state: StripeState, call: StripeCall): Calculation {
  onlyKnown(call.params, calculationParams)
  const currency = currencyOf(call.params)
  const { details, buyer } = customerOf(hash(call.params, 'customer_details'))
  const lines = linesOf(state, call.params, buyer)
  const shipping =
    call.params.shipping_cost === undefined ? null : shippingOf(hash(call.params, 'shipping_cost'), buyer)
  const parts = [
    ...lines.map((line) => ({ ...line, breakdown: line.tax_breakdown[0] })),
    ...(shipping ? [{ ...shipping.cost, breakdown: shipping.breakdown }] : []),
  ]
  const taxOf = (behavior: string) =>
    parts.filter((part) => part.tax_behavior === behavior).reduce((sum, part) => sum + part.amount_tax, 0)
  const exclusive = taxOf('exclusive')
  const now = unixNow()
  const calculation: Calculation = {
    id: state.world.mintId('taxcalc'),
    object: 'tax.calculation',
    amount_total: parts.reduce((sum, part) => sum + part.amount, exclusive),
    currency,
    customer: text(call.params, 'customer') ?? null,
    customer_details: details,
    expires_at: now + 90 * daySeconds,
    livemode: false,
    ship_from_details:
      call.params.ship_from_details === undefined
        ? null
        : { address: addressOf(hash(hash(call.params, 'ship_from_details'), 'address')) },
    shipping_cost: shipping?.cost ?? null,
    tax_amount_exclusive: exclusive,
    tax_amount_inclusive: taxOf('inclusive'),
    tax_breakdown: summary(parts),
    tax_date: integer(call.params, 'tax_date') ?? now,
  }
  const kept = { id: calculation.id, created: now, calculation, lines, shippingBreakdown: shipping?.breakdown ?? null }
  calculations(state).set(kept.id, kept)
  return shown(kept, call.params)
}

function shippingOf(params: Params, buyer: Buyer) {
  requiredText(params, 'amount')
  const amount = integer(params, 'amount') ?? 0
  const tax_behavior = choice(params, 'tax_behavior', ['exclusive', 'inclusive']) ?? 'exclusive'
  const tax_code = taxCodeOf(params, 'shipping_cost[tax_code]', taxCodes.shipping)
  const breakdown = breakdownOf(buyer, amount, tax_code, tax_behavior === 'inclusive')
  return { cost: { amount, amount_tax: breakdown.amount, tax_behavior, tax_code }, breakdown }
}

/** One entry per rate, reason and behaviour. */
function summary(
  parts: { tax_behavior: string; breakdown: Breakdown | undefined }[],
): Stripe.Tax.Calculation.TaxBreakdown[] {
  const entries = new Map<string, Stripe.Tax.Calculation.TaxBreakdown>()
  for (const { tax_behavior, breakdown } of parts) {
    if (!breakdown) continue
    const { jurisdiction, tax_rate_details: rate, taxability_reason } = breakdown
    const percentage_decimal = rate?.percentage_decimal ?? '0.0'
    const key = [jurisdiction.country, jurisdiction.state, percentage_decimal, taxability_reason, tax_behavior].join(
      ' ',
    )
    const entry = entries.get(key) ?? {
      amount: 0,
      inclusive: tax_behavior === 'inclusive',
      tax_rate_details: {
        country: jurisdiction.country,
        flat_amount: null,
        percentage_decimal,
        rate_type: 'percentage',
        state: jurisdiction.state,
        tax_type: rate?.tax_type ?? null,
      },
      taxability_reason,
      taxable_amount: 0,
    }
    entry.amount += breakdown.amount
    entry.taxable_amount += breakdown.taxable_amount
    entries.set(key, entry)
  }
  return [...entries.values()]
}

export function calculations(state: StripeState): Table<KeptCalculation> {
  return state.world.store.table<KeptCalculation>('stripe.taxCalculations')
}

/** A calculation with what was asked to be expanded: its lines and their breakdowns. */
function shown({ id, calculation, lines, shippingBreakdown }: KeptCalculation, params: Params): Calculation {
  const asked = texts(params, 'expand') ?? []
  const withBreakdown = asked.includes('line_items.data.tax_breakdown')
  const data = lines.map(({ tax_breakdown, ...line }) => (withBreakdown ? { ...line, tax_breakdown } : line))
  const url = `/v1/tax/calculations/${id}/line_items`
  const cost = calculation.shipping_cost
  return {
    ...calculation,
    ...(asked.some((path) => path.startsWith('line_items'))
      ? { line_items: { object: 'list' as const, data: data.slice(0, 10), has_more: data.length > 10, url } }
      : {}),
    shipping_cost:
      cost && shippingBreakdown && asked.includes('shipping_cost.tax_breakdown')
        ? { ...cost, tax_breakdown: [shippingBreakdown] }
        : cost,
  }
}

export function taxCalculationRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const calculationById = (id: string) => {
    const kept = calculations(state).get(id)
    if (!kept) throw missing('tax calculation', id)
    return kept
  }
  return [
    endpoint('POST', 'tax/calculations', 'tax_calculations.create', (call) => create(state, call)),
    endpoint('GET', 'tax/calculations/:id', 'tax_calculations.retrieve', ({ id, params }) =>
      shown(calculationById(id), params),
    ),
    endpoint('GET', 'tax/calculations/:id/line_items', 'tax_calculations.line_items', ({ id, params }) => {
      const { lines, created } = calculationById(id)
      const withBreakdown = texts(params, 'expand')?.includes('data.tax_breakdown')
      // Stripe lists the lines in the order they were sent, so they enter the newest-first list backwards.
      const rows = sequenceOf(lines.map((line) => ({ ...line, created })).reverse())
      const page = listOf(rows, params, `/v1/tax/calculations/${id}/line_items`)
      const data = page.data.map(({ created: _, tax_breakdown, ...line }) =>
        withBreakdown ? { ...line, tax_breakdown } : line,
      )
      return { ...page, data }
    }),
  ]
}
