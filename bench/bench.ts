import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { whenParentEnds } from '../src/boot/services/parent-watch.ts'
import { type BenchResult, benchReport } from './bench-report.ts'
import { fillPhase } from './fill-phase.ts'
import { insertFloor, jobFloor } from './floor.ts'
import { machineFacts } from './machine.ts'
import type { Pids } from './meter.ts'
import { orderPhase } from './order-phase.ts'
import { people } from './read-load.ts'
import { type Line, shop } from './shop.ts'
import { openStage, type Stage } from './stage.ts'
import { timingSettings } from './statement-times.ts'
import { webhookPhases } from './webhook-load.ts'

// `npm run bench`: how many complete orders a second this machine carries, on servers of its own, checked against the books.

const usage = `npm run bench -- [options]
  --only floor,quiet,digital,lines,mixed,webhooks   phases to run (default: all): orders one by one; of one digital line, of three
                    digital lines, of a digital, a shipped and a printed line; webhooks
  --orders N        orders of an order phase, and at most 100 for each one under way (default: 2000 digital, 1000 others)
  --seconds N       begin no order of a phase after this long (default: 300)
  --concurrency N,… orders under way at once, one phase each (default: 8,64,256)
  --webhooks N      events per kind (default: 4000)
  --mails           buyers are mailed, as an installation does that is not told otherwise; else only carts' shops tell them
  --fill N          measure nothing else: fill the database with N orders of a year, read every list and every page of it, and compare
                    what an order costs then with what it costs at a thousand
  --workers N       worker processes, each with every queue (default: 1)
  --warm-up N       orders placed before a phase is measured, half before ANALYZE and half after (default: 1000)
  --no-analyze      do not ANALYZE in the warm-up: shows a database in its first minute
  --postgres NAME=VALUE   a setting of Postgres to try; may be repeated
  --statements      Postgres sums up what each statement costs; slows it down a little
  --profile DIR     write a CPU profile of API and workers there; slows them down
  --all-events      Stripe and Printful send every type of event, and not only those that the runbook says to enable
  --json FILE       write everything that was measured`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'floor,quiet,digital,lines,mixed,webhooks' },
    orders: { type: 'string' },
    seconds: { type: 'string', default: '300' },
    concurrency: { type: 'string', default: '8,64,256' },
    webhooks: { type: 'string', default: '4000' },
    fill: { type: 'string' },
    mails: { type: 'boolean', default: false },
    workers: { type: 'string', default: '1' },
    'no-analyze': { type: 'boolean', default: false },
    'warm-up': { type: 'string', default: '1000' },
    postgres: { type: 'string', multiple: true, default: [] },
    statements: { type: 'boolean', default: false },
    profile: { type: 'string' },
    'all-events': { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const postgresSettings = Object.fromEntries(
  values.postgres.map((setting) => {
    const [name = '', ...value] = setting.split('=')
    return [name, value.join('=')]
  }),
)
const wanted = new Set(values.only.split(','))
const seconds = Number(values.seconds)
const concurrencies = values.concurrency.split(',').map(Number)

const kinds = new Map<string, { lines: readonly Line[]; orders: number; oneByOne?: true }>([
  ['quiet', { lines: ['digital'], orders: 100, oneByOne: true }],
  ['digital', { lines: ['digital'], orders: 2_000 }],
  ['lines', { lines: ['digital', 'digital', 'digital'], orders: 1_000 }],
  ['mixed', { lines: ['digital', 'physical', 'pod'], orders: 1_000 }],
])

let stage: Stage | undefined
let interrupted = false
const stop = () => {
  if (interrupted) process.exit(130)
  interrupted = true
  console.log('\nStopping')
  const close = stage?.close() ?? Promise.resolve()
  close.finally(() => {
    stage?.remove()
    process.exit(130)
  })
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
if (process.env.npm_lifecycle_event) whenParentEnds(stop)

try {
  const result = await run()
  console.log(`\n${benchReport(result)}`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`)
  const problems = [...result.phases, ...result.webhooks].flatMap((phase) => phase.problems)
  process.exitCode = problems.length > 0 ? 1 : 0
} catch (error) {
  if (!interrupted) console.error(error)
  process.exitCode = 1
} finally {
  if (!interrupted) {
    await stage?.close()
    stage?.remove()
  }
}

async function run(): Promise<BenchResult> {
  stage = await openStage({
    profileDir: values.profile,
    postgres: { ...(values.statements ? timingSettings : {}), ...postgresSettings },
    allEvents: values['all-events'],
    env: { ...(values.fill ? people : {}), MAILS_FOR_CARTS: String(values.mails) },
  })
  const on = stage
  const machine = await machineFacts(on)
  const settings = {
    'worker processes': Number(values.workers),
    'orders under way': values.concurrency,
    'warm-up': `${values['warm-up']} orders`,
    analyzed: values['no-analyze'] ? 'no' : 'in the middle of the warm-up',
    'buyers of carts': values.mails ? 'mailed' : 'told by their shop',
    'events of Stripe and Printful': values['all-events'] ? 'all' : 'those the runbook says to enable',
    ...postgresSettings,
  }
  const result: BenchResult = { machine, settings, floor: undefined, fill: undefined, phases: [], webhooks: [] }
  if (values.fill) {
    const pids = await startApplication(on)
    await shop(on).stock()
    result.fill = await fillPhase(on, pids, Number(values.fill))
    return result
  }

  if (wanted.has('floor')) {
    console.log('The floor …')
    const insertsPerSecond = await insertFloor(on.postgres.socketUrl, 5)
    const jobs = await jobFloor(on.redis.socketUrl, 10_000)
    result.floor = {
      insertsPerSecond,
      jobsAddedPerSecond: jobs.addedPerSecond,
      jobsDonePerSecond: jobs.donePerSecond,
    }
  }
  if (![...kinds.keys(), 'webhooks'].some((phase) => wanted.has(phase))) return result

  const pids = await startApplication(on)
  await shop(on).stock()
  for (const [kind, { lines, orders, oneByOne }] of kinds) {
    if (!wanted.has(kind)) continue
    for (const [index, concurrency] of (oneByOne ? [1] : concurrencies).entries()) {
      const name = `Complete ${kind} orders, ${concurrency} under way`
      console.log(`${name} …`)
      const count = Math.min(Number(values.orders ?? orders), 100 * concurrency)
      const load = { lines, orders: count, seconds, concurrency }
      // The plans of a kind's statements are made once; what follows in the same run has them.
      const warmUp = index > 0 ? 0 : Number(values['warm-up'])
      const analyze = !values['no-analyze'] && index === 0
      result.phases.push(
        await orderPhase(on, pids, {
          name,
          warmUp,
          analyze,
          load,
          counted: index === 0 && !oneByOne,
          timed: values.statements,
        }),
      )
    }
  }
  if (wanted.has('webhooks')) {
    console.log('Webhook intake …')
    result.webhooks = await webhookPhases(on, pids, { events: Number(values.webhooks), concurrency: 32 })
  }
  return result
}

async function startApplication(on: Stage): Promise<Pids> {
  const api = await on.application('api', 'src/main.ts').start()
  const workers = []
  for (let index = 1; index <= Number(values.workers); index += 1) {
    workers.push(await on.application(`workers-${index}`, 'workers/all.ts').start())
  }
  await on.ready(api)
  return {
    api: [api.pid],
    workers: workers.map((worker) => worker.pid),
    sandbox: [on.sandbox.pid],
    postgres: [on.postgres.pid],
    redis: [on.redis.pid],
  }
}
