import { isDatabaseDown } from '../platform/database-unavailable.ts'
import type { Mergeable, Sql } from './database.ts'

type Waiting = {
  values: object
  resolve: (rows: object[]) => void
  reject: (error: unknown) => void
  alone: () => Promise<object[]>
}
type Lane = { running: number; waiting: Waiting[] }

/** As many calls of one statement go to Postgres at once; others gather meanwhile. */
const lanes = 2
const mostAtOnce = 32

/**
 * Statements in transactions of their own, of which those gather that come while equal ones run: they are one statement and one commit.
 * Nothing waits for a time. Where a set fails, each of its calls is made by itself and has its own answer.
 */
export function mergeCalls(runAlone: Sql): Sql {
  const byStatement = new Map<string, Lane>()

  const go = async (text: string, lane: Lane, mergeable: Mergeable): Promise<void> => {
    const calls = inOrder(lane.waiting.splice(0, mostAtOnce))
    lane.running += 1
    try {
      await (calls.length === 1 ? each(calls) : together(runAlone, mergeable, calls))
    } finally {
      lane.running -= 1
      if (lane.waiting.length > 0) void go(text, lane, mergeable)
      else if (lane.running === 0) byStatement.delete(text)
    }
  }

  return <Row extends object>(text: string, params: readonly unknown[] = [], mergeable?: Mergeable) => {
    if (!mergeable) return runAlone<Row>(text, params)
    const { merging, values } = mergeable
    const lane = byStatement.get(merging.text) ?? { running: 0, waiting: [] }
    byStatement.set(merging.text, lane)
    return new Promise<Row[]>((resolve, reject) => {
      const alone = () => runAlone<object>(text, params)
      lane.waiting.push({ values, resolve: resolve as Waiting['resolve'], reject, alone })
      if (lane.running < lanes) void go(merging.text, lane, mergeable)
    })
  }
}

/** By what calls are about, which their first value says: sets and groups that lock the same rows lock them in the same order. */
const inOrder = (calls: readonly Waiting[]): readonly Waiting[] =>
  calls.length <= 1
    ? calls
    : calls
        .map((call) => ({ call, about: String(Object.values(call.values)[0]) }))
        .sort((a, b) => (a.about < b.about ? -1 : 1))
        .map(({ call }) => call)

const each = (calls: readonly Waiting[]) =>
  Promise.all(calls.map(({ alone, resolve, reject }) => alone().then(resolve, reject)))

async function together(runAlone: Sql, { merging }: Mergeable, calls: readonly Waiting[]): Promise<unknown> {
  try {
    const rows = await runAlone<object>(merging.text, merging.params(calls.map(({ values }) => values)))
    const answers = merging.answers(rows, calls.length)
    for (const [index, { resolve }] of calls.entries()) resolve(answers[index] ?? [])
    return undefined
  } catch (error) {
    // Whether it was carried out before the connection broke, nobody knows; each caller decides as for a call of its own.
    if (!isDatabaseDown(error)) return each(calls)
    for (const { reject } of calls) reject(error)
    return undefined
  }
}
