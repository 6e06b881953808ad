import { parseArgs } from 'node:util'
import { whenParentEnds } from '../src/boot/services/parent-watch.ts'
import { Chance } from './chance.ts'
import { type Finding, Fuzzer } from './fuzz-run.ts'
import { openStage, type Stage } from './stage.ts'

// `npm run fuzz`: requests that are made of the OpenAPI document and then spoiled, and signed webhooks of any form. None may be answered
// by a 500, or slower than a second.

const usage = `npm run fuzz -- [options]
  --seed N        what is sent, in which order (default: 1)
  --seconds N     for how long (default: 600)
  --at-once N     requests under way at once (default: 4)
  --slow-ms N     an answer that takes longer is a finding (default: 1000)`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '600' },
    'at-once': { type: 'string', default: '4' },
    'slow-ms': { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

let stage: Stage | undefined
let stopping = false
const stop = () => {
  if (stopping) process.exit(130)
  stopping = true
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
if (process.env.npm_lifecycle_event) whenParentEnds(stop)

try {
  const admin = { email: 'admin@example.com', password: 'correct horse battery staple' }
  stage = await openStage({
    env: {
      BOOTSTRAP_ADMIN_EMAIL: admin.email,
      BOOTSTRAP_ADMIN_PASSWORD: admin.password,
      BONUM_APP_SECRET: 'bonum',
      BONUM_TERMINAL_ID: 'terminal',
      BONUM_CHECKSUM_KEY: 'bonum_sandbox',
      WEBHOOKS_ALLOW_PRIVATE: 'false',
      LOG_LEVEL: 'error',
    },
  })
  const api = await stage.application('api', 'src/main.ts').start()
  await stage.ready(api)
  const workers = await stage.application('workers', 'workers/all.ts').start()
  const fuzzer = await Fuzzer.open(stage, admin, Number(values['slow-ms']))
  const until = performance.now() + Number(values.seconds) * 1_000
  const lanes = Array.from({ length: Number(values['at-once']) }, async (_, lane) => {
    const chance = new Chance(Number(values.seed) * 1_000 + lane)
    while (!stopping && performance.now() < until && api.running()) await fuzzer.step(chance)
  })
  await Promise.all(lanes)
  if (!api.running()) console.error(`The API ended:\n${api.lastLines().join('\n')}`)
  process.exitCode = report(fuzzer, api.running() && workers.running())
} finally {
  await stage?.close()
  stage?.remove()
}

function report({ sent, statuses, slowestMs, findings }: Fuzzer, alive: boolean): number {
  const shares = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  console.log(`${sent} requests (${shares.join(', ')}), the slowest answer took ${Math.round(slowestMs)} ms`)
  for (const finding of findings.slice(0, 20)) console.log(tell(finding))
  if (findings.length > 20) console.log(`… and ${findings.length - 20} more`)
  console.log(findings.length === 0 && alive ? 'nothing found' : `${findings.length} findings`)
  return findings.length === 0 && alive ? 0 : 1
}

function tell({ problem, request, answer }: Finding): string {
  return `${problem}: ${request.method} ${request.path}\n    as ${request.caller}, sent ${(request.body ?? '').slice(0, 300)}\n    answered ${answer.slice(0, 200)}`
}
