import { invalidParameter } from './errors.ts'
import { integer, type Params, requiredText, text, texts } from './params.ts'
import type { Intent, StripeState } from './state.ts'

type SearchResult = {
  object: 'search_result'
  data: Readonly<Intent>[]
  has_more: boolean
  next_page: string | null
  url: string
  total_count?: number
}

/** The table that holds how long a new intent stays hidden from search; Stripe's search lags by up to a minute. */
export const searchLagTable = 'stripe.searchLagMs'

const clause =
  /^(metadata\[["']([^"']+)["']\]|status|customer|currency)\s*:\s*["']([^"']*)["']$|^amount\s*([:<>]=?)\s*(\d+)$/

/** `GET /v1/payment_intents/search`: clauses on metadata, status, customer, currency and amount, joined by AND. */
export function searchIntents(state: StripeState, params: Params): SearchResult {
  const query = requiredText(params, 'query')
  const tests = query.split(/\s+AND\s+/i).map((part) => parsed(part.trim()))
  const byMetadata = tests.find((test) => test.metadata !== undefined)?.metadata
  const byCustomer = tests.find((test) => test.customer !== undefined)?.customer
  const candidates =
    byMetadata !== undefined
      ? state.intentsByMetadata.rows(state.intents, byMetadata)
      : byCustomer !== undefined
        ? state.intentsByCustomer.rows(state.intents, byCustomer)
        : state.intents
  const visibleBefore = Date.now() - (state.world.store.table<number>(searchLagTable).get('ms') ?? 0)
  const limit = integer(params, 'limit') ?? 10
  const start = Number(text(params, 'page') ?? 0)
  const end = start + limit
  const counts = texts(params, 'expand')?.includes('total_count') === true
  const found: Readonly<Intent>[] = []
  for (const intent of candidates.newestFirst()) {
    if (intent.created * 1_000 <= visibleBefore && tests.every(({ matches }) => matches(intent))) found.push(intent)
    // Only who asks for the total makes the search read all that fits.
    if (found.length > end && !counts) break
  }
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: found.length > end,
    next_page: found.length > end ? String(end) : null,
    ...(counts ? { total_count: found.length } : {}),
    url: '/v1/payment_intents/search',
  }
}

type Test = { metadata?: string; customer?: string; matches: (intent: Readonly<Intent>) => boolean }

function parsed(part: string): Test {
  const match = clause.exec(part)
  if (!match) throw invalidParameter(`We were unable to parse your search query near '${part}'.`, 'query')
  const [, field, key, value, operator, number] = match
  if (operator !== undefined) {
    const limit = Number(number)
    return { matches: ({ amount }) => (operator === ':' ? amount === limit : compare(amount, operator, limit)) }
  }
  if (key !== undefined) return { metadata: `${key}=${value}`, matches: (intent) => intent.metadata[key] === value }
  if (field === 'status') return { matches: (intent) => intent.status === value }
  if (field === 'customer') return { customer: value ?? '', matches: (intent) => intent.customer === value }
  return { matches: (intent) => intent.currency === value }
}

function compare(amount: number, operator: string, limit: number): boolean {
  switch (operator) {
    case '<':
      return amount < limit
    case '<=':
      return amount <= limit
    case '>':
      return amount > limit
    default:
      return amount >= limit
  }
}
