import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { NodeProcess } from '../src/boot/services/node-process.ts'
import { freePort } from '../src/boot/services/ports.ts'
import { waitFor } from '../src/boot/services/wait-for.ts'
import { type HttpClient, httpClient } from './http-client.ts'
import { cpuDifference, cpuEach, type Pids, quiet, type Reading, readMeters } from './meter.ts'
import { loadOrders, payOrder } from './order-load.ts'
import { type Spread, Stopwatch, spread } from './percentiles.ts'
import { control, shop } from './shop.ts'
import { keys, type Stage } from './stage.ts'

export type WebhookPhase = {
  name: string
  events: number
  answeredPerSecond: number
  latency: Spread
  /** From the first event sent until the last one was applied, where there is something to apply. */
  appliedPerSecond: number | undefined
  cpuMsPerEvent: Reading['cpuMs']
  problems: string[]
}

type Event = { id: string; type: string; data: { object: Record<string, unknown> } }

const bareName = 'bare server (verified, inserted)'

/**
 * Posts distinct events that were signed beforehand and counts the 200s: to a bare server that verifies and inserts them, which is the
 * floor; then to ours, of a type that is only stored, as repetitions of what is known, and as the first news of the payments of fresh
 * orders, which the workers apply while the next ones arrive.
 */
export async function webhookPhases(
  stage: Stage,
  pids: Pids,
  { events, concurrency }: { events: number; concurrency: number },
): Promise<WebhookPhase[]> {
  await loadOrders(stage, { lines: ['digital'], orders: 50, seconds: 60, concurrency: 16 })
  await quiet(stage)
  const known = await listEvents(stage, 50)
  const like = (index: number): Event => known[index % known.length] as Event
  const made = (prefix: string, event: (index: number) => Event) =>
    Array.from({ length: events }, (_, index) => ({ ...event(index), id: `${prefix}${index}` }))
  const ours = { client: stage.http.api, pids, concurrency }

  const phases: WebhookPhase[] = [await bareServer(stage, made('evt_bare_', like), concurrency)]
  const stored = made('evt_stored_', (index) => ({ ...like(index), type: 'charge.pending' }))
  phases.push({ name: 'irrelevant type (stored)', ...(await post(stage, stored, ours)) })
  const restated = made('evt_restated_', like)
  phases.push({ name: 'restates what is known (stored, done)', ...(await post(stage, restated, ours)) })
  const fresh = await withheld(stage, events)
  phases.push({ name: 'first success of an order (stored, applied)', ...(await post(stage, fresh.events, ours)) })
  await quiet(stage)
  await fresh.release()
  return phases
}

/** Intake of the last kind by that of the bare server: what is left of the floor. */
export function shareOfBare(phases: readonly WebhookPhase[], name: string): number | undefined {
  const bare = phases.find((phase) => phase.name === bareName)
  const phase = phases.find((candidate) => candidate.name === name)
  return bare && phase ? phase.answeredPerSecond / bare.answeredPerSecond : undefined
}

/** The newest `payment_intent.succeeded` that the sandbox knows. @throws Error where it knows fewer than wanted */
async function listEvents(stage: Stage, wanted: number): Promise<Event[]> {
  const headers = { authorization: 'Bearer sk_test_sandbox' }
  const found: Event[] = []
  while (found.length < wanted) {
    const after = found.at(-1)
    const query = `type=payment_intent.succeeded&limit=${Math.min(100, wanted - found.length)}`
    const path = `/v1/events?${query}${after ? `&starting_after=${after.id}` : ''}`
    const { text } = await stage.http.sandbox.call('GET', path, { headers })
    const { data } = JSON.parse(text) as { data: Event[] }
    if (data.length === 0) throw new Error(`the sandbox has ${found.length} successes, ${wanted} are wanted`)
    found.push(...data)
  }
  return found
}

/** Orders that are paid at the provider, whose webhooks it keeps to itself until `release`. */
async function withheld(stage: Stage, orders: number): Promise<{ events: Event[]; release(): Promise<void> }> {
  const { enabledEvents } = await control(stage, 'GET', '/sandbox/webhooks')
  await control(stage, 'POST', '/sandbox/webhooks', { enabledEvents: [] })
  const store = shop(stage)
  let begun = 0
  const lane = async () => {
    while (begun < orders) {
      begun += 1
      await payOrder(store, new Stopwatch(), ['digital'])
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  await quiet(stage)
  return {
    events: await listEvents(stage, orders),
    release: async () => {
      await control(stage, 'POST', '/sandbox/webhooks', { enabledEvents })
    },
  }
}

type Target = { client: HttpClient; pids: Pids; concurrency: number }

/** The same events at a server that does nothing else with them. */
async function bareServer(stage: Stage, events: readonly Event[], concurrency: number): Promise<WebhookPhase> {
  const port = await freePort()
  const server: NodeProcess = await stage
    .program('bare-intake', 'bench/bare-intake.ts', {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: stage.postgres.socketUrl,
      STRIPE_WEBHOOK_SECRET: keys.stripeWebhook,
    })
    .start()
  const client = httpClient(`http://127.0.0.1:${port}`)
  try {
    const answers = () =>
      client.call('GET', '/').then(
        () => true,
        () => false,
      )
    await waitFor('the bare server', answers, { timeoutMs: 15_000 })
    const pids = { api: [server.pid], postgres: [stage.postgres.pid] }
    const sent = await send(stage, events, { client, pids, concurrency })
    const { rows } = await stage.sql.query<{ n: number }>('select count(*)::int as n from bare_intake')
    const problems = rows[0]?.n === events.length ? [] : [`the bare server stored ${rows[0]?.n} of ${events.length}`]
    return { name: bareName, ...sent, appliedPerSecond: undefined, problems }
  } finally {
    client.close()
    await server.stop({ graceMs: 5_000 })
    await stage.sql.query('drop table if exists bare_intake')
  }
}

async function post(stage: Stage, events: readonly Event[], target: Target): Promise<Omit<WebhookPhase, 'name'>> {
  const startedAt = performance.now()
  const ids = events.map(({ id }) => id)
  const sent = await send(stage, events, target, async () => applied(stage, ids))
  const seconds = (sent.endedAt - startedAt) / 1_000
  return { ...sent, appliedPerSecond: events.length / seconds, problems: await missing(stage, ids, sent.refused) }
}

async function send(
  stage: Stage,
  events: readonly Event[],
  { client, pids, concurrency }: Target,
  done: () => Promise<void> = async () => {},
) {
  const signed = events.map(signedEvent)
  const before = await readMeters(stage, pids)
  const times: number[] = []
  let next = 0
  let refused = 0
  const startedAt = performance.now()
  const lane = async () => {
    for (;;) {
      const event = signed[next]
      next += 1
      if (!event) return
      const sentAt = performance.now()
      const { status } = await client.call('POST', '/webhooks/stripe', event)
      times.push(performance.now() - sentAt)
      if (status !== 200) refused += 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const seconds = (performance.now() - startedAt) / 1_000
  await done()
  const endedAt = performance.now()
  const after = await readMeters(stage, pids)
  return {
    events: events.length,
    answeredPerSecond: (events.length - refused) / seconds,
    latency: spread(times),
    cpuMsPerEvent: cpuEach(cpuDifference(after.cpuMs, before.cpuMs), events.length),
    refused,
    endedAt,
  }
}

function signedEvent(event: Event) {
  const body = JSON.stringify(event)
  const timestamp = Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', keys.stripeWebhook).update(`${timestamp}.${body}`).digest('hex')
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': `t=${timestamp},v1=${signature}`,
  }
  return { body, headers }
}

/** Waits until every one of the events is handled. */
async function applied(stage: Stage, ids: readonly string[]): Promise<void> {
  const deadline = Date.now() + 120_000
  for (;;) {
    const { rows } = await stage.sql.query<{ open: number }>(
      'select count(*)::int as open from inbox_events where event_id = any($1) and handled_at is null',
      [ids],
    )
    if (rows[0]?.open === 0) return
    if (Date.now() > deadline) throw new Error(`${rows[0]?.open} webhooks stay unapplied`)
    await pause(50)
  }
}

async function missing(stage: Stage, ids: readonly string[], refused: number): Promise<string[]> {
  const { rows } = await stage.sql.query<{ stored: number }>(
    'select count(*)::int as stored from inbox_events where event_id = any($1)',
    [ids],
  )
  const { stored = 0 } = rows[0] ?? {}
  return [
    ...(refused > 0 ? [`${refused} webhooks were not answered 200`] : []),
    ...(stored === ids.length - refused ? [] : [`${stored} webhooks stored, ${ids.length - refused} acknowledged`]),
  ]
}
