import type { DocumentFonts } from '../documents/document-fonts.ts'
import { area, createPages, type DocumentPages, type TextStyle } from '../documents/document-page.ts'
import { languageOf } from '../documents/document-words.ts'
import type { BalanceEntry } from '../payouts/list-balance-entries.ts'
import { toMajor } from '../platform/money.ts'
import type { BalanceStatement } from './read-balance-statement.ts'
import { englishWords, type StatementWords, statementWords } from './statement-words.ts'

/** A page takes forty. What a busy month has more is in its CSV. */
const mostLines = 500
const small: TextStyle = { size: 8, color: '#555555' }
const bold: TextStyle = { bold: true }

/** Whose statement it is, and in which language; languages it does not know become English. */
export type StatementReader = { name: string; locale: string }

type Sheet = { pages: DocumentPages; words: StatementWords; format: Formats; statement: BalanceStatement }
type Formats = ReturnType<typeof formatsOf>

/** A month's statement as a PDF: the opening balance, sums by kind, every entry with the balance that it left, the closing balance. */
export async function renderStatement(
  statement: BalanceStatement,
  reader: StatementReader,
  fonts: DocumentFonts,
): Promise<Uint8Array> {
  const { direction, tag } = languageOf(reader.locale)
  const words = statementWords[new Intl.Locale(tag).language] ?? englishWords
  const format = formatsOf(tag, statement.currency)
  const title = `${words.statement} ${statement.month} ${statement.currency}`
  const about = { title, author: reader.name, createdAt: statement.until, language: tag, direction }
  const pages = createPages(fonts, about)
  const sheet = { pages, words, format, statement }
  let y = writeHead(sheet, reader.name)
  y = writeTotals(sheet, y + 14)
  writeEntries(sheet, y + 18)
  return pages.finish((page, count) => ({
    start: `${reader.name} · ${title}`,
    end: `${words.page} ${format.count(page)} / ${format.count(count)}`,
  }))
}

function formatsOf(tag: string, currency: string) {
  const money = new Intl.NumberFormat(tag, { style: 'currency', currency })
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' })
  const count = new Intl.NumberFormat(tag)
  return {
    money: (minor: number) => money.format(toMajor(minor, currency)),
    date: (time: Date) => date.format(time),
    count: (value: number) => count.format(value),
  }
}

function writeHead({ pages, words, format, statement }: Sheet, name: string): number {
  const { from, until } = statement
  let y = pages.write(words.statement, { x: 0, y: pages.top, width: area.width }, { size: 20, bold: true })
  y = pages.write(name, { x: 0, y: y + 4, width: area.width }, bold)
  const lastMoment = new Date(until.getTime() - 1)
  pages.write(words.period, { x: 0, y, width: 90 }, small)
  return pages.write(`${format.date(from)} – ${format.date(lastMoment)}`, { x: 95, y, width: area.width - 95 })
}

const totalColumns = {
  what: { x: 0, width: 200 },
  count: { x: 204, width: 70, align: 'end' as const },
  amount: { x: 278, width: area.width - 278, align: 'end' as const },
}

function writeTotals({ pages, words, format, statement }: Sheet, top: number): number {
  const { opening, closing, totals } = statement
  let y = top
  const row = (label: string, count: number | undefined, amount: number, style: TextStyle = {}) => {
    const end = pages.write(label, { ...totalColumns.what, y }, style) + 2
    if (count !== undefined) pages.write(format.count(count), { ...totalColumns.count, y }, style)
    pages.write(format.money(amount), { ...totalColumns.amount, y }, style)
    y = end
  }
  row(words.opening, undefined, opening, bold)
  pages.rule(y)
  y += 4
  for (const { type, count, amount } of totals) row(words.types[type], count, amount)
  pages.rule(y)
  y += 4
  row(words.closing, undefined, closing, bold)
  return y
}

const columns = {
  date: { x: 0, width: 76 },
  what: { x: 80, width: 112 },
  order: { x: 196, width: 148 },
  amount: { x: 348, width: 74, align: 'end' as const },
  balance: { x: 426, width: area.width - 426, align: 'end' as const },
}

function writeEntries(sheet: Sheet, top: number): void {
  const { pages, words, format, statement } = sheet
  if (statement.entries.length === 0) {
    pages.write(words.nothing, { x: 0, y: top, width: area.width })
    return
  }
  let y = writeHeads(sheet, top)
  for (const { createdAt, type, about, amount, balance } of linesOf(statement.entries, format.count)) {
    const what = words.types[type]
    if (y + pages.heightOf(what, columns.what.width) > area.bottom) y = writeHeads(sheet, pages.addPage())
    pages.write(format.date(createdAt), { ...columns.date, y }, { size: 8 })
    const end = pages.write(what, { ...columns.what, y }) + 2
    pages.write(about, { ...columns.order, y }, { size: 7 })
    pages.write(format.money(amount), { ...columns.amount, y })
    pages.write(format.money(balance), { ...columns.balance, y })
    y = end
  }
  pages.rule(y)
}

type Line = Pick<BalanceEntry, 'createdAt' | 'type' | 'amount' | 'balance'> & { about: string }

/** Every entry; where there are too many to be read, one line for all of a kind and day, with how many they are. */
function linesOf(entries: readonly BalanceEntry[], count: (value: number) => string): Line[] {
  if (entries.length <= mostLines)
    return entries.map(({ orderId, payoutId, ...entry }) => ({ ...entry, about: orderId ?? payoutId ?? '' }))
  const days = Map.groupBy(entries, ({ createdAt }) => createdAt.toISOString().slice(0, 10))
  let balance = (entries[0]?.balance ?? 0) - (entries[0]?.amount ?? 0)
  return [...days.values()].flatMap((day) =>
    [...Map.groupBy(day, ({ type }) => type)].map(([type, own]) => {
      const amount = own.reduce((sum, entry) => sum + entry.amount, 0)
      balance += amount
      return { createdAt: own[0]?.createdAt ?? new Date(0), type, amount, balance, about: `× ${count(own.length)}` }
    }),
  )
}

function writeHeads({ pages, words }: Sheet, y: number): number {
  const heads = [
    [words.date, columns.date],
    [words.what, columns.what],
    [words.order, columns.order],
    [words.amount, columns.amount],
    [words.balance, columns.balance],
  ] as const
  const ends = heads.map(([head, place]) => pages.write(head, { ...place, y }, { size: 8, bold: true }))
  const end = Math.max(...ends) + 2
  pages.rule(end)
  return end + 5
}
