import { nice, ticks } from 'd3-array'
import { html } from 'hono/html'
import type { Revenue } from '../../../links/revenue.ts'
import { toMajor } from '../../../platform/money.ts'
import { formatMoney } from '../locale.ts'

export type DayRevenue = Revenue & { day: string }

const width = 640
const height = 160
const dayMs = 24 * 60 * 60 * 1000
/** So many amounts stand beside a chart, and so many days below it, at about the same distance. */
const steps = 4

/** Bars of revenue by UTC day as an inline SVG with what its axes say, and the same as a table for whoever wants the numbers. */
export function revenueChart(chart: { currency: string; days: number; lines: readonly DayRevenue[]; locale: string }) {
  const { currency, days, locale } = chart
  const totals = new Map(chart.lines.map(({ day, total }) => [day, total]))
  const today = Date.now()
  const calendar = Array.from({ length: days }, (_, index) =>
    new Date(today - (days - 1 - index) * dayMs).toISOString().slice(0, 10),
  )
  const best = Math.max(0, ...totals.values())
  const money = (amount: number) => formatMoney(amount, currency, locale)
  const amounts = amountAxis(toMajor(best, currency), currency, locale)
  const highest = amounts[0]?.amount || 1
  const step = width / days
  const id = `chart-${currency}`
  const heightOf = (amount: number) => (height * amount) / highest
  const bars = calendar.flatMap((day, index) => {
    const total = totals.get(day) ?? 0
    if (total <= 0) return []
    const tall = Math.max(2, heightOf(toMajor(total, currency)))
    return html`<rect x="${(index * step + step * 0.1).toFixed(2)}" y="${(height - tall).toFixed(2)}" width="${(step * 0.8).toFixed(2)}" height="${tall.toFixed(2)}"><title>${day}: ${money(total)}</title></rect>`
  })
  const grid = amounts.map(({ amount }) => {
    const y = (height - heightOf(amount)).toFixed(2)
    return html`<line x1="0" y1="${y}" x2="${width}" y2="${y}"></line>`
  })
  return html`<h3>By day</h3>
<div class="plot">
<div class="amounts" aria-hidden="true">${amounts.map(({ label }) => html`<span>${label}</span>`)}</div>
<svg class="chart" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-labelledby="${id}">
<title id="${id}">Revenue in ${currency} by day over ${days} days; the best day brought ${money(best)}.</title>
${grid}
${bars}
</svg>
<div class="days" aria-hidden="true">${dayAxis(calendar, locale).map((label) => html`<span>${label}</span>`)}</div>
</div>
<details><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label="${currency} by day"><table>
<thead><tr><th scope="col">Day (UTC)</th><th scope="col" class="num">Paid</th><th scope="col" class="num">Revenue</th></tr></thead>
<tbody>${chart.lines.map(
    ({ day, paidCount, total }) =>
      html`<tr><td>${day}</td><td class="num">${paidCount}</td><td class="num">${money(total)}</td></tr>`,
  )}</tbody></table></div></details>`
}

/** Round amounts from the highest down to nothing, in major units, as short as they can be said. */
function amountAxis(best: number, currency: string, locale: string) {
  const [, top] = nice(0, best || 1, steps)
  const short = new Intl.NumberFormat(locale, { style: 'currency', currency, notation: 'compact' })
  return ticks(0, top, steps)
    .reverse()
    .map((amount) => ({ amount, label: short.format(amount) }))
}

/** The first day, the last one, and some between them. */
function dayAxis(calendar: readonly string[], locale: string): string[] {
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return Array.from(
    { length: steps + 1 },
    (_, index) => calendar[Math.round((index * (calendar.length - 1)) / steps)],
  ).map((date) => (date ? day.format(new Date(`${date}T00:00:00Z`)) : ''))
}
