import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The process's Prometheus metrics; labels never carry ids or personal data. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requestDuration: new Histogram({
      name: 'ordermill_http_request_seconds',
      help: 'Duration of HTTP requests by route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    webhooks: new Counter({
      name: 'ordermill_webhooks_total',
      help: 'Webhooks received by provider and outcome (stored, duplicate, refused).',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    taskDuration: new Histogram({
      name: 'ordermill_task_seconds',
      help: 'Duration of task attempts by job and outcome.',
      labelNames: ['job', 'outcome'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
    tasks: new Gauge({
      name: 'ordermill_tasks',
      help: 'Unfinished and failed tasks by state.',
      labelNames: ['state'],
      registers,
    }),
    oldestTaskAge: new Gauge({
      name: 'ordermill_oldest_due_task_seconds',
      help: 'Age of the oldest task that is due and not done.',
      registers,
    }),
    oldestInboxAge: new Gauge({
      name: 'ordermill_oldest_unhandled_event_seconds',
      help: 'Age of the oldest webhook that is not applied yet.',
      registers,
    }),
    lapsingAuthorizations: new Counter({
      name: 'ordermill_lapsing_authorizations_total',
      help: 'Authorizations that came close to lapsing before everything they hold was captured or released.',
      registers,
    }),
    sweeps: new Counter({
      name: 'ordermill_sweeps_total',
      help: 'Rounds of the sweeps and purges by name and outcome (done, failed).',
      labelNames: ['sweep', 'outcome'],
      registers,
    }),
    ...providerMetrics(registers),
    attention: new Gauge({
      name: 'ordermill_orders_attention',
      help: 'Orders that wait for a person.',
      registers,
    }),
    unexplained: new Gauge({
      name: 'ordermill_books_unexplained',
      help: 'By how much a provider’s books and the ledger disagree without an explanation, in minor units.',
      labelNames: ['provider', 'currency'],
      registers,
    }),
  }
}

/** How providers and carriers answer this process. */
const providerMetrics = (registers: Registry[]) => ({
  providerCalls: new Histogram({
    name: 'ordermill_provider_call_seconds',
    help: 'Duration of calls to providers and carriers by outcome (answered, refused, unknown, unavailable, broken).',
    labelNames: ['provider', 'outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  }),
  providerPaused: new Gauge({
    name: 'ordermill_provider_paused',
    help: 'Whether this process leaves a provider alone that does not answer.',
    labelNames: ['provider'],
    registers,
  }),
})

export type Metrics = ReturnType<typeof createMetrics>
