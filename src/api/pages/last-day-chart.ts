import { nice, ticks } from 'd3-array'
import { html } from 'hono/html'
import { iso } from '../../database/database.ts'
import { type LastDay, mostCounted } from '../../operators/last-day.ts'

const width = 640
const height = 120
/** So many hours stand below a chart, and so many amounts beside it. */
const steps = 4

const clock = (at: Date) => iso(at).slice(11, 16)

/** The last day by the hour as bars, those that came to nothing in another colour, and the same as a table. */
export function lastDayChart({ hours, isWhole }: LastDay) {
  const [, top] = nice(0, Math.max(steps, ...hours.map(({ orders }) => orders)), steps)
  const step = width / hours.length
  const orders = hours.reduce((sum, hour) => sum + hour.orders, 0)
  const unpaid = hours.reduce((sum, hour) => sum + hour.unpaid, 0)
  const amounts = ticks(0, top, steps).reverse()
  const bar = (index: number, count: number, kind: string, words: string) => {
    if (count === 0) return ''
    const tall = Math.max(2, (height * count) / top)
    return html`<rect class="${kind}" x="${(index * step + step * 0.1).toFixed(2)}" y="${(height - tall).toFixed(2)}" width="${(step * 0.8).toFixed(2)}" height="${tall.toFixed(2)}"><title>${words}</title></rect>`
  }
  return html`<div class="plot">
<div class="amounts" aria-hidden="true">${amounts.map((amount) => html`<span>${amount}</span>`)}</div>
<svg class="chart low" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-labelledby="last-day">
<title id="last-day">${orders} orders in 24 hours by the hour, of which ${unpaid} came to nothing.</title>
${amounts.map((amount) => html`<line x1="0" y1="${height - (height * amount) / top}" x2="${width}" y2="${height - (height * amount) / top}"></line>`)}
${hours.map((hour, index) => [
  bar(index, hour.orders, 'all', `${clock(hour.at)}: ${hour.orders} orders`),
  bar(index, hour.unpaid, 'bad', `${clock(hour.at)}: ${hour.unpaid} came to nothing`),
])}
</svg>
<div class="days" aria-hidden="true">${Array.from({ length: steps + 1 }, (_, index) => hours[Math.round((index * (hours.length - 1)) / steps)]).map((hour) => html`<span>${hour ? clock(hour.at) : ''}</span>`)}</div>
</div>
<p class="soft small">${orders} orders, of which ${unpaid} were refused, cancelled or blocked (red). Hours are UTC.${isWhole ? '' : ` Only the newest ${mostCounted} are counted.`}</p>
<details><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label="The last 24 hours"><table id="last-day-table">
<thead><tr><th scope="col">Hour (UTC)</th><th scope="col" class="num">Orders</th><th scope="col" class="num">Came to nothing</th><th scope="col" class="num">Failed tasks</th></tr></thead>
<tbody>${hours.map(
    (hour) =>
      html`<tr><td>${clock(hour.at)}</td><td class="num">${hour.orders}</td><td class="num">${hour.unpaid}</td><td class="num">${hour.failedTasks}</td></tr>`,
  )}</tbody></table></div></details>`
}
