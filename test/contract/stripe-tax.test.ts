// Risk removed: tax that is computed and reported against shapes which only the sandbox knows.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, startStage } from '../../sandbox/stage.ts'
import { documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with Stripe Tax')

describe.skipIf(!present)('what the sandbox answers about tax fits the pinned SDK', () => {
  let stage: Stage
  let violations: (root: string, value: unknown) => string[]
  let schema: (name: string) => (value: unknown) => string[]

  beforeAll(async () => {
    const oracle = await loadOracle()
    const validators = new Map<string, (value: unknown) => string[]>()
    violations = (root, value) => {
      const validate = validators.get(root) ?? oracle.stripeTypes(root)
      validators.set(root, validate)
      return validate(JSON.parse(JSON.stringify(value)))
    }
    ;({ schema } = oracle.openapi('stripe/spec3.2023-08-16.json'))
    stage = await startStage()
  })
  afterAll(() => stage?.close())

  test.each([
    ['eur', { country: 'DE' }],
    ['usd', { country: 'US', state: 'CA' }],
    ['brl', { country: 'BR' }],
  ])(
    'a calculation in %s, its transaction and the reversals of that',
    async (currency, address) => {
      const params: Stripe.Tax.CalculationCreateParams = {
        currency,
        line_items: [
          { amount: 10_000, reference: 'itm_1', quantity: 2, tax_behavior: 'inclusive', tax_code: 'txcd_99999999' },
          { amount: 500, reference: 'itm_2', tax_code: 'txcd_35010000' },
        ],
        shipping_cost: { amount: 700, tax_behavior: 'exclusive' },
        customer_details: { address, address_source: 'shipping' },
        ship_from_details: { address: { country: 'US', state: 'TX' } },
        expand: ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown'],
      }
      expect(violations('TaxCalculationCreateParams', params)).toEqual([])
      const calculation = await stage.stripe.tax.calculations.create(params)
      expect(violations('TaxCalculation', calculation)).toEqual([])
      const plain = await stage.stripe.tax.calculations.retrieve(calculation.id ?? '')
      expect(violations('TaxCalculation', plain)).toEqual([])

      const commit = { calculation: calculation.id ?? '', reference: `ord_${currency}`, metadata: { orderId: 'ord_1' } }
      expect(violations('TaxTransactionCreateFromCalculationParams', commit)).toEqual([])
      const transaction = await stage.stripe.tax.transactions.createFromCalculation(commit)
      expect(violations('TaxTransaction', transaction)).toEqual([])
      const partial: Stripe.Tax.TransactionCreateReversalParams = {
        mode: 'partial',
        original_transaction: transaction.id,
        reference: `ref_${currency}`,
        line_items: [
          {
            original_line_item: transaction.line_items?.data[1]?.id ?? '',
            amount: -100,
            amount_tax: 0,
            reference: 'r1',
          },
        ],
      }
      const flat: Stripe.Tax.TransactionCreateReversalParams = {
        mode: 'partial',
        original_transaction: transaction.id,
        reference: `rest_${currency}`,
        flat_amount: -300,
      }
      for (const reversal of [partial, flat]) {
        expect(violations('TaxTransactionCreateReversalParams', reversal)).toEqual([])
        const made = await stage.stripe.tax.transactions.createReversal(reversal)
        expect(violations('TaxTransaction', made)).toEqual([])
      }
    },
    120_000,
  )

  test('lines as they are listed fit the public document', async () => {
    const { id } = await stage.stripe.tax.calculations.create({
      currency: 'eur',
      line_items: [{ amount: 10_000, reference: 'itm_1' }],
      customer_details: { address: { country: 'FR' }, address_source: 'billing' },
    })
    const lines = await stage.stripe.tax.calculations.listLineItems(id ?? '', { expand: ['data.tax_breakdown'] })
    expect(lines.data.flatMap((line) => schema('tax.calculation_line_item')(line))).toEqual([])
    const transaction = await stage.stripe.tax.transactions.createFromCalculation({
      calculation: id ?? '',
      reference: 'ord_list',
    })
    const committed = await stage.stripe.tax.transactions.listLineItems(transaction.id)
    expect(committed.data).toHaveLength(1)
    expect(committed.data.flatMap((line) => schema('tax.transaction_line_item')(line))).toEqual([])
  })
})
