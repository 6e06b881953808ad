import { setTimeout as pause } from 'node:timers/promises'
import type { NodeProcess } from '../src/boot/services/node-process.ts'
import type { Supervisor } from '../src/boot/services/supervisor.ts'
import type { ByHand } from './books.ts'
import { actInDashboard } from './chaos-dashboard.ts'
import type { PlannedFault } from './chaos-plan.ts'
import { control } from './shop.ts'
import type { Program, Stage } from './stage.ts'

/** The processes of the application by name: kept alive by a supervisor, killed by the nemesis. */
export class Crew {
  readonly #supervisor: Supervisor
  readonly #running = new Map<string, NodeProcess>()

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
  }

  async hire(program: Program): Promise<NodeProcess> {
    const { name } = program
    const start = async () => {
      const running = await program.start()
      this.#running.set(name, running)
      return running
    }
    const first = await start()
    const current = () => this.#running.get(name) ?? first
    this.#supervisor.watch({
      name,
      stopWithinMs: 15_000,
      exited: () => current().exited,
      restart: async () => {
        await start()
      },
      stop: async (graceMs) => {
        await current().stop({ graceMs })
      },
      kill: async () => {
        await current().stop({ signals: ['SIGKILL'] })
      },
      lastLines: () => current().lastLines(),
    })
    return first
  }

  /** SIGKILL; false when the process was down already. */
  kill(name: string): boolean {
    const running = this.#running.get(name)
    if (!running?.running()) return false
    running.signal('SIGKILL')
    return true
  }

  killWorkers(): number {
    return [...this.#running.keys()].filter((name) => name !== 'api' && this.kill(name)).length
  }
}

export type Blow = { atMs: number; what: string }

const redisDownMs = 1_500

/** Carries the planned faults out at their times and returns what really happened, with the time of the last one. */
export async function strike(
  stage: Stage,
  crew: Crew,
  faults: readonly PlannedFault[],
  signal: AbortSignal,
): Promise<{ blows: Blow[]; byHand: ByHand[]; endedAt: number }> {
  const startedAt = Date.now()
  const blows: Blow[] = []
  const byHand: ByHand[] = []
  const outages: Promise<void>[] = []
  for (const fault of faults) {
    await pause(Math.max(0, fault.atMs - (Date.now() - startedAt)), undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    if (fault.kind === 'outage') outages.push(outage(stage, fault))
    const what = await carryOut(stage, crew, fault, byHand)
    if (what) blows.push({ atMs: Date.now() - startedAt, what })
  }
  await Promise.all(outages)
  return { blows, byHand, endedAt: Date.now() }
}

/** A provider answers nothing for a while: connections end before anything is done. */
async function outage(stage: Stage, fault: Extract<PlannedFault, { kind: 'outage' }>): Promise<void> {
  const ids = await Promise.all(
    fault.operations.map(async (operation) => {
      const wish = { provider: fault.provider, operation, kind: 'drop_before', times: 1_000_000 }
      return (await control(stage, 'POST', '/sandbox/faults', wish)).id
    }),
  )
  await pause(fault.forMs)
  for (const id of ids) await control(stage, 'DELETE', `/sandbox/faults/${id}`)
}

async function carryOut(stage: Stage, crew: Crew, fault: PlannedFault, byHand: ByHand[]): Promise<string | undefined> {
  switch (fault.kind) {
    case 'kill':
      return crew.kill(fault.process) ? `kill -9 ${fault.process}` : undefined
    case 'kill_workers':
      return `kill -9 all workers (${crew.killWorkers()})`
    case 'outage':
      return `${fault.provider} away for ${fault.forMs} ms`
    case 'dashboard': {
      const done = await actInDashboard(stage, fault)
      if (!done) return undefined
      byHand.push(done)
      return `dashboard: ${done.act}`
    }
    case 'flush_redis':
      await stage.redis.flushAll()
      return 'FLUSHALL'
    case 'kill_redis':
      await stage.redis.kill()
      await pause(redisDownMs)
      await stage.redis.start()
      return 'kill -9 redis'
    case 'restart_postgres':
      await stage.postgres.restart('immediate')
      return 'crash postgres (immediate)'
    case 'webhooks':
      await control(stage, 'POST', '/sandbox/webhooks', {
        provider: fault.provider,
        mode: fault.mode,
        copies: 3,
        delayMs: 1_500,
        seed: Math.round(fault.atMs),
      })
      return `webhooks ${fault.provider} ${fault.mode}`
  }
}
