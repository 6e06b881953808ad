import type { Party } from '../parties/address.ts'
import { addressLines } from '../parties/address-lines.ts'
import { toMajor } from '../platform/money.ts'
import type { DocumentData, DocumentLine } from './document-data.ts'
import type { DocumentFonts } from './document-fonts.ts'
import { area, createPages, type DocumentPages, type TextStyle } from './document-page.ts'
import { type DocumentPhrases, documentPhrases } from './document-phrases.ts'
import { type DocumentWords, languageOf } from './document-words.ts'
import { legalNoteOf } from './legal-notes.ts'

/** Rates have four decimals of a percent at most. */
const rateDecimals = 4
const secondColumn = 270
const columnWidth = 220
const small: TextStyle = { size: 8, color: '#555555' }
const bold: TextStyle = { bold: true }
const english = documentPhrases.en as DocumentPhrases

type Sheet = {
  pages: DocumentPages
  words: DocumentWords
  phrases: DocumentPhrases
  data: DocumentData
  format: Formats
}
type Formats = ReturnType<typeof formatsOf>

/**
 * An invoice or credit memo as a PDF, in the language of its order; languages it does not know become English. Equal data give equal
 * bytes.
 */
export async function renderDocument(data: DocumentData, fonts: DocumentFonts): Promise<Uint8Array> {
  const { language, words, direction, tag } = languageOf(data.locale)
  const phrases = documentPhrases[language] ?? english
  const title = data.kind === 'invoice' ? words.invoice : words.creditMemo
  const pages = createPages(fonts, {
    title: `${title} ${data.number}`,
    author: data.seller.name,
    createdAt: new Date(data.issuedAt),
    language: tag,
    direction,
  })
  const sheet: Sheet = { pages, words, phrases, data, format: formatsOf(tag, data.currency) }
  let y = writeHead(sheet, title)
  y = writeParties(sheet, y + 18)
  y = writeLines(sheet, y + 22)
  y = writeTotals(sheet, y + 8)
  writeNotes(sheet, y + 16)
  return pages.finish((page, count) => ({
    start: `${data.seller.name} · ${data.number}`,
    end: `${words.page} ${sheet.format.count(page)} / ${sheet.format.count(count)}`,
  }))
}

function formatsOf(tag: string, currency: string) {
  const money = new Intl.NumberFormat(tag, { style: 'currency', currency })
  const rate = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: rateDecimals })
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const count = new Intl.NumberFormat(tag)
  const country = new Intl.DisplayNames(tag, { type: 'region' })
  return {
    money: (minor: number) => money.format(toMajor(minor, currency)),
    rate: (fraction: number) => rate.format(fraction),
    date: (time: string) => date.format(new Date(time)),
    count: (value: number) => count.format(value),
    country: (code: string) => country.of(code) ?? code,
  }
}

function writeHead({ pages, words, phrases, data, format }: Sheet, title: string): number {
  let y = pages.write(title, { x: 0, y: pages.top, width: secondColumn - 20 }, { size: 20, bold: true })
  if (!data.liveMode) y = pages.write(words.test, { x: 0, y, width: secondColumn - 20 }, { ...small, bold: true })
  y += 6
  const facts: [string, string | null][] = [
    [words.number, data.number],
    [words.date, format.date(data.issuedAt)],
    [words.ofInvoice, data.invoiceNumber],
    [phrases.ofMemo, data.memoNumber ?? null],
    [words.order, data.orderId],
    [words.reference, data.upstreamId],
    [words.orderDate, format.date(data.orderedAt)],
    [phrases.exchangeOf, data.exchangeOf ?? null],
    [phrases.reason, data.reason ?? null],
  ]
  for (const [label, value] of facts) {
    if (value === null) continue
    const end = pages.write(label, { x: 0, y, width: 90 }, small)
    y = Math.max(end, pages.write(value, { x: 95, y, width: secondColumn - 115 }))
  }
  const { name, address, taxIdentifiers } = data.seller
  const at = (line: number) => ({ x: secondColumn, y: line, width: columnWidth })
  let end = pages.write(words.seller, at(pages.top), small)
  end = pages.write(name, at(end), bold)
  for (const line of linesOf(address, format)) end = pages.write(line, at(end))
  for (const { value } of taxIdentifiers) end = pages.write(`${words.taxId}: ${value}`, at(end))
  return Math.max(y, end)
}

function writeParties({ pages, words, data, format }: Sheet, top: number): number {
  const write = (label: string, party: DocumentData['billTo'], x: number, extra: readonly string[]): number => {
    let y = pages.write(label, { x, y: top, width: columnWidth }, small)
    const lines = [party?.organization, party?.name, ...linesOf(party?.address ?? null, format), ...extra].filter(
      (line) => line !== undefined && line !== '',
    )
    for (const line of lines) y = pages.write(line ?? '', { x, y, width: columnWidth })
    return y
  }
  const taxIdentifiers = data.buyerTaxIdentifiers.map(({ value }) => `${words.taxId}: ${value}`)
  const billTo = write(words.billTo, data.billTo, 0, [data.email, ...taxIdentifiers])
  return data.shipTo ? Math.max(billTo, write(words.shipTo, data.shipTo, secondColumn, [])) : billTo
}

const linesOf = (address: Party['address'] | null, format: Formats): string[] =>
  address ? [...addressLines(address), format.country(address.country)] : []

const columns = {
  item: { x: 0, width: 204 },
  quantity: { x: 208, width: 46, align: 'end' as const },
  net: { x: 258, width: 94, align: 'end' as const },
  rate: { x: 356, width: 56, align: 'end' as const },
  tax: { x: 416, width: area.width - 416, align: 'end' as const },
}

function writeLines(sheet: Sheet, top: number): number {
  const { pages, data, format, words, phrases } = sheet
  let y = writeColumnHeads(sheet, top)
  const row = (line: Row) => {
    if (y + pages.heightOf(line.name, columns.item.width) > area.bottom) y = writeColumnHeads(sheet, pages.addPage())
    if (line.quantity !== null) pages.write(format.count(line.quantity), { ...columns.quantity, y })
    pages.write(format.money(line.net), { ...columns.net, y })
    pages.write(format.rate(line.taxRate), { ...columns.rate, y })
    pages.write(format.money(line.tax), { ...columns.tax, y })
    y = pages.write(line.name, { ...columns.item, y })
    if (line.discount)
      y = pages.write(`${phrases.lineDiscount}: ${format.money(line.discount)}`, { ...columns.item, y }, small)
    y += 4
  }
  for (const line of data.lines) if (data.kind === 'invoice' || line.net !== 0 || line.tax !== 0) row(line)
  // What a credit memo takes off beside the goods stands where it says so of them.
  if (data.kind === 'credit_memo')
    for (const { kind, net, rate, tax } of data.charges ?? [])
      row({ name: words[kind], quantity: null, net, taxRate: rate, tax })
  pages.rule(y)
  return y
}

type Row = Pick<DocumentLine, 'name' | 'quantity' | 'net' | 'taxRate' | 'tax' | 'discount'>

function writeColumnHeads({ pages, words }: Sheet, y: number): number {
  const heads = [
    [words.item, columns.item],
    [words.quantity, columns.quantity],
    [words.net, columns.net],
    [words.taxRate, columns.rate],
    [words.tax, columns.tax],
  ] as const
  const ends = heads.map(([head, place]) => pages.write(head, { ...place, y }, { size: 8, bold: true }))
  const end = Math.max(...ends) + 2
  pages.rule(end)
  return end + 6
}

function writeTotals({ pages, words, data, format }: Sheet, top: number): number {
  const { totals } = data
  const rows: [string, number][] = [
    [words.goods, totals.goods],
    [words.shipping, totals.shipping],
    [words.fees, totals.fees],
    [words.duties, totals.duties],
  ]
  const shown = rows.filter(([, amount], index) => index === 0 || amount !== 0)
  const needed = (shown.length + data.taxes.length + 6) * 14
  let y = top + needed > area.bottom ? pages.addPage() : top
  const row = (label: string, amount: number, style: TextStyle = {}) => {
    const value = pages.write(format.money(amount), { ...columns.tax, x: 376, width: area.width - 376, y }, style)
    y = Math.max(value, pages.write(label, { x: 208, y, width: 164 }, style))
  }
  for (const [label, amount] of shown) row(label, amount)
  for (const { rate, net, tax } of data.taxes) {
    if (tax !== 0) row(`${words.tax} ${format.rate(rate)} (${words.taxed} ${format.money(net)})`, tax)
  }
  row(words.tax, totals.tax, bold)
  pages.rule(y + 2, 208, area.width - 208)
  y += 6
  row(data.kind === 'invoice' ? words.total : words.credited, totals.total, { size: 11, bold: true })
  if (data.discount > 0) row(words.discountIncluded, data.discount, small)
  return y
}

function writeNotes({ pages, words, phrases, data, format }: Sheet, top: number): void {
  const { payment, credit = 0 } = data
  const notes = [
    ...exemptionNote(data, words, phrases),
    ...(payment
      ? [
          `${words.paidWith}: ${words.methods[payment.method] ?? payment.method}${payment.lastFour ? ` •••• ${payment.lastFour}` : ''}`,
        ]
      : []),
    ...(credit > 0 ? [`${words.methods.customerCredit}: ${format.money(credit)}`] : []),
  ]
  let y = top + notes.length * 14 > area.bottom ? pages.addPage() : top
  for (const note of notes) y = pages.write(note, { x: 0, y, width: area.width })
  const legal = legalNoteOf(data.seller.address?.country)
  if (y + 6 + pages.heightOf(legal, area.width, small) > area.bottom) y = pages.addPage()
  pages.write(legal, { x: 0, y: y + 6, width: area.width }, small)
}

function exemptionNote({ reverseCharge, exemption }: DocumentData, words: DocumentWords, phrases: DocumentPhrases) {
  const notes = { intra_community: 'intraCommunity', export: 'export', exempt: 'exempt', outside: 'outside' } as const
  if (reverseCharge || exemption === 'reverse_charge') return [words.reverseCharge]
  return exemption ? [phrases[notes[exemption]]] : []
}
