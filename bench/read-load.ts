import { parsed } from './http-client.ts'
import { type Spread, spread } from './percentiles.ts'
import { keys, type Stage } from './stage.ts'

/** People of the stage: who runs it, and who sells at it. */
export const people = {
  BOOTSTRAP_ADMIN_EMAIL: 'operator@example.com',
  BOOTSTRAP_ADMIN_PASSWORD: 'operator of the bench',
  BOOTSTRAP_SELLER_EMAIL: 'seller@example.com',
  BOOTSTRAP_SELLER_PASSWORD: 'seller of the bench',
} as const

export type ReadTimes = Record<string, Spread>

const repeats = 25

type Caller = 'key' | 'operator' | 'seller'
type Sample = { id: string; email: string; checkout_id: string; customer_id: string | null; buyer_name: string | null }
type Reading = { name: string; as: Caller; path: (order: Sample) => string }

/** Orders of the big merchant, from all over the year, whose values are asked for. */
async function samples({ sql }: Stage, merchantId: string): Promise<Sample[]> {
  const { rows } = await sql.query<Sample>(
    `select id, email, checkout_id, customer_id, buyer_name from orders where merchant_id = $1 order by md5(id) limit $2`,
    [merchantId, repeats],
  )
  return rows
}

const orderFilters: Record<string, (order: Sample) => string> = {
  '': () => '',
  state: () => 'state=confirmed',
  'rare state': () => 'state=pending_payment',
  'state of no order': () => 'state=in_review',
  email: ({ email }) => `email=${encodeURIComponent(email)}`,
  'email of nobody': () => 'email=nobody%40example.com',
  checkoutId: ({ checkout_id }) => `checkoutId=${checkout_id}`,
  upstreamId: () => 'upstreamId=nothing',
  ids: ({ id }) => `ids=${id}`,
  upstreamIds: () => 'upstreamIds=nothing,none',
  customerId: ({ customer_id }) => `customerId=${customer_id ?? 'cus_nobody'}`,
  currency: () => 'currency=USD',
  'currency of no order': () => 'currency=EUR',
  fraudState: () => 'fraudState=passed',
  'fraudState of no order': () => 'fraudState=review_opened',
  skuId: () => 'skuId=digital-7',
  'skuId of no order': () => 'skuId=nothing',
  'state, email': ({ email }) => `state=confirmed&email=${encodeURIComponent(email)}`,
  'state of no order, currency, sku': () => 'state=blocked&currency=USD&skuId=digital-7',
}

function readings(order: Sample): Reading[] {
  const withPages = (list: string, base: string, as: Caller, after: string, edge: string): Reading[] => [
    { name: list, as, path: () => base },
    { name: `${list}, a deep page`, as, path: () => `${base}${base.includes('?') ? '&' : '?'}${after}=${edge}` },
  ]
  const deep = (kind: string) => order.id.replace('ord', kind)
  const lists: Reading[] = [
    ...withPages('GET /v2/events', '/v2/events', 'key', 'startingAfter', deep('evt')),
    { name: 'GET /v2/events, type', as: 'key', path: () => '/v2/events?type=order.refunded' },
    { name: 'GET /v2/events, orderId', as: 'key', path: ({ id }) => `/v2/events?orderId=${id}` },
    ...withPages('GET /v2/refunds', '/v2/refunds', 'key', 'startingAfter', deep('re')),
    { name: 'GET /v2/refunds, state of none', as: 'key', path: () => '/v2/refunds?state=failed' },
    { name: 'GET /v2/refunds, orderId', as: 'key', path: ({ id }) => `/v2/refunds?orderId=${id}` },
    { name: 'GET /v2/returns', as: 'key', path: () => '/v2/returns' },
    { name: 'GET /v2/fulfillments', as: 'key', path: () => '/v2/fulfillments' },
    { name: 'GET /v2/customers', as: 'key', path: () => '/v2/customers' },
    {
      name: 'GET /v2/customers, email',
      as: 'key',
      path: ({ email }) => `/v2/customers?email=${encodeURIComponent(email)}`,
    },
    {
      name: 'GET /v2/customers, to be forgotten',
      as: 'key',
      path: () => '/v2/customers?requestToBeForgotten=true',
    },
    { name: 'GET /v2/checkouts', as: 'key', path: () => '/v2/checkouts' },
    { name: 'GET /v2/checkouts, email', as: 'key', path: () => '/v2/checkouts?email=nobody%40example.com' },
    { name: 'GET /v2/files', as: 'key', path: () => '/v2/files' },
    { name: 'GET /v2/files, title', as: 'key', path: () => '/v2/files?title=nothing' },
    { name: 'GET /v2/file-links', as: 'key', path: () => '/v2/file-links' },
    { name: 'GET /v2/erasures', as: 'key', path: () => '/v2/erasures' },
    { name: 'GET /v2/tax-identifiers', as: 'key', path: () => '/v2/tax-identifiers' },
    { name: 'GET /v2/skus', as: 'key', path: () => '/v2/skus' },
    { name: 'GET /v2/merchants', as: 'key', path: () => '/v2/merchants' },
    { name: 'GET /v2/settlements', as: 'key', path: () => '/v2/settlements' },
    { name: 'GET /v2/orders/{id}', as: 'key', path: ({ id }) => `/v2/orders/${id}` },
    { name: 'GET /v2/digital/products', as: 'key', path: () => '/v2/digital/products' },
    { name: 'GET /v2/digital/links', as: 'key', path: () => '/v2/digital/links' },
    ...withPages('GET /v2/digital/orders', '/v2/digital/orders', 'key', 'starting_after', order.id),
    ...['pending', 'paid', 'failed', 'delivered'].map(
      (status): Reading => ({
        name: `GET /v2/digital/orders, ${status}`,
        as: 'key',
        path: () => `/v2/digital/orders?status=${status}`,
      }),
    ),
  ]
  const orders = Object.entries(orderFilters).flatMap(([name, filter]) =>
    withPages(`GET /v2/orders${name && `, ${name}`}`, `/v2/orders?${filter(order)}`, 'key', 'startingAfter', order.id),
  )
  return [...orders, ...lists, ...pagesOf(order, withPages)]
}

function pagesOf(
  order: Sample,
  withPages: (list: string, base: string, as: Caller, after: string, edge: string) => Reading[],
): Reading[] {
  const page = (name: string, as: Caller, path: (order: Sample) => string): Reading => ({ name, as, path })
  const dashboard = '/dashboard/orders'
  const search = (text: string) => `${dashboard}?search=${encodeURIComponent(text)}`
  return [
    ...withPages('dashboard, orders', dashboard, 'seller', 'after', order.id),
    page('dashboard, search email', 'seller', ({ email }) => search(email)),
    page('dashboard, search begin of email', 'seller', ({ email }) => search(email.split('@')[0] ?? '')),
    page('dashboard, search name', 'seller', ({ buyer_name }) => search(buyer_name ?? 'Nobody')),
    page('dashboard, search what most have', 'seller', () => search('buyer')),
    page('dashboard, search nothing', 'seller', () => search('zzzz')),
    page('dashboard, search id', 'seller', ({ id }) => search(id)),
    ...['pending', 'paid', 'failed', 'delivered'].map((status) =>
      page(`dashboard, ${status}`, 'seller', () => `${dashboard}?status=${status}`),
    ),
    page('dashboard, attention', 'seller', () => `${dashboard}?attention=1`),
    page('dashboard, failed and nothing', 'seller', () => `${dashboard}?status=failed&search=zzzz`),
    page('dashboard, an order', 'seller', ({ id }) => `${dashboard}/${id}`),
    ...[7, 30, 90, 365].map((days) =>
      page(`dashboard, revenue of ${days} days`, 'seller', () => `/dashboard/revenue?days=${days}`),
    ),
    ...['links', 'products', 'files', 'webhooks', 'keys', 'people'].map((name) =>
      page(`dashboard, ${name}`, 'seller', () => `/dashboard/${name}`),
    ),
    page('/ops', 'operator', () => '/ops'),
    ...['merchants', 'people', 'mailbox'].map((name) => page(`/ops/${name}`, 'operator', () => `/ops/${name}`)),
    page('GET /v2/ops/tasks', 'operator', () => '/v2/ops/tasks'),
    ...['failed', 'done', 'pending', 'enqueued'].map((state) =>
      page(`GET /v2/ops/tasks, ${state}`, 'operator', () => `/v2/ops/tasks?state=${state}`),
    ),
    page('GET /v2/ops/tasks, orderId', 'operator', ({ id }) => `/v2/ops/tasks?orderId=${id}`),
    page('GET /v2/ops/orphans', 'operator', () => '/v2/ops/orphans'),
    page('/metrics', 'operator', () => '/metrics'),
  ]
}

/**
 * Asks for every list and every page, one after the other, as the merchant with most orders, its seller and an operator. Returns the
 * milliseconds of each. @throws Error for an answer that is none
 */
export async function readEverything(stage: Stage, merchantId: string): Promise<ReadTimes> {
  const callers: Record<Caller, Record<string, string>> = {
    key: { authorization: `Bearer ${keys.secret}` },
    operator: await signedIn(stage, people.BOOTSTRAP_ADMIN_EMAIL, people.BOOTSTRAP_ADMIN_PASSWORD),
    seller: await signedIn(stage, people.BOOTSTRAP_SELLER_EMAIL, people.BOOTSTRAP_SELLER_PASSWORD),
  }
  const orders = await samples(stage, merchantId)
  const times = new Map<string, number[]>()
  for (const order of orders) {
    for (const { name, as, path } of readings(order)) {
      const list = times.get(name) ?? []
      times.set(name, list)
      // What takes seconds need not be asked forty times to be known.
      if (list.length >= 5 && Math.min(...list) > 1_000) continue
      const begunAt = performance.now()
      const answer = await stage.http.api.call('GET', path(order), { headers: callers[as], timeoutMs: 120_000 })
      list.push(performance.now() - begunAt)
      if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${answer.text.slice(0, 200)}`)
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, spread(list.slice(1))]))
}

async function signedIn({ http, urls }: Stage, email: string, password: string): Promise<Record<string, string>> {
  const answer = await fetch(`${http.api.base}/v2/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: urls.api },
    body: JSON.stringify({ email, password }),
  })
  if (!answer.ok) parsed({ status: answer.status, text: await answer.text() }, 'sign-in')
  return { cookie: answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '', accept: 'text/html' }
}
