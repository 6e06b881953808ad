import { describe, expect, it } from 'vitest'
import { violationsOf } from '../../test/en16931.ts'
import type { DocumentData } from './document-data.ts'
import { toElectronicInvoice } from './e-invoice.ts'

const place = (country: string) => ({ line1: 'Street 1', city: 'Town', postalCode: '1000', country })
const invoice: DocumentData = {
  kind: 'invoice',
  number: 'INV-SELLER-000042',
  issuedAt: '2026-11-22T10:00:00.000Z',
  orderId: 'ord_1',
  upstreamId: 'PO 17',
  orderedAt: '2026-11-20T10:00:00.000Z',
  locale: 'de_DE',
  currency: 'EUR',
  taxInclusive: false,
  liveMode: true,
  seller: {
    name: 'Müller & Söhne <GmbH>',
    address: place('IE'),
    taxIdentifiers: [{ type: 'ie', value: 'IE1234567FA' }],
  },
  email: 'ada@example.com',
  billTo: { name: 'Ada Buyer', organization: 'Ada AG', address: place('DE') },
  shipTo: { name: 'Bob Keeper', address: place('DE') },
  buyerTaxIdentifiers: [{ type: 'de', value: 'DE123456789' }],
  lines: [
    { position: 1, name: 'Tasse', quantity: 3, net: 66_67, taxRate: 0.19, tax: 12_67, discount: 33_33 },
    { position: 2, name: 'Buch', quantity: 1, net: 10_00, taxRate: 0.07, tax: 70, discount: 0 },
  ],
  charges: [
    { kind: 'shipping', net: 5_00, rate: 0.19, tax: 95 },
    { kind: 'fees', net: 1_00, rate: 0.19, tax: 19 },
    { kind: 'duties', net: 2_00, rate: 0, tax: 0 },
  ],
  totals: { goods: 76_67, shipping: 5_00, fees: 1_00, duties: 2_00, tax: 14_51, total: 99_18 },
  discount: 33_33,
  taxes: [
    { rate: 0.19, net: 72_67, tax: 13_81 },
    { rate: 0.07, net: 10_00, tax: 70 },
  ],
  reverseCharge: false,
  exemption: null,
  payment: { method: 'creditCard', lastFour: '4242' },
  invoiceNumber: null,
}
const untaxed = (exemption: NonNullable<DocumentData['exemption']>): DocumentData => ({
  ...invoice,
  exemption,
  lines: [{ position: 1, name: 'Tasse', quantity: 1, net: 100_00, taxRate: 0, tax: 0 }],
  charges: [],
  totals: { goods: 100_00, shipping: 0, fees: 0, duties: 0, tax: 0, total: 100_00 },
  taxes: [{ rate: 0, net: 100_00, tax: 0 }],
})
const memo: DocumentData = {
  ...invoice,
  kind: 'credit_memo',
  number: 'CM-1',
  invoiceNumber: invoice.number,
  invoiceIssuedAt: invoice.issuedAt,
  reason: 'scratched',
}

// Removes the risk of an electronic invoice that a recipient's validator refuses, or that says another sum than the PDF.
describe('an electronic invoice', () => {
  it('has no character that XML forbids, whatever stands in a name', () => {
    const lines = invoice.lines.map((line) => ({ ...line, name: `Ta\u0001s\u000bs\ufffee \u{1f375}` }))
    const xml = toElectronicInvoice({ ...invoice, lines })
    expect(violationsOf(xml)).toEqual([])
    expect(xml).toContain('<cbc:Name>Tasse \u{1f375}</cbc:Name>')
  })

  it('keeps the rules of EN 16931, with the discount of each line and charges by their rates', () => {
    const xml = toElectronicInvoice(invoice)
    expect(violationsOf(xml)).toEqual([])
    for (const part of [
      'Müller &amp; Söhne &lt;GmbH&gt;',
      '<cbc:TaxInclusiveAmount currencyID="EUR">99.18<',
      'PO 17',
      '33.33',
    ])
      expect(xml).toContain(part)
  })

  it('a credit note names its invoice, and why', () => {
    const xml = toElectronicInvoice(memo)
    expect(violationsOf(xml)).toEqual([])
    for (const part of ['<CreditNote', '>381<', invoice.number, 'scratched']) expect(xml).toContain(part)
  })

  it('a credit note of tax alone takes the goods off at their rate and puts them back without one', () => {
    const xml = toElectronicInvoice({
      ...memo,
      lines: [{ position: 1, name: 'Tasse', quantity: null, net: 0, taxRate: 0.19, tax: 19_00 }],
      charges: [],
      totals: { goods: 0, shipping: 0, fees: 0, duties: 0, tax: 19_00, total: 19_00 },
      taxes: [{ rate: 0.19, net: 0, tax: 19_00 }],
    })
    expect(violationsOf(xml)).toEqual([])
    expect(xml).toContain('<cbc:TaxableAmount currencyID="EUR">100.00<')
  })

  it.each([
    ['reverse_charge', 'VATEX-EU-AE', 'Steuerschuldnerschaft'],
    ['intra_community', 'VATEX-EU-IC', 'innergemeinschaftliche'],
    ['export', 'VATEX-EU-G', 'Ausfuhrlieferung'],
    ['exempt', '>E<', 'Steuerbefreit'],
    ['outside', 'VATEX-EU-O', 'keiner vom Verkäufer'],
  ] as const)('says why it bears no tax: %s', (exemption, code, part) => {
    const xml = toElectronicInvoice(untaxed(exemption))
    expect(violationsOf(xml)).toEqual([])
    expect(xml).toContain(code)
    expect(xml).toContain(part)
  })

  it('is refused by these rules where it does not add up', () => {
    const xml = toElectronicInvoice(invoice)
    expect(violationsOf(xml.replace('>99.18<', '>99.19<'))).toContain('BR-CO-15')
    expect(violationsOf(xml.replace('>66.67<', '>66.66<'))).toContain('BR-CO-10')
    expect(violationsOf(toElectronicInvoice({ ...untaxed('reverse_charge'), buyerTaxIdentifiers: [] }))).toContain(
      'BR-AE-02 buyer',
    )
  })
})
