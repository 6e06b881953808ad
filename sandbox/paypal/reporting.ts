import { type Answer, json } from '../http.ts'
import type { PayPal } from './paypal.ts'
import { refuse } from './refusals.ts'

const longestMs = 31 * 86_400_000

/** The lines of the books between two moments, page by page; the newest of them show with the delay that was set. */
export function searchTransactions({ state, shapes, settings }: PayPal, query: URLSearchParams): Answer {
  const [from, to] = [Date.parse(query.get('start_date') ?? ''), Date.parse(query.get('end_date') ?? '')]
  if (Number.isNaN(from) || Number.isNaN(to) || from > to || to - from > longestMs)
    refuse(400, 'INVALID_PARAMETER_VALUE')
  const size = Number(query.get('page_size') ?? 100)
  const page = Number(query.get('page') ?? 1)
  const refreshed = Date.now() - settings.bookDelaySeconds * 1_000
  const all = [...state.transactions.oldestFirst()].filter(({ at }) => {
    const second = Math.floor(at / 1_000) * 1_000
    return second >= from && second <= to && at <= refreshed
  })
  const some = all.slice((page - 1) * size, page * size)
  return json({
    ...(some.length > 0 ? { transaction_details: some.map(shapes.transaction) } : {}),
    account_number: 'SANDBOXMERCHANT',
    start_date: new Date(from).toISOString(),
    end_date: new Date(Math.min(to, refreshed)).toISOString(),
    last_refreshed_datetime: new Date(refreshed).toISOString(),
    page,
    total_items: all.length,
    total_pages: Math.max(1, Math.ceil(all.length / size)),
    links: [{ href: 'https://api-m.sandbox.paypal.com/v1/reporting/transactions', rel: 'self', method: 'GET' }],
  })
}
