import { describe, expect, it } from 'vitest'
import type { Member } from './frame.ts'
import { revenueChart } from './revenue-chart.ts'
import { revenuePage } from './revenue-page.ts'

const member: Member = {
  userId: 'usr_1',
  email: 'seller@example.com',
  role: 'owner',
  merchantId: 'mer_1',
  merchantName: 'Mill Store',
  locale: 'en-US',
}
const today = new Date().toISOString().slice(0, 10)
const day = (total: number, currency: string) => ({ day: today, total, currency, orderCount: 1, paidCount: 1 })

const amountsOf = async (total: number, currency: string) => {
  const chart = String(await revenueChart({ currency, days: 7, lines: [day(total, currency)], locale: 'en-US' }))
  const [, axis = ''] = /<div class="amounts"[^>]*>(.*?)<\/div>/s.exec(chart) ?? []
  return [...axis.matchAll(/<span>(.*?)<\/span>/g)].map(([, label]) => label)
}

// Removes the risk that a seller reads a wrong amount off a chart.
describe('the chart of a revenue', () => {
  it.each([
    [35_137, 'USD', ['$400', '$300', '$200', '$100', '$0']],
    [1_234_567_00, 'USD', ['$1.5M', '$1M', '$500K', '$0']],
    [4_200, 'JPY', ['¥5K', '¥4K', '¥3K', '¥2K', '¥1K', '¥0']],
    [0, 'USD', ['$1', '$0.8', '$0.6', '$0.4', '$0.2', '$0']],
  ])('has round amounts above %d of %s', async (total, currency, expected) => {
    expect(await amountsOf(total, currency)).toEqual(expected)
  })

  it('is compared with the period before, of the same currency', async () => {
    const page = async (before: number) =>
      String(
        await revenuePage({
          member,
          days: 7,
          totals: [day(15_000, 'USD')],
          byDay: [day(15_000, 'USD')],
          before: [day(before, 'USD'), day(99_900, 'EUR')],
          byProduct: [],
        }).body,
      )
    expect(await page(10_000)).toContain('+50% · the 7 days before: $100.00')
    expect(await page(20_000)).toContain('-25% · the 7 days before: $200.00')
    expect(await page(0)).not.toContain('days before')
  })
})
