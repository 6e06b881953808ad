import type { Discrepancy } from './books.ts'
import type { Blow } from './nemesis.ts'
import { figure, table } from './table.ts'

export type ChaosResult = {
  seed: number
  machine: Record<string, string>
  env: Readonly<Record<string, string>>
  processes: string[]
  orders: { planned: number; acknowledged: number; byState: Record<string, number>; byManner: Record<string, number> }
  blows: Blow[]
  faultsFired: Record<string, number>
  repeated: Record<string, number>
  loadSeconds: number
  settleSeconds: number | undefined
  control: string | undefined
  discrepancies: Discrepancy[]
  timelines: Record<string, string[]>
}

const shownTimelines = 8

/** The run as text: what was done to it, what it absorbed, and the one line that counts. */
export function chaosReport(result: ChaosResult): string {
  const { orders, discrepancies } = result
  const count = (verdict: Discrepancy['verdict']) => discrepancies.filter((found) => found.verdict === verdict).length
  const blows = Map.groupBy(result.blows, ({ what }) => what.replace(/ \(\d+\)$/, ''))
  const numbers = (title: string, entries: Record<string, number>) =>
    table(
      [title, 'times'],
      Object.entries(entries).filter(([, times]) => times > 0),
    )
  const settle = result.settleSeconds === undefined ? 'NOT within the deadline' : `${figure(result.settleSeconds)} s`
  return [
    `Chaos, seed ${result.seed}`,
    Object.entries(result.machine)
      .map(([name, value]) => `  ${name.padEnd(14)} ${value}`)
      .join('\n'),
    `  env: ${Object.entries(result.env)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    `  processes: ${result.processes.join(', ')}`,
    table(
      ['orders', ''],
      [
        ['planned', orders.planned],
        ['acknowledged', orders.acknowledged],
        ...Object.entries(orders.byManner).map(([name, n]): [string, number] => [`  buyer ${name}`, n]),
        ...Object.entries(orders.byState).map(([name, n]): [string, number] => [`  now ${name}`, n]),
      ],
    ),
    numbers('blows', Object.fromEntries([...blows].map(([what, list]) => [what, list.length]))),
    numbers('provider faults that struck', result.faultsFired),
    numbers('repeated and absorbed', result.repeated),
    ...(result.control ? [`  CONTROL: ${result.control}; this run must fail`] : []),
    ...listing(result),
    `  placed within ${figure(result.loadSeconds)} s; settled after the last fault: ${settle}`,
    `  ${count('lost')} lost, ${count('doubled')} doubled, ${count('unbalanced')} unbalanced, ${count('unfinished')} unfinished, ${count('attention')} need a person`,
  ].join('\n\n')
}

function listing({ discrepancies, timelines }: ChaosResult): string[] {
  if (discrepancies.length === 0) return []
  const kinds = Map.groupBy(discrepancies, ({ verdict, what }) => `${verdict} ${what}`)
  const summary = [...kinds].map(([kind, list]): [string, number] => [kind, list.length])
  const lines = discrepancies
    .slice(0, 60)
    .map(({ verdict, what, orderId, detail }) => `  ${verdict} ${what} ${orderId ?? ''}: ${detail}`)
  const stories = Object.entries(timelines)
    .slice(0, shownTimelines)
    .map(([id, story]) => [`  ${id}`, ...story.map((line) => `    ${line}`)].join('\n'))
  return [table(['disagreement', 'times'], summary), lines.join('\n'), ...stories]
}
