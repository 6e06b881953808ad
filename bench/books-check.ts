import type { Line } from './shop.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

export type Summary = Record<string, { count: number; repeated: number; sum: number }>

type Kind = { count: number; repeated: number; sums: Record<string, number> }

const kinds: readonly [provider: string, kind: string][] = [
  ['stripe', 'paymentIntents'],
  ['stripe', 'captures'],
  ['stripe', 'refunds'],
  ['stripe', 'transfers'],
  ['easypost', 'labels'],
  ['printful', 'orders'],
]

/** The sandbox's own counts of what it did, with sums in cents. */
export async function readSummary(stage: Pick<Stage, 'http'>): Promise<Summary> {
  const books = (await control(stage, 'GET', '/sandbox/books?summary=1')) as Record<string, Record<string, Kind>>
  return Object.fromEntries(
    kinds.map(([provider, kind]) => {
      const { count = 0, repeated = 0, sums = {} } = books[provider]?.[kind] ?? {}
      return [`${provider}.${kind}`, { count, repeated, sum: sums.usd ?? 0 }]
    }),
  )
}

/**
 * What is wrong after a phase in which `orderIds` were placed with `lines` each: one sentence per disagreement between
 * our tables, the providers' books and what was ordered. Empty when everything happened exactly once.
 */
export async function checkPhase(
  stage: Stage,
  phase: { orderIds: readonly string[]; lines: readonly Line[]; before: Summary; after: Summary },
): Promise<string[]> {
  const { orderIds, lines, before, after } = phase
  const { rows } = await stage.sql.query<{ confirmed: number; amount: string; shares: string; attention: number }>(
    `select (select count(*)::int from orders where id = any($1) and state in ('confirmed', 'fulfilled', 'complete')) as confirmed,
       (select count(*)::int from orders where id = any($1) and attention is not null) as attention,
       (select coalesce(sum(total_amount), 0) from orders where id = any($1)) as amount,
       (select coalesce(sum(amount), 0) from splits where order_id = any($1) and destination is not null and state = 'executed') as shares`,
    [orderIds],
  )
  const ours = rows[0]
  const orders = orderIds.length
  const having = (line: Line) => (lines.includes(line) ? orders : 0)
  const delta = (kind: string, field: 'count' | 'repeated' | 'sum') =>
    (after[kind]?.[field] ?? 0) - (before[kind]?.[field] ?? 0)
  const expectations: readonly [what: string, found: number, expected: number][] = [
    ['different orders', new Set(orderIds).size, orders],
    ['orders CONFIRMED', ours?.confirmed ?? 0, orders],
    ['orders that wait for a person', ours?.attention ?? 0, 0],
    ['payment intents', delta('stripe.paymentIntents', 'count'), orders],
    ['captures', delta('stripe.captures', 'count'), orders],
    ['cents captured', delta('stripe.captures', 'sum'), Number(ours?.amount ?? 0)],
    ['refunds', delta('stripe.refunds', 'count'), 0],
    ['transfers', delta('stripe.transfers', 'count'), orders],
    ['cents transferred', delta('stripe.transfers', 'sum'), Number(ours?.shares ?? 0)],
    ['labels', delta('easypost.labels', 'count'), having('physical')],
    ['print orders', delta('printful.orders', 'count'), having('pod')],
    ...kinds.map(
      ([provider, kind]) =>
        [`${kind} repeated`, delta(`${provider}.${kind}`, 'repeated'), 0] as [string, number, number],
    ),
  ]
  return expectations
    .filter(([, found, expected]) => found !== expected)
    .map(([what, found, expected]) => `${what}: ${found} instead of ${expected}`)
}
