import { html } from 'hono/html'
import type { Revenue } from '../../../links/revenue.ts'
import { formatMoney } from '../locale.ts'

export type DayRevenue = Revenue & { day: string }

const width = 640
const height = 160
const base = 140
const top = 14
const dayMs = 24 * 60 * 60 * 1000

/** Bars of revenue by UTC day as an inline SVG, and the same as a table for whoever wants the numbers. */
export function revenueChart(chart: { currency: string; days: number; lines: readonly DayRevenue[]; locale: string }) {
  const { currency, days, locale } = chart
  const totals = new Map(chart.lines.map(({ day, total }) => [day, total]))
  const today = Date.now()
  const calendar = Array.from({ length: days }, (_, index) =>
    new Date(today - (days - 1 - index) * dayMs).toISOString().slice(0, 10),
  )
  const highest = Math.max(1, ...totals.values())
  const money = (amount: number) => formatMoney(amount, currency, locale)
  const step = width / days
  const id = `chart-${currency}`
  const bars = calendar.flatMap((day, index) => {
    const total = totals.get(day) ?? 0
    if (total <= 0) return []
    const tall = Math.max(2, ((base - top) * total) / highest)
    return html`<rect x="${(index * step + step * 0.1).toFixed(2)}" y="${(base - tall).toFixed(2)}" width="${(step * 0.8).toFixed(2)}" height="${tall.toFixed(2)}"><title>${day}: ${money(total)}</title></rect>`
  })
  return html`<h3>By day</h3>
<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}">
<title id="${id}">Revenue in ${currency} by day over ${days} days; the best day brought ${money(Math.max(0, ...totals.values()))}.</title>
<line x1="0" y1="${base}" x2="${width}" y2="${base}"></line>
${bars}
<text x="0" y="${height - 4}">${calendar[0]}</text><text x="${width}" y="${height - 4}" text-anchor="end">${calendar.at(-1)}</text>
</svg>
<details><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label="${currency} by day"><table>
<thead><tr><th scope="col">Day (UTC)</th><th scope="col" class="num">Paid</th><th scope="col" class="num">Revenue</th></tr></thead>
<tbody>${chart.lines.map(
    ({ day, paidCount, total }) =>
      html`<tr><td>${day}</td><td class="num">${paidCount}</td><td class="num">${money(total)}</td></tr>`,
  )}</tbody></table></div></details>`
}
