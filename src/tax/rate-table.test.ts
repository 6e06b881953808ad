import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import type { Database } from '../database/database.ts'
import { calculateWithRates, createRateTableCalculator } from './rate-table.ts'
import { reverseChargeOf } from './reverse-charge.ts'
import { standardRates } from './standard-rates.ts'
import type { TaxLine, TaxRequest } from './tax-calculator.ts'
import { categoryOf } from './tax-categories.ts'
import { seedTaxRates, type TaxRate } from './tax-rates.ts'

const goods = (id: string, amount: number): TaxLine => ({ id, amount, taxCode: null, physical: true })
const download = (id: string, amount: number): TaxLine => ({ id, amount, taxCode: null, physical: false })

const sale = (changes: Partial<TaxRequest>): TaxRequest => ({
  currency: 'EUR',
  taxInclusive: false,
  lines: [],
  shipping: 0,
  shipFrom: null,
  shipTo: null,
  billTo: null,
  customerType: 'individual',
  taxIdentifiers: [],
  sellingEntityCountry: 'US',
  ...changes,
})

const calculate = async (request: TaxRequest, rates: readonly TaxRate[] = standardRates) =>
  calculateWithRates(rates, request, await reverseChargeOf(request))

/** A place that taxes goods and their shipping with 7.125 % and downloads not at all, as the sample order's does. */
const sampleRates: TaxRate[] = [
  { country: 'US', state: 'MN', category: 'standard', ratePpm: 71_250, shippingTaxable: true },
  { country: 'US', state: 'MN', category: 'digital', ratePpm: 0, shippingTaxable: true },
]
const minnesota = { country: 'US', state: 'MN', postalCode: '55410' }

// Removes the risk that a buyer is asked for another tax than the place asks of the seller.
describe('the rate table', () => {
  it('R189 R199 R214 gives the sample order its taxes to the cent', async () => {
    const result = await calculate(
      sale({
        currency: 'USD',
        lines: [download('subscription', 100_00), goods('widget', 67_50)],
        shipping: 5_00,
        shipTo: minnesota,
        billTo: minnesota,
      }),
      sampleRates,
    )
    expect(result).toEqual({
      lines: [
        { id: 'subscription', rate: 0, taxAmount: 0 },
        { id: 'widget', rate: 0.07125, taxAmount: 4_81 },
      ],
      fees: [],
      shipping: { rate: 0.07125, taxAmount: 36 },
      treatment: 'taxed',
      source: { calculator: 'rate_table' },
    })
    const tax = result.lines.reduce((sum, line) => sum + line.taxAmount, result.shipping.taxAmount)
    expect(tax).toBe(5_17)
    expect(100_00 + 67_50 + 5_00 + tax).toBe(177_67)
  })

  it('taxes goods where they are shipped to and downloads where the buyer is billed', async () => {
    const result = await calculate(
      sale({
        lines: [goods('chair', 100_00), download('plan', 100_00)],
        shipTo: { country: 'DE' },
        billTo: { country: 'HU' },
      }),
    )
    expect(result.lines.map(({ rate }) => rate)).toEqual([0.19, 0.27])
    const unbilled = await calculate(sale({ lines: [download('plan', 100_00)], shipTo: { country: 'FI' } }))
    expect(unbilled.lines[0]).toEqual({ id: 'plan', rate: 0.255, taxAmount: 25_50 })
  })

  it('takes the tax out of inclusive prices, shipping and fees', async () => {
    const result = await calculate(
      sale({
        taxInclusive: true,
        lines: [goods('chair', 119_00)],
        shipping: 11_90,
        fees: [{ id: 'recycling', amount: 2_38 }],
        shipTo: { country: 'DE' },
      }),
    )
    expect(result.lines[0]?.taxAmount).toBe(19_00)
    expect(result.shipping).toEqual({ rate: 0.19, taxAmount: 1_90 })
    expect(result.fees).toEqual([{ id: 'recycling', rate: 0.19, taxAmount: 38 }])
  })

  it('takes a state before its country, and a province’s joint rate', async () => {
    const inCanada = async (state?: string) =>
      (await calculate(sale({ lines: [goods('chair', 1000_00)], shipTo: { country: 'CA', state } }))).lines[0]
    expect(await inCanada('QC')).toEqual({ id: 'chair', rate: 0.14975, taxAmount: 149_75 })
    expect(await inCanada('ca-on')).toMatchObject({ rate: 0.13 })
    expect(await inCanada()).toMatchObject({ rate: 0.05 })
  })

  it('taxes books and shipping as the place does', async () => {
    const book: TaxLine = { id: 'book', amount: 20_00, taxCode: 'PB100000', physical: true }
    const german = await calculate(sale({ lines: [book], shipping: 10_00, shipTo: { country: 'DE' } }))
    expect(german.lines[0]?.rate).toBe(0.07)
    expect(german.shipping).toEqual({ rate: 0.07, taxAmount: 70 })
    const danish = await calculate(sale({ lines: [book], shipTo: { country: 'DK' } }))
    expect(danish.lines[0]?.rate).toBe(0.25)
    const californian = await calculate(
      sale({ lines: [goods('chair', 20_00)], shipping: 10_00, shipTo: { country: 'US', state: 'CA' } }),
    )
    expect(californian.lines[0]?.rate).toBe(0.0725)
    expect(californian.shipping).toEqual({ rate: 0, taxAmount: 0 })
  })

  it('divides shipping among goods of several rates', async () => {
    const lines: TaxLine[] = [goods('chair', 30_00), { id: 'book', amount: 10_00, taxCode: '5510.151', physical: true }]
    const result = await calculate(sale({ lines, shipping: 8_00, shipTo: { country: 'DE' } }))
    expect(result.shipping.taxAmount).toBe(1_14 + 14)
    expect(result.shipping.rate).toBe(0.16)
  })

  it('charges nothing where no tax is known, and where the place asks for nothing', async () => {
    const lines = [goods('chair', 100_00)]
    const unknown = await calculate(sale({ lines, shipping: 5_00, shipTo: { country: 'AQ' } }))
    expect(unknown).toMatchObject({ lines: [{ rate: 0, taxAmount: 0 }], treatment: 'not_registered' })
    const kuwait = await calculate(sale({ lines, shipTo: { country: 'KW' } }))
    expect(kuwait).toMatchObject({ lines: [{ rate: 0, taxAmount: 0 }], treatment: 'exempt' })
    const nowhere = await calculate(sale({ lines }))
    expect(nowhere).toMatchObject({ lines: [{ rate: 0, taxAmount: 0 }], treatment: 'not_registered' })
    const nontaxable = await calculate(
      sale({ lines: [{ id: 'voucher', amount: 50_00, taxCode: 'NT', physical: false }], billTo: { country: 'DE' } }),
    )
    expect(nontaxable).toMatchObject({ lines: [{ rate: 0, taxAmount: 0 }], treatment: 'exempt' })
  })

  it('leaves the tax to a business abroad that shows its number', async () => {
    const abroad = sale({
      lines: [goods('chair', 100_00)],
      shipping: 5_00,
      shipTo: { country: 'DE' },
      customerType: 'business',
      taxIdentifiers: [{ type: 'de', value: 'DE136695976', state: 'pending' }],
      sellingEntityCountry: 'IE',
    })
    expect(await calculate(abroad)).toMatchObject({
      lines: [{ rate: 0, taxAmount: 0 }],
      shipping: { rate: 0, taxAmount: 0 },
      treatment: 'reverse_charge',
    })
    const taxed = { lines: [{ rate: 0.19, taxAmount: 19_00 }], treatment: 'taxed' }
    expect(await calculate({ ...abroad, sellingEntityCountry: 'DE' })).toMatchObject(taxed)
    expect(await calculate({ ...abroad, sellingEntityCountry: '' })).toMatchObject(taxed)
    expect(await calculate({ ...abroad, customerType: 'individual' })).toMatchObject(taxed)
    expect(await calculate({ ...abroad, taxIdentifiers: [] })).toMatchObject(taxed)
    for (const identifier of [
      { type: 'de', value: 'DE136695976', state: 'not_valid' },
      { type: 'de', value: 'DE123456789', state: 'pending' },
      { type: 'fr', value: 'FR40303265045', state: 'verified' },
    ]) {
      expect(await calculate({ ...abroad, taxIdentifiers: [identifier] })).toMatchObject(taxed)
    }
  })

  it('taxes goods that do not leave their country, whoever sells them from where, and services never by that', async () => {
    const german = sale({
      shipFrom: { country: 'DE' },
      shipTo: { country: 'DE' },
      customerType: 'business',
      taxIdentifiers: [{ type: 'de', value: 'DE136695976', state: 'verified' }],
      sellingEntityCountry: 'IE',
    })
    const treatmentOf = async (changes: Partial<TaxRequest>) => (await calculate({ ...german, ...changes })).treatment
    const [chair, song] = [goods('chair', 100_00), download('song', 10_00)]
    expect(await treatmentOf({ lines: [chair] })).toBe('taxed')
    expect(await treatmentOf({ lines: [song] })).toBe('reverse_charge')
    expect(await treatmentOf({ lines: [chair], shipFrom: { country: 'FR' } })).toBe('reverse_charge')
    const french = {
      shipTo: { country: 'FR' },
      taxIdentifiers: [{ type: 'fr', value: 'FR40303265045', state: 'verified' }],
    }
    expect(await treatmentOf({ ...french, lines: [song], sellingEntityCountry: 'MC' })).toBe('taxed')
    const british = {
      shipTo: { country: 'GB' },
      taxIdentifiers: [{ type: 'uk', value: 'GB000283536', state: 'verified' }],
    }
    expect(await treatmentOf({ ...british, lines: [song] })).toBe('reverse_charge')
    expect(await treatmentOf({ ...british, lines: [chair], shipFrom: { country: 'GB' } })).toBe('taxed')
  })

  it('has no reverse charge in the United States', async () => {
    const result = await calculate(
      sale({
        lines: [goods('chair', 100_00)],
        shipTo: { country: 'US', state: 'TX' },
        customerType: 'business',
        taxIdentifiers: [{ type: 'uk', value: 'GB000283536', state: 'verified' }],
        sellingEntityCountry: 'GB',
      }),
    )
    expect(result).toMatchObject({ lines: [{ rate: 0.0625, taxAmount: 6_25 }], treatment: 'taxed' })
  })

  it('R187 never changes what the buyer pays for an inclusive price', async () => {
    const places = fc.constantFrom(...new Set(standardRates.map(({ country }) => country)))
    const requests = fc.record({
      amounts: fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 6 }),
      shipping: fc.integer({ min: 0, max: 100_000 }),
      country: places,
    })
    const asked = async ({ amounts, shipping, country }: { amounts: number[]; shipping: number; country: string }) => {
      const lines = amounts.map((amount, index) => goods(String(index), amount))
      const net = await calculate(sale({ lines, shipping, shipTo: { country } }))
      const gross = await calculate(
        sale({
          taxInclusive: true,
          lines: lines.map((line, index) => ({ ...line, amount: line.amount + (net.lines[index]?.taxAmount ?? 0) })),
          shipping: shipping + net.shipping.taxAmount,
          shipTo: { country },
        }),
      )
      expect(gross).toEqual(net)
    }
    await fc.assert(fc.asyncProperty(requests, asked))
  })

  it('reads the category from the codes of several catalogues', () => {
    const category = (taxCode: string | null, physical: boolean) => categoryOf({ taxCode, physical })
    expect(category('D0000000', true)).toBe('digital')
    expect(category('P0000000', false)).toBe('standard')
    expect(category('txcd_99999999', false)).toBe('standard')
    expect(category('txcd_10000000', true)).toBe('digital')
    expect(category('4323.310_A', true)).toBe('standard')
    expect(category('4323.310_A', false)).toBe('digital')
    expect(category('NTX-cable', true)).toBe('standard')
    expect(category(null, false)).toBe('digital')
  })
})

// Removes the risk that the shipped rates are incomplete, doubled, or that a restart undoes an operator's change.
describe('the shipped rates', () => {
  it('has one row for each place and category, between 0 and 30 %', () => {
    const places = standardRates.map((rate) => `${rate.country}-${rate.state}-${rate.category}`)
    expect(new Set(places).size).toBe(places.length)
    for (const { ratePpm } of standardRates) {
      expect(Number.isInteger(ratePpm) && ratePpm >= 0 && ratePpm <= 300_000).toBe(true)
    }
    expect(standardRates.filter(({ country, category }) => country === 'US' && category === 'standard')).toHaveLength(
      51,
    )
  })

  let server: TestDatabase
  let database: Database

  beforeAll(async () => {
    server = await freshDatabase()
    database = await connect({ url: server.url, poolSize: 2, name: 'test' })
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })
  const german = sale({ lines: [goods('chair', 100_00)], shipTo: { country: 'DE' } })

  it('are put into the table once, and an operator’s change stays', async () => {
    expect(await seedTaxRates(database.sql)).toBe(standardRates.length)
    await database.sql(`update tax_rates set rate_ppm = 160000 where id = 'DE-standard-2026-01-01'`)
    expect(await seedTaxRates(database.sql)).toBe(0)
    const result = await createRateTableCalculator(database.sql).calculate(german)
    expect(result.lines[0]).toEqual({ id: 'chair', rate: 0.16, taxAmount: 16_00 })
  })

  it('are read once in their time, and a later row takes over on its day', async () => {
    const kept = createRateTableCalculator(database.sql)
    const rateOf = async (calculator = createRateTableCalculator(database.sql)) =>
      (await calculator.calculate(german)).lines[0]?.rate
    expect(await rateOf(kept)).toBe(0.16)
    await database.sql(
      `insert into tax_rates (id, country, category, rate_ppm, valid_from) values
       ('tomorrow', 'DE', 'standard', 230000, current_date + 1), ('today', 'DE', 'standard', 210000, current_date)`,
    )
    const before = database.counters.statements
    expect(await rateOf(kept)).toBe(0.16)
    expect(database.counters.statements).toBe(before)
    expect(await rateOf()).toBe(0.21)
    await database.sql(
      `update tax_rates set valid_from = current_date - 1, valid_until = current_date where id = 'today'`,
    )
    expect(await rateOf()).toBe(0.16)
  })

  it('are asked for again after the database was away', async () => {
    let away = true
    const calculator = createRateTableCalculator((text, params) =>
      away ? Promise.reject(new Error('away')) : database.sql(text, params),
    )
    await expect(calculator.calculate(german)).rejects.toThrow('away')
    away = false
    expect((await calculator.calculate(german)).lines[0]?.rate).toBe(0.16)
  })
})
