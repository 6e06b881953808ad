import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import { createDocumentFonts } from '../documents/document-fonts.ts'
import type { BalanceEntry } from '../payouts/list-balance-entries.ts'
import { renderStatement } from './statement-pdf.ts'

const entryCount = 5_000

// Removes the risk that a busy month's statement keeps everybody else waiting, or leaves something out.
describe('the PDF of a busy month', () => {
  const entries = Array.from({ length: entryCount }, (_, index): BalanceEntry => {
    const amount = index % 10 === 0 ? -500 : 1_000
    const createdAt = new Date(Date.UTC(2026, 10, 1 + Math.floor((index * 30) / entryCount)))
    const type = amount < 0 ? 'refund' : 'sale'
    return {
      id: `spl_${index}`,
      type,
      amount,
      currency: 'EUR',
      balance: 0,
      orderId: 'ord_1',
      payoutId: null,
      createdAt,
    }
  })
  let balance = 0
  for (const entry of entries) {
    balance += entry.amount
    entry.balance = balance
  }
  const statement = {
    month: '2026-11' as const,
    currency: 'EUR',
    from: new Date('2026-11-01T00:00:00Z'),
    until: new Date('2026-12-01T00:00:00Z'),
    opening: 0,
    closing: balance,
    totals: [],
    entries,
  }

  it('has a line for each kind and day, which add up to the same, and the same bytes each time', async () => {
    const fonts = createDocumentFonts()
    const reader = { name: 'Busy', locale: 'en_GB' }
    const pdf = await renderStatement(statement, reader, fonts)
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true })
    const lines = [...text.matchAll(/× ([\d,]+)\s+(-?)€([\d,.]+)/g)]
    expect(lines).toHaveLength(60)
    const numberOf = (shown = '') => Number(shown.replaceAll(',', ''))
    expect(lines.reduce((sum, [, count]) => sum + numberOf(count), 0)).toBe(entryCount)
    const sum = lines.reduce((total, [, , sign, amount]) => total + (sign ? -1 : 1) * numberOf(amount), 0)
    expect(Math.round(sum * 100)).toBe(balance)
    expect(Buffer.from(await renderStatement(statement, reader, fonts)).equals(Buffer.from(pdf))).toBe(true)
  })
})
