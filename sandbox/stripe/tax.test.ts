// Risk removed: an order whose tax was computed against a provider that agrees with everything.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage
let orders = 0

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const germany = { country: 'DE', postal_code: '10115', city: 'Berlin', line1: 'Invalidenstr. 1' }
const calculate = (extra: Partial<Stripe.Tax.CalculationCreateParams> = {}) =>
  stage.stripe.tax.calculations.create({
    currency: 'eur',
    line_items: [
      { amount: 10_000, reference: 'itm_1', tax_code: 'txcd_99999999' },
      { amount: 2_000, reference: 'itm_2', tax_code: 'txcd_35010000' },
    ],
    shipping_cost: { amount: 500 },
    customer_details: { address: germany, address_source: 'shipping' },
    ...extra,
  })
const reference = () => {
  orders += 1
  return `ord_${orders}`
}

describe('a tax calculation', () => {
  test('taxes every line at the rate of its kind where the buyer is, on top of the price', async () => {
    const calculation = await calculate({ expand: ['line_items.data.tax_breakdown'] })
    expect(calculation).toMatchObject({
      amount_total: 10_000 + 1_900 + 2_000 + 140 + 500 + 95,
      tax_amount_exclusive: 2_135,
      tax_amount_inclusive: 0,
      shipping_cost: { amount: 500, amount_tax: 95 },
    })
    expect(calculation.line_items?.data.map(({ reference: of, amount_tax }) => [of, amount_tax])).toEqual([
      ['itm_1', 1_900],
      ['itm_2', 140],
    ])
    expect(calculation.tax_breakdown.map(({ taxability_reason, amount }) => [taxability_reason, amount])).toEqual([
      ['standard_rated', 1_995],
      ['reduced_rated', 140],
    ])
  })

  test('extracts the tax from prices that contain it', async () => {
    const calculation = await calculate({
      line_items: [{ amount: 11_900, tax_behavior: 'inclusive' }],
      shipping_cost: { amount: 595, tax_behavior: 'inclusive' },
    })
    expect(calculation).toMatchObject({ amount_total: 12_495, tax_amount_exclusive: 0, tax_amount_inclusive: 1_995 })
  })

  test.each([
    ['US', 'CA', 725, 'standard_rated'],
    ['US', 'OR', 0, 'zero_rated'],
    ['BR', null, 0, 'not_supported'],
  ])('of %s %s comes to %d (%s)', async (country, state, tax, reason) => {
    const calculation = await calculate({
      currency: 'usd',
      line_items: [{ amount: 10_000 }],
      shipping_cost: { amount: 0 },
      customer_details: { address: { country, ...(state ? { state } : {}) }, address_source: 'shipping' },
    })
    expect(calculation.tax_amount_exclusive).toBe(tax)
    expect(calculation.tax_breakdown[0]?.taxability_reason).toBe(reason)
  })

  test('leaves the tax to a business with a VAT number, and none to one that is exempt', async () => {
    const business = { address: germany, tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] }
    const exempt = { address: germany, taxability_override: 'customer_exempt' }
    for (const [customer_details, reason] of [
      [business, 'reverse_charge'],
      [exempt, 'customer_exempt'],
    ] as const) {
      const calculation = await calculate({ customer_details })
      expect(calculation.tax_amount_exclusive).toBe(0)
      expect(calculation.tax_breakdown[0]?.taxability_reason).toBe(reason)
    }
  })

  test('is refused without a place, or with a tax code that does not exist', async () => {
    await expect(calculate({ customer_details: { address: { country: 'US' } } })).rejects.toMatchObject({
      code: 'customer_tax_location_invalid',
    })
    await expect(calculate({ line_items: [{ amount: 1, tax_code: 'books' }] })).rejects.toMatchObject({
      statusCode: 400,
      param: 'line_items[0][tax_code]',
    })
  })

  test('can be read again, with its lines in the order they were sent', async () => {
    const { id } = await calculate()
    expect(await stage.stripe.tax.calculations.retrieve(id ?? '')).toMatchObject({ id, amount_total: 14_635 })
    const lines = await stage.stripe.tax.calculations.listLineItems(id ?? '')
    expect(lines.data.map((line) => line.reference)).toEqual(['itm_1', 'itm_2'])
  })
})

describe('a tax transaction', () => {
  const commit = async (calculation: Stripe.Tax.Calculation, name = reference()) =>
    stage.stripe.tax.transactions.createFromCalculation({ calculation: calculation.id ?? '', reference: name })

  test('is committed once for an order', async () => {
    const calculation = await calculate()
    const name = reference()
    const transaction = await commit(calculation, name)
    expect(transaction).toMatchObject({ type: 'transaction', reference: name, reversal: null })
    await expect(commit(calculation, name)).rejects.toMatchObject({ param: 'reference' })
    const { json } = await stage.call('GET', `/sandbox/books?orderId=${name}`)
    expect(json.stripe.taxTransactions).toHaveLength(1)
  })

  test('is reversed as a whole, and then not again', async () => {
    const transaction = await commit(await calculate())
    const back = await stage.stripe.tax.transactions.createReversal({
      mode: 'full',
      original_transaction: transaction.id,
      reference: reference(),
    })
    expect(back).toMatchObject({
      type: 'reversal',
      reversal: { original_transaction: transaction.id },
      shipping_cost: { amount: -500, amount_tax: -95 },
    })
    expect(back.line_items?.data.map(({ amount, amount_tax }) => [amount, amount_tax])).toEqual([
      [-10_000, -1_900],
      [-2_000, -140],
    ])
    await expect(
      stage.stripe.tax.transactions.createReversal({
        mode: 'full',
        original_transaction: transaction.id,
        reference: reference(),
      }),
    ).rejects.toMatchObject({ statusCode: 400 })
  })

  test('is reversed in parts, by line or by an amount, and never beyond what it was', async () => {
    const transaction = await commit(await calculate())
    const line = transaction.line_items?.data[0]?.id ?? ''
    const reverse = (amount: number, amount_tax: number) =>
      stage.stripe.tax.transactions.createReversal({
        mode: 'partial',
        original_transaction: transaction.id,
        reference: reference(),
        line_items: [{ original_line_item: line, amount, amount_tax, reference: 'back' }],
      })
    expect((await reverse(-4_000, -760)).line_items?.data).toMatchObject([{ amount: -4_000, amount_tax: -760 }])
    await expect(reverse(-6_001, -1_140)).rejects.toMatchObject({ param: 'line_items' })
    await expect(reverse(1, 0)).rejects.toMatchObject({ code: 'parameter_invalid_integer' })
    const rest = await stage.stripe.tax.transactions.createReversal({
      mode: 'partial',
      original_transaction: transaction.id,
      reference: reference(),
      flat_amount: -(14_635 - 4_760),
    })
    expect(rest.line_items?.data).toMatchObject([
      { amount: -6_000, amount_tax: -1_140 },
      { amount: -2_000, amount_tax: -140 },
    ])
    await expect(reverse(-1, 0)).rejects.toMatchObject({ statusCode: 400 })
  })
})

describe('the register of VAT numbers', () => {
  test.each([
    ['DE', '123456789', true, 'VALID'],
    ['DE', '123456700', false, 'INVALID'],
    ['DE', '123456799', false, 'MS_UNAVAILABLE'],
    ['US', '123456789', false, 'INVALID_INPUT'],
  ])('answers %s%s with %s %s', async (country, number, isValid, userError) => {
    const { status, json } = await stage.call('GET', `/vies/rest-api/ms/${country}/vat/${number}`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ isValid, userError, vatNumber: number, originalVatNumber: number })
  })

  test('has faults like every provider', async () => {
    await stage.call('POST', '/sandbox/faults', { provider: 'vies', kind: 'status', status: 503 })
    expect((await stage.call('GET', '/vies/rest-api/ms/DE/vat/123456789')).status).toBe(503)
  })
})
