import type { FillPhase } from './fill-phase.ts'
import { fillText } from './fill-report.ts'
import type { Machine } from './machine.ts'
import { type OrderPhase, paidToConfirmed } from './order-phase.ts'
import type { StatementCount } from './statement-count.ts'
import type { StatementTime } from './statement-times.ts'
import { figure, table } from './table.ts'
import { shareOfBare, type WebhookPhase } from './webhook-load.ts'

export type Floor = { insertsPerSecond: number; jobsAddedPerSecond: number; jobsDonePerSecond: number }

export type BenchResult = {
  machine: Machine
  settings: Record<string, string | number>
  floor: Floor | undefined
  fill: FillPhase | undefined
  phases: OrderPhase[]
  webhooks: WebhookPhase[]
}

const shownStatements = 14
const shownTimes = 25
const engine = ['api', 'workers', 'postgres', 'redis']
/** What plays the providers, the buyers and the storefront: no shop's own cost. */
const surroundings = ['sandbox', 'load']

/** The whole result as text for the console. */
export function benchReport({ machine, settings, floor, fill, phases, webhooks }: BenchResult): string {
  const facts = Object.entries({ ...machine, ...settings }).map(([name, value]) => `  ${name.padEnd(14)} ${value}`)
  return [
    ['Machine and settings', ...facts].join('\n'),
    ...(floor ? [floorText(floor)] : []),
    ...(fill ? [fillText(fill)] : []),
    ...phases.map((phase) => orderText(phase, floor)),
    ...(webhooks.length > 0 ? [webhookText(webhooks)] : []),
    ...(phases.length > 1 ? [overview(phases)] : []),
  ].join('\n\n')
}

/** One line a phase. */
function overview(phases: readonly OrderPhase[]): string {
  return table(
    ['phase', 'orders/s', 'engine CPU ms', 'all CPU ms', 'paid → CONFIRMED p50 ms', 'p99 ms', 'idle %'],
    phases.map(({ name, ordersPerSecond, perOrder, wholeOrder, idle }) => {
      const { p50 = 0, p99 = 0 } = wholeOrder[paidToConfirmed] ?? {}
      const sum = (names: readonly string[]) => names.reduce((all, each) => all + (perOrder.cpuMs[each]?.all ?? 0), 0)
      const own = sum(engine)
      return [name, ordersPerSecond, own, own + sum(surroundings), p50, p99, 100 * idle]
    }),
  )
}

function floorText({ insertsPerSecond, jobsAddedPerSecond, jobsDonePerSecond }: Floor): string {
  return [
    'The floor: what Postgres and Redis do here with nothing of ours in between',
    table(
      ['what', 'per second'],
      [
        ['INSERT of one small row + COMMIT, 8 connections, prepared', insertsPerSecond],
        ['BullMQ jobs added, addBulk of 500', jobsAddedPerSecond],
        ['BullMQ jobs that do nothing, concurrency 16', jobsDonePerSecond],
      ],
    ),
  ].join('\n')
}

function orderText(phase: OrderPhase, floor: Floor | undefined): string {
  const { perOrder, statements } = phase
  const spreads = (title: string, steps: OrderPhase['httpSteps']) =>
    table(
      [title, 'count', 'p50 ms', 'p99 ms'],
      Object.entries(steps).map(([step, { count, p50, p99 }]) => [step, count, p50, p99]),
    )
  const cpuOf = (names: readonly string[]) =>
    names.map((name): [string, number, number] => {
      const { all, kernel } = perOrder.cpuMs[name] ?? { all: 0, kernel: 0 }
      return [name, all, kernel]
    })
  const together = (title: string, rows: readonly [string, number, number][]): [string, number, number] => [
    title,
    rows.reduce((sum, [, all]) => sum + all, 0),
    rows.reduce((sum, [, , kernel]) => sum + kernel, 0),
  ]
  const own = cpuOf(engine)
  const around = cpuOf(surroundings)
  const cost: [string, string | number][] = [
    ['commits, reads included (pg_stat_database)', perOrder.commits],
    ['transactions that wrote (transaction ids)', perOrder.writes],
    ['WAL fsyncs', perOrder.walSyncs],
    ['WAL bytes', perOrder.walBytes],
    ['statements, begin and commit included (server log of 100 extra orders)', statements?.total ?? 'not counted'],
    ['statements (API counter on /metrics)', perOrder.statements ?? 'not exposed'],
    ['jobs', perOrder.tasks],
    ['webhooks stored', perOrder.webhooks],
  ]
  const share = floor
    ? `; the floor allows ${figure(floor.insertsPerSecond / Math.max(1, perOrder.writes))} by writes alone`
    : ''
  return [
    `${phase.name}: ${figure(phase.ordersPerSecond)} orders/s (${phase.orders} in ${figure(phase.seconds)} s${share}; ${figure(100 * phase.idle)} % of the machine idle)`,
    spreads('HTTP step, by the load', phase.httpSteps),
    spreads('task, created → done', phase.taskSteps),
    spreads('order', phase.wholeOrder),
    table(
      ['CPU per order', 'ms', 'of it kernel'],
      [
        ...own,
        together('the engine', own),
        ...around,
        together('sandbox and load', around),
        together('together', [...own, ...around]),
      ],
    ),
    table(['per order', ''], cost),
    ...(statements ? [statementText(statements)] : []),
    ...(phase.times ? [timesText(phase.times)] : []),
    `  audit: ${phase.audit.payments} payments compared with the provider's books in ${figure(phase.audit.seconds)} s`,
    verdict(phase.problems),
  ].join('\n\n')
}

function statementText({ byProcess, top }: StatementCount): string {
  return table(
    ['statements per order', 'by', ''],
    [
      ...Object.entries(byProcess).map(([name, count]): [string, string, number] => ['all', name, count]),
      ...top
        .slice(0, shownStatements)
        .map(({ text, process, count }): [string, string, number] => [text.slice(0, 70), process, count]),
    ],
  )
}

function timesText(times: readonly StatementTime[]): string {
  return table(
    ['Postgres time per order', 'ms', 'calls', 'rows', 'WAL bytes'],
    times
      .slice(0, shownTimes)
      .map(({ text, ms, calls, rows, walBytes }) => [
        text.replaceAll(/\s+/g, ' ').slice(0, 90),
        ms,
        calls,
        rows,
        walBytes,
      ]),
  )
}

function webhookText(phases: readonly WebhookPhase[]): string {
  return [
    'Webhook intake, signed beforehand, 32 at once',
    table(
      [
        'events',
        'answered 200/s',
        'of the bare server %',
        'p50 ms',
        'p99 ms',
        'applied/s',
        'api CPU ms',
        'workers CPU ms',
        'postgres CPU ms',
      ],
      phases.map((phase) => [
        phase.name,
        phase.answeredPerSecond,
        100 * (shareOfBare(phases, phase.name) ?? 1),
        phase.latency.p50,
        phase.latency.p99,
        phase.appliedPerSecond ?? '',
        phase.cpuMsPerEvent.api?.all ?? 0,
        phase.cpuMsPerEvent.workers?.all ?? 0,
        phase.cpuMsPerEvent.postgres?.all ?? 0,
      ]),
    ),
    verdict(phases.flatMap(({ problems }) => problems)),
  ].join('\n')
}

function verdict(problems: readonly string[]): string {
  return problems.length === 0
    ? '  books: agree'
    : ['  books: DISAGREE', ...problems.map((problem) => `    ${problem}`)].join('\n')
}
