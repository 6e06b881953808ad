import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import qs from 'qs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStripeClient } from '../providers/stripe/stripe-client.ts'
import { createStripeTax, type StripeTax } from './stripe-tax.ts'
import type { TaxRequest } from './tax-calculator.ts'

type Asked = { path: string; body: Record<string, unknown>; headers: IncomingHttpHeaders }
type Reply = { status: number; body: object }

let stripe: Server
let tax: StripeTax
let asked: Asked[]
let replies: Reply[]

beforeAll(async () => {
  stripe = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body: qs.parse(text, { depth: 10 }), headers: request.headers })
      const { status, body } = replies.shift() ?? { status: 500, body: {} }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => stripe.listen(0, '127.0.0.1', resolve))
  const address = stripe.address()
  const apiBase = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const settings = { secretKey: 'sk_test_tax', publishableKey: undefined, webhookSecrets: [], apiBase, liveMode: false }
  tax = createStripeTax(createStripeClient(settings, 2_000))
})
afterAll(() => {
  stripe.closeAllConnections()
  stripe.close()
})

const answering = (...given: object[]) => {
  asked = []
  replies = given.map((body) => ({ status: 'error' in body ? 400 : 200, body }))
}

const breakdown = (reason: string, ...percentages: string[]) =>
  percentages.map((percentage_decimal) => ({
    amount: 0,
    taxability_reason: reason,
    tax_rate_details: { display_name: 'Tax', percentage_decimal, tax_type: 'sales_tax' },
  }))

const line = (reference: string, amount_tax: number, tax_breakdown: object[]) => ({
  id: `tax_li_${reference}`,
  object: 'tax.calculation_line_item',
  reference,
  amount_tax,
  tax_breakdown,
})

const calculation = (lines: object[], more: object = {}) => ({
  id: 'taxcalc_1',
  object: 'tax.calculation',
  line_items: { object: 'list', data: lines, has_more: false },
  shipping_cost: null,
  ...more,
})

const request: TaxRequest = {
  currency: 'USD',
  taxInclusive: false,
  lines: [
    { id: 'item_1', amount: 100_00, taxCode: null, physical: true },
    { id: 'item_2', amount: 67_50, taxCode: 'txcd_10000000', physical: false },
  ],
  shipping: 5_00,
  shipFrom: { country: 'US', state: 'OR' },
  shipTo: { country: 'US', state: 'NY', postalCode: '10001', city: 'New York', line1: '1 Sample Street' },
  billTo: { country: 'DE' },
  customerType: 'individual',
  taxIdentifiers: [],
  sellingEntityCountry: 'US',
}

// Removes the risk that Stripe is asked about another sale than the buyer's, or its answer is read wrongly.
describe('Stripe Tax', () => {
  it('R199 R214 asks for the sale and adds up the jurisdictions of each line', async () => {
    answering(
      calculation(
        [
          line('line:item_2', 0, [{ amount: 0, taxability_reason: 'product_exempt', tax_rate_details: null }]),
          line('line:item_1', 8_88, breakdown('standard_rated', '4', '4.5', '0.375')),
        ],
        { shipping_cost: { amount: 5_00, amount_tax: 44, tax_breakdown: breakdown('standard_rated', '4.0', '4.875') } },
      ),
    )
    expect(await tax.calculate(request)).toEqual({
      lines: [
        { id: 'item_1', rate: 0.08875, taxAmount: 8_88 },
        { id: 'item_2', rate: 0, taxAmount: 0 },
      ],
      fees: [],
      shipping: { rate: 0.08875, taxAmount: 44 },
      treatment: 'taxed',
      source: { calculator: 'stripe_tax', reference: 'taxcalc_1' },
    })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.path).toBe('/v1/tax/calculations')
    expect(asked[0]?.body).toEqual({
      currency: 'usd',
      line_items: [
        { tax_behavior: 'exclusive', amount: '10000', reference: 'line:item_1', tax_code: 'txcd_99999999' },
        { tax_behavior: 'exclusive', amount: '6750', reference: 'line:item_2', tax_code: 'txcd_10000000' },
      ],
      shipping_cost: { tax_behavior: 'exclusive', amount: '500' },
      ship_from_details: { address: { country: 'US', state: 'OR' } },
      customer_details: {
        address: { country: 'US', state: 'NY', postal_code: '10001', city: 'New York', line1: '1 Sample Street' },
        address_source: 'shipping',
      },
      expand: ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown'],
    })
  })

  it('sends a business’s numbers that count, and reads the reverse charge', async () => {
    answering(calculation([line('line:item_2', 0, breakdown('reverse_charge', '0.0'))]))
    const result = await tax.calculate({
      ...request,
      lines: request.lines.slice(1),
      shipping: 0,
      shipTo: null,
      customerType: 'business',
      taxIdentifiers: [
        { type: 'de', value: 'DE136695976', state: 'pending' },
        { type: 'no', value: '995525828', state: 'verified' },
        { type: 'fr', value: 'FR40303265045', state: 'not_valid' },
        { type: 'it_cf', value: 'RCCMNL83S18D969H', state: 'pending' },
      ],
    })
    expect(result.treatment).toBe('reverse_charge')
    expect(asked[0]?.body.customer_details).toEqual({
      address: { country: 'DE' },
      address_source: 'billing',
      tax_ids: [
        { type: 'eu_vat', value: 'DE136695976' },
        { type: 'no_vat', value: '995525828MVA' },
      ],
    })
    expect(asked[0]?.body).not.toHaveProperty('shipping_cost')
  })

  it('says where nothing is collected because nobody is registered', async () => {
    answering(calculation([line('line:item_1', 0, breakdown('not_collecting', '0.0'))]))
    expect(await tax.calculate({ ...request, lines: request.lines.slice(0, 1), shipping: 0 })).toMatchObject({
      treatment: 'not_registered',
    })
  })

  it('counts shillings in hundredths as Stripe does, and keeps fees apart from lines', async () => {
    answering(
      calculation([
        line('line:item_1', 180_050, breakdown('standard_rated', '18')),
        line('fee:item_1', 36_00, breakdown('standard_rated', '18')),
      ]),
    )
    const result = await tax.calculate({
      ...request,
      currency: 'UGX',
      lines: [{ id: 'item_1', amount: 10_000, taxCode: null, physical: true }],
      fees: [{ id: 'item_1', amount: 200 }],
      shipping: 0,
      shipTo: { country: 'UG' },
    })
    expect(result.lines).toEqual([{ id: 'item_1', rate: 0.18, taxAmount: 1_801 }])
    expect(result.fees).toEqual([{ id: 'item_1', rate: 0.18, taxAmount: 36 }])
    expect(asked[0]?.body.line_items).toMatchObject([
      { amount: '1000000' },
      { amount: '20000', reference: 'fee:item_1' },
    ])
  })

  it('reads the lines that do not fit on the first page', async () => {
    const [first, second] = [line('line:item_1', 1, []), line('line:item_2', 2, [])]
    answering(calculation([], { line_items: { object: 'list', data: [first], has_more: true } }), {
      object: 'list',
      data: [second],
      has_more: false,
    })
    expect((await tax.calculate({ ...request, shipping: 0 })).lines.map(({ taxAmount }) => taxAmount)).toEqual([1, 2])
    expect(asked[1]?.path).toMatch(
      /^\/v1\/tax\/calculations\/taxcalc_1\/line_items\?.*starting_after=tax_li_line%3Aitem_1/,
    )
  })

  it('has no tax for half an address, and does not ask without one', async () => {
    const unknown = { treatment: 'not_registered', shipping: { taxAmount: 0 }, lines: [{ taxAmount: 0 }, { rate: 0 }] }
    answering({ error: { type: 'invalid_request_error', code: 'customer_tax_location_invalid', message: 'no' } })
    expect(await tax.calculate(request)).toMatchObject(unknown)
    answering()
    expect(await tax.calculate({ ...request, shipTo: null, billTo: null })).toMatchObject(unknown)
    expect(asked).toEqual([])
  })

  it('does not take another refusal, or a missing line, for a sale without tax', async () => {
    answering({ error: { type: 'invalid_request_error', code: 'parameter_invalid_integer', message: 'no' } })
    await expect(tax.calculate(request)).rejects.toMatchObject({
      outcome: 'refused',
      code: 'parameter_invalid_integer',
    })
    answering(calculation([line('line:item_1', 0, [])]))
    await expect(tax.calculate(request)).rejects.toMatchObject({ code: 'tax_line_missing' })
  })

  it('records a sale once, and takes it back whole or in part', async () => {
    answering(
      { id: 'tax_1', object: 'tax.transaction' },
      { id: 'tax_2', object: 'tax.transaction' },
      { id: 'tax_3', object: 'tax.transaction' },
    )
    expect(await tax.commit('taxcalc_1', 'ord_1')).toBe('tax_1')
    expect(await tax.reverse('tax_1', { key: 'op_1', amount: { value: 10_50, currency: 'USD' } })).toBe('tax_2')
    expect(await tax.reverse('tax_1', { key: 'op_2' })).toBe('tax_3')
    expect(asked.map(({ path, body, headers }) => [path, body, headers['idempotency-key']])).toEqual([
      ['/v1/tax/transactions/create_from_calculation', { calculation: 'taxcalc_1', reference: 'ord_1' }, 'ord_1-tax'],
      [
        '/v1/tax/transactions/create_reversal',
        { original_transaction: 'tax_1', reference: 'op_1', mode: 'partial', flat_amount: '-1050' },
        'op_1-tax',
      ],
      [
        '/v1/tax/transactions/create_reversal',
        { original_transaction: 'tax_1', reference: 'op_2', mode: 'full' },
        'op_2-tax',
      ],
    ])
  })
})
