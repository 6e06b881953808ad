import type { ByHand, Line } from './books.ts'
import { Chance } from './chance.ts'
import type { Elsewhere } from './other-providers.ts'

/** How one buyer behaves. */
export type Manner = 'pays' | 'declined_first' | 'three_d_secure' | 'cancels' | 'cancels_while_paying' | Elsewhere

export type PlannedOrder = { lines: readonly Line[]; manner: Manner; startMs: number }

/** One blow of the nemesis; `kill` hits the process of that name, `kill_workers` all of them at once. */
export type PlannedFault = { atMs: number } & (
  | { kind: 'kill'; process: string }
  | { kind: 'kill_workers' | 'flush_redis' | 'kill_redis' | 'restart_postgres' }
  | { kind: 'webhooks'; provider: string; mode: 'normal' | 'duplicate' | 'shuffle' | 'delay' }
  | { kind: 'outage'; provider: string; operations: readonly string[]; forMs: number }
  /** Somebody acts in the provider's dashboard; `nth` picks what is acted on. */
  | { kind: 'dashboard'; act: ByHand['act']; nth: number }
)

/**
 * What a run is about: the usual storm; a database that is restored to an earlier moment while everything goes on; providers that are away
 * for longer than tasks try at once; refunds, reversals and cancellations made in the provider's dashboard.
 */
export const scenarios = ['storm', 'restore', 'provider-outage', 'dashboard'] as const
export type Scenario = (typeof scenarios)[number]

export type ChaosPlan = { orders: PlannedOrder[]; faults: PlannedFault[] }

const baskets: readonly [readonly Line[], ...(readonly Line[])[]] = [
  ['physical'],
  ['pod'],
  ['digital', 'physical', 'pod'],
  ['physical', 'pod'],
]
const webhookModes = ['duplicate', 'shuffle', 'delay'] as const

/**
 * The orders and the blows of one run, fixed by the seed: half the orders digital, a quarter of these paid elsewhere than at Stripe, the rest shipped and printed; processes
 * are killed every second or two, Redis is emptied twice and killed once, Postgres crashes once, webhooks are repeated,
 * shuffled and delayed. Only how they meet in time is left to the machine.
 */
export function planChaos(options: {
  seed: number
  orders: number
  /** Over how long the orders are spread; blows fall from the beginning to the end of it. */
  spreadMs: number
  processes: readonly [string, ...string[]]
  scenario: Scenario
}): ChaosPlan {
  const chance = new Chance(options.seed)
  const { orders: count, spreadMs, scenario } = options
  const orders = Array.from({ length: count }, (_, index): PlannedOrder => {
    const digital = index % 2 === 0 || isAfterBackup(scenario, index, count)
    const lines = digital ? (['digital'] as const) : chance.pick(baskets)
    const manner =
      digital && scenario !== 'restore' && index % 8 === 0 ? mannersElsewhere(index) : mannerOf(chance.next())
    return { lines, manner, startMs: (index * spreadMs) / count }
  })
  // A backup in the middle stops Postgres itself.
  const faults = planFaults(chance, spreadMs, options.processes).filter(
    ({ kind }) => scenario !== 'restore' || kind !== 'restart_postgres',
  )
  if (scenario === 'provider-outage') faults.push(...planOutages(chance, spreadMs))
  if (scenario === 'dashboard') faults.push(...planActs(chance, spreadMs))
  return { orders, faults: faults.sort((a, b) => a.atMs - b.atMs) }
}

/** Orders of the time that a restore forgets; goods of these could not be called back, so they are digital. */
export const isAfterBackup = (scenario: Scenario, index: number, count: number): boolean =>
  scenario === 'restore' && index >= Math.ceil(count / 2)

// A buyer's own confirmation is a request to Stripe, too, and not what is to fail here.
const callsOfOurs = {
  stripe: ['payment_intents.create', 'payment_intents.retrieve', 'payment_intents.cancel', 'transfers.create'],
  easypost: ['*'],
  printful: ['*'],
}

/** Each provider is away twice, for several seconds each time. */
const planOutages = (chance: Chance, spreadMs: number): PlannedFault[] =>
  Object.entries(callsOfOurs).flatMap(([provider, operations]) =>
    [0.15, 0.6].map(
      (share): PlannedFault => ({
        atMs: spreadMs * (share + chance.between(0, 0.1)),
        kind: 'outage',
        provider,
        operations,
        forMs: Math.round(chance.between(4_000, 9_000)),
      }),
    ),
  )

/** Somebody in the dashboard, every second. */
function planActs(chance: Chance, spreadMs: number): PlannedFault[] {
  const acts: PlannedFault[] = []
  for (let atMs = 3_000; atMs < spreadMs; atMs += chance.between(500, 1_500))
    acts.push({
      atMs,
      kind: 'dashboard',
      act: chance.pick(['refund', 'part', 'reversal', 'cancel'] as const),
      nth: Math.floor(chance.next() * 1_000),
    })
  return acts
}

/** Every fourth digital order is paid elsewhere than at Stripe, at one provider after the other. */
const mannersElsewhere = (index: number): Elsewhere =>
  (['pays_at_paypal', 'pays_in_bitcoin', 'pays_at_telr', 'pays_at_bonum'] as const)[(index / 8) % 4] ?? 'pays_at_paypal'

function mannerOf(roll: number): Manner {
  if (roll < 0.6) return 'pays'
  if (roll < 0.74) return 'declined_first'
  if (roll < 0.86) return 'three_d_secure'
  if (roll < 0.93) return 'cancels'
  return 'cancels_while_paying'
}

function planFaults(chance: Chance, spreadMs: number, processes: readonly [string, ...string[]]): PlannedFault[] {
  const faults: PlannedFault[] = []
  for (let atMs = 1_000; atMs < spreadMs; atMs += chance.between(600, 2_000)) {
    // One in eight takes every worker at once: whatever they were doing is then nobody's.
    if (chance.next() < 1 / 8) faults.push({ atMs, kind: 'kill_workers' })
    else faults.push({ atMs, kind: 'kill', process: chance.pick(processes) })
  }
  for (const provider of ['stripe', 'easypost', 'printful', 'paypal', 'btcpay', 'telr', 'bonum']) {
    for (let atMs = chance.between(0, 1_500); atMs < spreadMs; atMs += chance.between(3_000, 6_000))
      faults.push({ atMs, kind: 'webhooks', provider, mode: chance.pick(webhookModes) })
    faults.push({ atMs: spreadMs, kind: 'webhooks', provider, mode: 'normal' })
  }
  const once = (share: number, kind: 'flush_redis' | 'kill_redis' | 'restart_postgres') =>
    faults.push({ atMs: spreadMs * (share + chance.between(-0.08, 0.08)), kind })
  once(0.25, 'flush_redis')
  once(0.45, 'kill_redis')
  once(0.6, 'restart_postgres')
  once(0.8, 'flush_redis')
  return faults
}

/** The misfortunes of the providers' endpoints during a run: `rate` of the requests each. */
export const providerFaults: readonly Record<string, unknown>[] = (
  [
    ['stripe', 'transfers.create'],
    ['stripe', 'payment_intents.create'],
    ['easypost', 'shipments.create'],
    ['easypost', 'shipments.buy'],
    ['printful', 'orders.create'],
    ['printful', 'orders.confirm'],
    ['paypal', 'orders.create'],
    ['paypal', 'orders.capture'],
    ['btcpay', 'invoices.create'],
    ['telr', 'orders.create'],
    ['telr', 'orders.check'],
    ['bonum', 'invoices.create'],
  ] as const
).flatMap(([provider, operation]) => [
  { provider, operation, kind: 'drop_after', rate: 0.05 },
  { provider, operation, kind: 'drop_before', rate: 0.03 },
  { provider, operation, kind: 'status', status: 500, after: true, rate: 0.03 },
  { provider, operation, kind: 'slow', delayMs: 3_000, rate: 0.02 },
  { provider, operation, kind: 'slow', delayMs: 3_000, after: true, rate: 0.02 },
])
