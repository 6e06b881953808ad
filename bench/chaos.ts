import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { whenParentEnds } from '../src/boot/services/parent-watch.ts'
import { Supervisor } from '../src/boot/services/supervisor.ts'
import { scenarios } from './chaos-plan.ts'
import { chaosReport } from './chaos-report.ts'
import { type ChaosRun, runChaos } from './chaos-run.ts'
import { openStage, type Stage } from './stage.ts'

// `npm run chaos`: orders are placed while everything is killed, emptied, repeated and delayed; then the books are compared.

const usage = `npm run chaos -- [options]
  --orders N          orders to place (default: 500)
  --seed N            schedule of orders and faults (default: 1)
  --seconds N         spread the orders and the faults over this long (default: 75)
  --seconds-limit N   how long everything may take to settle after the last fault (default: 120)
  --no-provider-500   leave out the 500s that hide an effect at the providers
  --spare A,B         leave these operations of the providers alone, e.g. payment_intents.create
  --control double-transfer | lose-order
                      negative control: does damage on purpose, the run has to fail
  --scenario NAME     storm | restore | provider-outage | dashboard (default: storm)
  --json FILE         write the schedule, the counts and every disagreement
  --keep              keep logs and data even when nothing is wrong`

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '75' },
    'seconds-limit': { type: 'string', default: '120' },
    'no-provider-500': { type: 'boolean', default: false },
    spare: { type: 'string', default: '' },
    control: { type: 'string' },
    scenario: { type: 'string', default: 'storm' },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
if (values.control !== undefined && !['double-transfer', 'lose-order'].includes(values.control)) {
  console.error(usage)
  process.exit(2)
}

const scenario = scenarios.find((name) => name === values.scenario)
if (!scenario) {
  console.error(usage)
  process.exit(2)
}

/** Recovery is made fast so that a run is short; the schedule of faults is fitted to these. */
const env = {
  TASK_LEASE_SECONDS: '3',
  RELAY_INTERVAL_MS: '200',
  WORKER_LOCK_MS: '2000',
  PROVIDER_TIMEOUT_MS: '1500',
  PROVIDER_PAUSE_MS: '500',
  // Webhooks of orders that a restore has lost are given up within half a minute.
  RETRY_DELAY_FACTOR: scenario === 'restore' ? '0.003' : '0.02',
  WORKER_CONCURRENCY: '8',
  DATABASE_POOL_SIZE: '8',
}

// Every end of a process counts as the first: the nemesis kills for a living.
const newSupervisor = () => new Supervisor({ print: () => {}, maxCrashes: Number.POSITIVE_INFINITY, crashWindowMs: 1 })
let supervisor = newSupervisor()
let stage: Stage | undefined
let interrupted = false
const stop = () => {
  if (interrupted) process.exit(130)
  interrupted = true
  console.log('\nStopping')
  end().finally(() => {
    stage?.remove()
    process.exit(130)
  })
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
if (process.env.npm_lifecycle_event) whenParentEnds(stop)

let failed = true
try {
  stage = await openStage({ env, allEvents: true })
  const options: ChaosRun = {
    stage,
    supervisor,
    renewSupervisor: () => {
      supervisor = newSupervisor()
      return supervisor
    },
    scenario,
    env,
    seed: Number(values.seed),
    orders: Number(values.orders),
    spreadMs: Number(values.seconds) * 1_000,
    settleMs: Number(values['seconds-limit']) * 1_000,
    hiddenErrors: !values['no-provider-500'],
    spared: values.spare.split(','),
    control: values.control as ChaosRun['control'],
    print: console.log,
  }
  const result = await runChaos(options)
  failed = result.discrepancies.length > 0 || result.settleSeconds === undefined
  console.log(`\n${chaosReport(result)}`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`)
} catch (error) {
  if (!interrupted) console.error(error)
} finally {
  if (!interrupted) await finish()
}

async function finish(): Promise<void> {
  await end()
  if (stage && (failed || values.keep))
    console.log(`  logs in ${path.join(stage.folder, 'logs')}, data in ${stage.folder}`)
  else stage?.remove()
  process.exitCode = failed ? 1 : 0
}

async function end(): Promise<void> {
  await supervisor.stop()
  await stage?.close()
}
