import { createHmac } from 'node:crypto'
import { cpuDifference, cpuEach, type Pids, quiet, type Reading, readMeters } from './meter.ts'
import { loadOrders } from './order-load.ts'
import { type Spread, spread } from './percentiles.ts'
import { keys, type Stage } from './stage.ts'

export type WebhookPhase = {
  name: string
  events: number
  answeredPerSecond: number
  latency: Spread
  /** From the last answer until the workers had applied everything. */
  drainSeconds: number
  cpuMsPerEvent: Reading['cpuMs']
  problems: string[]
}

type Event = { id: string; type: string; data: { object: Record<string, unknown> } }

/**
 * Posts distinct events that were signed beforehand and counts the 200s. `irrelevant` ones are only stored; `relevant`
 * ones repeat what is known about real payments, so each is stored, queued and applied while the next ones arrive.
 */
export async function webhookPhases(
  stage: Stage,
  pids: Pids,
  { events, concurrency }: { events: number; concurrency: number },
): Promise<WebhookPhase[]> {
  await loadOrders(stage, { lines: ['digital'], orders: 50, seconds: 60, concurrency: 16 })
  await quiet(stage)
  const { data } = await listEvents(stage)
  if (data.length === 0) throw new Error('the sandbox has sent no charge.succeeded')
  const like = (index: number): Event => data[index % data.length] as Event
  const kinds: [string, (index: number) => Event][] = [
    ['irrelevant type (stored)', (index) => ({ ...like(index), type: 'charge.pending' })],
    ['relevant type (stored, queued, applied)', like],
  ]
  const phases: WebhookPhase[] = []
  for (const [name, event] of kinds) {
    const prefix = `evt_bench${phases.length}_`
    const bodies = Array.from({ length: events }, (_, index) =>
      JSON.stringify({ ...event(index), id: `${prefix}${index}` }),
    )
    phases.push({ name, ...(await post(stage, pids, { bodies, concurrency, prefix })) })
  }
  return phases
}

async function listEvents(stage: Stage): Promise<{ data: Event[] }> {
  const headers = { authorization: 'Bearer sk_test_sandbox' }
  const { text } = await stage.http.sandbox.call('GET', '/v1/events?type=charge.succeeded&limit=50', { headers })
  return JSON.parse(text) as { data: Event[] }
}

async function post(
  stage: Stage,
  pids: Pids,
  { bodies, concurrency, prefix }: { bodies: readonly string[]; concurrency: number; prefix: string },
): Promise<Omit<WebhookPhase, 'name'>> {
  const timestamp = Math.floor(Date.now() / 1_000)
  const signed = bodies.map((body) => ({
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': `t=${timestamp},v1=${createHmac('sha256', keys.stripeWebhook).update(`${timestamp}.${body}`).digest('hex')}`,
    },
  }))
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
      const { status } = await stage.http.api.call('POST', '/webhooks/stripe', event)
      times.push(performance.now() - sentAt)
      if (status !== 200) refused += 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const seconds = (performance.now() - startedAt) / 1_000
  await quiet(stage)
  const drainSeconds = (performance.now() - startedAt) / 1_000 - seconds
  const after = await readMeters(stage, pids)
  return {
    events: bodies.length,
    answeredPerSecond: (bodies.length - refused) / seconds,
    latency: spread(times),
    drainSeconds,
    cpuMsPerEvent: cpuEach(cpuDifference(after.cpuMs, before.cpuMs), bodies.length),
    problems: await missing(stage, bodies.length, refused, prefix),
  }
}

async function missing(stage: Stage, sent: number, refused: number, prefix: string): Promise<string[]> {
  const { rows } = await stage.sql.query<{ stored: number; unhandled: number }>(
    `select count(*)::int as stored, count(*) filter (where handled_at is null)::int as unhandled
     from inbox_events where event_id like $1 || '%'`,
    [prefix],
  )
  const { stored = 0, unhandled = 0 } = rows[0] ?? {}
  return [
    ...(refused > 0 ? [`${refused} webhooks were not answered 200`] : []),
    ...(stored === sent - refused ? [] : [`${stored} webhooks stored, ${sent - refused} acknowledged`]),
    ...(unhandled > 0 ? [`${unhandled} webhooks stored and never applied`] : []),
  ]
}
