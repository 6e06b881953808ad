import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import type { DocumentData } from './document-data.ts'
import { createDocumentFonts } from './document-fonts.ts'
import { renderDocument } from './invoice-pdf.ts'

const fonts = createDocumentFonts()

const invoice: DocumentData = {
  kind: 'invoice',
  number: 'INV-SELLER-000042',
  issuedAt: '2026-11-22T10:00:00.000Z',
  orderId: 'ord_01m7zt522yf6er37s9nkksnsnt',
  upstreamId: 'PO 17',
  orderedAt: '2026-11-20T10:00:00.000Z',
  locale: 'en_GB',
  currency: 'EUR',
  liveMode: true,
  seller: {
    name: 'Müller & Łódź Ltd',
    address: { line1: '1 Quay', city: 'Dublin', postalCode: 'D01', country: 'IE' },
    taxIdentifiers: [{ type: 'ie', value: 'IE1234567FA' }],
  },
  email: 'ada@example.com',
  billTo: { name: 'Ada Buyer', address: { line1: 'Main St 1', city: 'Cork', postalCode: 'T12', country: 'IE' } },
  shipTo: { name: 'Bob Keeper', address: { line1: 'Depot 9', city: 'Galway', postalCode: 'H91', country: 'IE' } },
  buyerTaxIdentifiers: [{ type: 'ie', value: 'IE7654321BA' }],
  lines: [
    { name: 'Mug', quantity: 2, net: 100_00, taxRate: 0.23, tax: 23_00 },
    { name: 'Book', quantity: 1, net: 10_00, taxRate: 0.09, tax: 90 },
  ],
  totals: { goods: 110_00, shipping: 10_00, fees: 3_00, duties: 4_00, tax: 26_20, total: 153_20 },
  discount: 5_00,
  taxes: [
    { rate: 0.23, net: 110_00, tax: 25_30 },
    { rate: 0.09, net: 10_00, tax: 90 },
  ],
  reverseCharge: false,
  payment: { method: 'creditCard', lastFour: '4242' },
  invoiceNumber: null,
}

/** The text of a PDF as a reader selects it, without the spaces between its pieces. */
async function read(pdf: Uint8Array) {
  const { totalPages, text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true })
  return { pages: totalPages, text: text.replaceAll(/\s+/g, '') }
}
const textOf = async (data: Partial<DocumentData>) =>
  (await read(await renderDocument({ ...invoice, ...data }, fonts))).text
const plain = (text: string) => text.replaceAll(/[\s\u200B-\u200F\u061C]+/g, '')

// Removes the risk of an invoice that is wrong, unreadable, or another one each time it is rendered.
describe('the PDF of an invoice', () => {
  it('R184 R201 shows who sold, who pays, where it went, every line and every total', async () => {
    const text = await textOf({})
    for (const part of [
      'Invoice',
      'INV-SELLER-000042',
      '22 November 2026',
      'ord_01m7zt522yf6er37s9nkksnsnt',
      'PO 17',
      'Müller & Łódź Ltd',
      'Dublin',
      'Ireland',
      'Tax ID: IE1234567FA',
      'Tax ID: IE7654321BA',
      'Ada Buyer',
      'Bob Keeper',
      'Depot 9',
      '€100.00',
      '23%',
      'Tax 9% (Net €10.00)',
      'Shipping',
      'Fees',
      'Duties',
      'Discounts already deducted€5.00',
      'Total€153.20',
      'Credit card •••• 4242',
    ]) {
      // Amounts of a row are written before its label.
      const [label = '', amount = ''] = part.split(/(?<=[a-z])(?=€)/)
      expect(text).toContain(plain(label))
      expect(text).toContain(plain(amount))
    }
    expect(text).not.toContain('TEST')
    expect(text).not.toContain(plain('Reverse charge'))
  })

  it.each([
    ['de_DE', ['Rechnung', '22. November 2026', '153,20 €', 'Gesamtbetrag', 'Irland']],
    ['fr_FR', ['Facture', '22 novembre 2026', '153,20 €', 'Irlande']],
    ['es_ES', ['Factura', '22 de noviembre de 2026', '153,20 €', 'Irlanda']],
    ['ja_JP', ['請求書', '2026年11月22日', '€153.20', 'クレジットカード', 'アイルランド']],
    ['pl_PL', ['Invoice', '€153.20']],
    ['not a locale', ['Invoice', 'November 22, 2026']],
  ])('R215 is written in the language of %s', async (locale, parts) => {
    const text = await textOf({ locale })
    for (const part of parts) expect(text).toContain(plain(part))
  })

  it('R215 is written from the right in Arabic, its letters joined and its figures from the left', async () => {
    const pdf = await renderDocument({ ...invoice, locale: 'ar_AE', billTo: { name: 'ليلى بوعزيزي' } }, fonts)
    const { text } = await read(pdf)
    // A reader gets letters, not the forms they were drawn in.
    for (const part of ['فاتورة', 'المجموع', 'الضريبة', 'ليلى', '153.20', 'Dublin', 'INV-SELLER-000042'])
      expect(text).toContain(part)
    const document = await getDocumentProxy(new Uint8Array(pdf))
    const { items } = await (await document.getPage(1)).getTextContent()
    const at = (wanted: string) => {
      const item = items.find((entry) => 'str' in entry && entry.str.includes(wanted))
      return item && 'transform' in item ? Number(item.transform[4]) : Number.NaN
    }
    expect(at('فاتورة')).toBeGreaterThan(300)
    expect(at('Dublin')).toBeLessThan(300)
  })

  it.each([
    ['JPY', 'ja_JP', 153_20, '￥15,320'],
    ['KWD', 'en_US', 153_205, 'KWD 153.205'],
    ['UGX', 'en_US', 50_000, 'UGX 50,000'],
  ])('shows %s with the decimals it has', async (currency, locale, total, shown) => {
    expect(await textOf({ currency, locale, totals: { ...invoice.totals, total } })).toContain(plain(shown))
  })

  it('R184 shows a Japanese and an Arabic name in an English invoice', async () => {
    const text = await textOf({ billTo: { name: '山田太郎' }, shipTo: { name: 'محمد' } })
    expect(text).toContain('山田太郎')
    expect(text).toContain('محمد')
  })

  it('R202 says which invoice a credit memo belongs to', async () => {
    const text = await textOf({ kind: 'credit_memo', number: 'CM-1', invoiceNumber: 'INV-SELLER-000041' })
    for (const part of ['Credit memo', 'CM-1', 'INV-SELLER-000041', 'Total credited'])
      expect(text).toContain(plain(part))
  })

  it('says that the recipient owes the tax, and that a test is none', async () => {
    const text = await textOf({ reverseCharge: true, liveMode: false })
    expect(text).toContain(plain('Reverse charge: the tax is owed by the recipient.'))
    expect(text).toContain('TEST')
  })

  it('goes on over as many pages as its lines need, with the heads repeated', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => ({
      name: `Thing ${index} of a very long name that needs more than one line of this narrow column`,
      quantity: 1,
      net: 1_00,
      taxRate: 0,
      tax: 0,
    }))
    const { pages, text } = await read(await renderDocument({ ...invoice, lines }, fonts))
    expect(pages).toBeGreaterThan(3)
    expect(text.match(/Taxrate/g)).toHaveLength(pages)
    for (const { name } of lines) expect(text).toContain(plain(name))
    expect(text).toContain(`Page${pages}/${pages}`)
  })

  it('is the same to the byte whenever it is rendered', async () => {
    const [one, two] = [await renderDocument(invoice, fonts), await renderDocument(invoice, createDocumentFonts())]
    expect(Buffer.compare(one, two)).toBe(0)
    const other = await renderDocument({ ...invoice, number: 'INV-SELLER-000043' }, fonts)
    expect(Buffer.compare(one, other)).not.toBe(0)
  })
})
