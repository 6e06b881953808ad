import { html } from 'hono/html'
import { conversionRate, type Revenue } from '../../../links/revenue.ts'
import { emptyForm, selectField } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'
import { type DayRevenue, revenueChart } from './revenue-chart.ts'

export type ProductRevenue = Revenue & { productId: string | null; name: string }

export const periods = [7, 30, 90, 365] as const

/** What the period brought beside the one before it. */
function compared(
  { before, days, member: { locale } }: { before: readonly DayRevenue[]; days: number; member: Member },
  { total, currency }: Revenue,
) {
  const earlier = before.reduce((sum, row) => (row.currency === currency ? sum + row.total : sum), 0)
  if (earlier <= 0) return ''
  const change = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  })
  const than = `the ${days} days before: ${formatMoney(earlier, currency, locale)}`
  return html`<dd class="hint">${change.format((total - earlier) / earlier)} · ${than}</dd>`
}

/** What a shop has brought: by currency, by day, by product. Refunds are deducted. */
export const revenuePage = (page: {
  member: Member
  days: number
  totals: readonly Revenue[]
  byDay: readonly DayRevenue[]
  /** The days of the period before. */
  before: readonly DayRevenue[]
  byProduct: readonly ProductRevenue[]
}): Page => {
  const { locale } = page.member
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  return {
    title: 'Revenue',
    body: html`<h1>Revenue</h1>
<form method="get" action="/dashboard/revenue" class="filters">
${selectField({ name: 'days', label: 'Orders of', state: { ...emptyForm, values: { days: String(page.days) } }, options: periods.map((days) => ({ value: String(days), label: `the last ${days} days` })) })}
<button>Show</button></form>
${
  page.totals.length === 0
    ? html`<p class="soft">No orders in this time.</p>`
    : page.totals.map(
        (total) => html`<section aria-labelledby="in-${total.currency}">
<h2 id="in-${total.currency}">${total.currency}</h2>
<dl>
<div><dt>Revenue</dt><dd>${formatMoney(total.total, total.currency, locale)}</dd>${compared(page, total)}</div>
<div><dt>Paid orders</dt><dd>${total.paidCount}</dd></div>
<div><dt>Paid of ${total.orderCount} begun</dt><dd>${percent.format(conversionRate(total))}</dd></div>
</dl>
${revenueChart({
  currency: total.currency,
  days: page.days,
  lines: page.byDay.filter(({ currency }) => currency === total.currency),
  locale,
})}
<h3>By product</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${total.currency} by product"><table>
<thead><tr><th scope="col">Product</th><th scope="col" class="num">Paid</th><th scope="col" class="num">Revenue</th></tr></thead>
<tbody>${page.byProduct
          .filter(({ currency }) => currency === total.currency)
          .map(
            (product) =>
              html`<tr><td>${product.name}</td><td class="num">${product.paidCount}</td><td class="num">${formatMoney(product.total, product.currency, locale)}</td></tr>`,
          )}</tbody></table></div>
</section>`,
      )
}`,
  }
}
