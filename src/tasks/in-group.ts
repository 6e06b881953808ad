import type { EntityManager } from '@mikro-orm/postgresql'
import type { DueTask } from '../../queues/outbox.ts'
import type { Database } from '../database/database.ts'
import type { GroupWork } from '../database/run-group.ts'
import { ofThisTrace } from '../platform/tracing.ts'
import {
  inTransaction,
  type Journal,
  recording,
  type Transaction,
  type UnitOfWork,
  writeJournals,
} from './transaction.ts'

/**
 * Steps of one kind, of which those that come while one runs go together; `about` is the order, or what stands for it. Where `merchantId`
 * is known, a merchant that sends many at once does not make the others wait for all of them.
 */
export type Membership = { kind: string; about: string; merchantId?: string }

type Step = {
  about: string
  merchantId: string
  work: (tx: Transaction) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** The steps that wait while those of their kind run. */
type Lane = { running: boolean; waiting: Step[] }

const mostAtOnce = 32
const lanesOf = new WeakMap<Database, Map<string, Lane>>()

/**
 * Like {@link inTransaction}, for steps that come often: while one of a kind runs, the next ones gather, and are then one transaction with
 * one journal and one commit. There is no timer, so a step that comes alone waits for nobody. At most one step about the same order is in
 * a group; locks are taken in the order of what the steps are about. A step that fails does so for itself, and keeps nobody else from
 * being committed.
 */
export function inGroup<T>(
  parts: UnitOfWork,
  { kind, about, merchantId = '' }: Membership,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const lanes = lanesOf.get(parts.database) ?? new Map<string, Lane>()
  lanesOf.set(parts.database, lanes)
  const lane = lanes.get(kind) ?? { running: false, waiting: [] }
  lanes.set(kind, lane)
  return new Promise<T>((resolve, reject) => {
    lane.waiting.push({ about, merchantId, work: ofThisTrace(work), resolve: resolve as Step['resolve'], reject })
    if (!lane.running) void carryOut(parts, lane).finally(() => lanes.delete(kind))
  })
}

async function carryOut(parts: UnitOfWork, lane: Lane): Promise<void> {
  lane.running = true
  while (lane.waiting.length > 0) await runTogether(parts, nextGroup(lane))
  lane.running = false
}

/** Those that have waited longest, the merchants in turn, each about something else, in the order of what they are about. */
function nextGroup(lane: Lane): Step[] {
  const taken = new Map<string, Step>()
  for (const step of inTurn(lane.waiting))
    if (taken.size < mostAtOnce && !taken.has(step.about)) taken.set(step.about, step)
  const group = new Set(taken.values())
  lane.waiting = lane.waiting.filter((step) => !group.has(step))
  return [...group].sort((a, b) => (a.about < b.about ? -1 : 1))
}

/** Every merchant's first step, then every merchant's second, and so on. */
function inTurn(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= mostAtOnce) return steps
  const before = new Map<string, number>()
  return steps
    .map((step) => {
      const turn = before.get(step.merchantId) ?? 0
      before.set(step.merchantId, turn + 1)
      return { step, turn }
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ step }) => step)
}

async function runTogether(parts: UnitOfWork, steps: readonly Step[]): Promise<void> {
  const [first] = steps
  if (steps.length <= 1) return first && inTransaction(parts, first.work).then(first.resolve, first.reject)
  let due: readonly DueTask[] = []
  const taken = new Set<string>()
  const only = (orderId: string) => {
    if (taken.has(orderId)) throw new Elsewhere()
    taken.add(orderId)
  }
  const end = await parts.database.group(
    steps.map((step) => member(step, only)),
    async (last, done) => {
      due = await writeJournals(
        last,
        done.map(({ journal }) => journal),
      )
    },
  )
  switch (end.outcome) {
    case 'committed':
      parts.bell.ring(due)
      for (const [index, step] of steps.entries()) {
        const own = end.members[index]
        if (own && 'value' in own) step.resolve(own.value.value)
        else if (own?.error instanceof Elsewhere) await runTogether(parts, [step])
        else step.reject(own?.error)
      }
      return
    case 'split':
      // Nobody waits for them: one of them may be waiting for a row.
      for (const part of end.into)
        void runTogether(
          parts,
          part.flatMap((index) => steps[index] ?? []),
        )
      return
    case 'failed':
      for (const { reject } of steps) reject(end.error)
  }
}

/** Leaves a group in which another step is about the same order already. */
class Elsewhere extends Error {}

const member =
  ({ work }: Step, only: (orderId: string) => void): GroupWork<{ value: unknown; journal: Journal }> =>
  async ({ sql }) => {
    const inner = {
      sql,
      get em(): EntityManager {
        throw new Error('a step of a group has no entity manager')
      },
    }
    const { tx, journal } = recording(inner, only)
    const value = await work(tx)
    return { value, journal: journal() }
  }
