import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import type { DocumentData } from './document-data.ts'
import { createDocumentFonts } from './document-fonts.ts'
import { documentPhrases } from './document-phrases.ts'
import { languageOf } from './document-words.ts'
import { renderDocument } from './invoice-pdf.ts'
import { legalNoteOf } from './legal-notes.ts'
import { toRuns } from './text-runs.ts'

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
    ['ko_KR', '김민수 서울특별시 강남구 테헤란로'],
    ['he_IL', 'אברהם כהן רחוב הרצל תל אביב'],
    ['th_TH', 'สมชาย ใจดี ถนนสุขุมวิท กรุงเทพฯ'],
    ['zh_CN', '张伟 北京市朝阳区建国路'],
    ['zh_TW', '陳怡君 臺北市信義區'],
    ['ja_JP', '山田太郎 東京都千代田区'],
    ['ar_AE', 'ليلى بوعزيزي شارع الشيخ زايد'],
    ['el_GR', 'Γιώργος Παπαδόπουλος Αθήνα'],
  ])('R215 has a glyph for every character of %s, of the document’s words and of its names', (locale, name) => {
    const { language, words, direction } = languageOf(locale)
    const texts = [name, ...Object.values(words), ...Object.values(documentPhrases[language] ?? {})]
    for (const text of [...texts, legalNoteOf(locale.slice(-2))].filter((each) => typeof each === 'string'))
      for (const weight of ['regular', 'bold'] as const)
        for (const run of toRuns(text, direction, weight, fonts))
          expect([text, run.face.font.layout(run.text).glyphs.filter(({ id }) => id === 0).length]).toEqual([text, 0])
  })

  it('R215 is written from the right in Hebrew, its letters in the order in which they are read', async () => {
    const pdf = await renderDocument({ ...invoice, locale: 'he_IL', billTo: { name: 'אברהם כהן' } }, fonts)
    const { items } = await (await (await getDocumentProxy(new Uint8Array(pdf))).getPage(1)).getTextContent()
    const at = (wanted: string) => {
      const item = items.find((entry) => 'str' in entry && entry.str.includes(wanted))
      return item && 'transform' in item ? Number(item.transform[4]) : Number.NaN
    }
    expect(at('חשבונית')).toBeGreaterThan(300)
    expect(at('אברהם')).toBeGreaterThan(300)
    expect(at('Dublin')).toBeLessThan(300)
  })

  it.each([
    ['DE', 'de_DE', 'Leistungsdatum'],
    ['AT', 'de_AT', 'Lieferdatum'],
    ['FR', 'fr_FR', 'indemnité forfaitaire de 40'],
    ['IT', 'it_IT', 'D.Lgs. 231/2002'],
    ['ES', 'es_ES', 'Ley 3/2004'],
    ['NL', 'nl_NL', 'wettelijke handelsrente'],
    ['GB', 'en_GB', 'Late Payment of Commercial Debts'],
    ['US', 'en_US', 'Sales tax'],
    ['CA', 'en_CA', 'GST/HST'],
    ['JP', 'ja_JP', '適格請求書発行事業者'],
    ['KR', 'ko_KR', '세금계산서'],
    ['IL', 'he_IL', 'מספר העוסק'],
    ['TH', 'th_TH', 'แยกตามอัตราภาษี'],
    ['IE', 'en_IE', '2011/7/EU'],
    ['AU', 'en_AU', 'Taxes are shown'],
  ])('says what the law of a seller in %s wants said', async (country, locale, part) => {
    const text = await textOf({
      locale,
      seller: { ...invoice.seller, address: { line1: '1', city: 'X', postalCode: '1', country } },
    })
    expect(text).toContain(plain(part))
  })

  it.each([
    ['de_DE', 'reverse_charge', 'Steuerschuldnerschaft des Leistungsempfängers'],
    ['it_IT', 'intra_community', 'Cessione intracomunitaria non imponibile'],
    ['nl_NL', 'reverse_charge', 'Btw verlegd'],
    ['fr_FR', 'export', 'Exonération de TVA : exportation'],
    ['ko_KR', 'exempt', '면세'],
    ['en_GB', 'outside', 'No tax of the seller’s is due'],
  ] as const)('says in the language of %s why no tax is on it: %s', async (locale, exemption, part) => {
    expect(await textOf({ locale, exemption })).toContain(plain(part))
  })

  it('shows each line with its own discount and no other’s, and what a credit memo is for', async () => {
    const [mug, book] = invoice.lines
    const lines = [
      { ...mug, discount: 33_33 },
      { ...book, discount: 0 },
    ] as DocumentData['lines']
    expect((await textOf({ lines })).match(/Discount:€33\.33/g)).toHaveLength(1)
    const memo = await textOf({ kind: 'credit_memo', reason: 'scratched', exchangeOf: 'ord_before' })
    for (const part of ['scratched', 'ord_before', 'In exchange for goods of order'])
      expect(memo).toContain(plain(part))
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

  it('says beside the card what a credit of the buyer has paid, and takes nothing off the total for it', async () => {
    const text = await textOf({ credit: 12_50 })
    expect(text).toContain(plain('Store credit: €12.50'))
    expect(text).toContain(plain('•••• 4242'))
    expect(text).toContain('€153.20')
    expect(await textOf({ locale: 'th_TH', credit: 12_50 })).toContain('เครดิตร้านค้า')
    expect(await textOf({})).not.toContain(plain('Store credit'))
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
