import type { FillPhase, OrderCost } from './fill-phase.ts'
import { figure, table } from './table.ts'

const mega = 1_000_000
/** What every list and page keeps below, in milliseconds. */
const goal = 100

/** What a filled database costs, as text for the console. */
export function fillText({ filled, reads, sizes, databaseBytes, few, many }: FillPhase): string {
  const slow = Object.entries(reads).filter(([, { p99 }]) => p99 > goal)
  const cost = (of: (cost: OrderCost) => number): [number, number] => [of(few), of(many)]
  return [
    `A database of ${filled.orders} orders, filled in ${figure(filled.seconds)} s: ${figure(databaseBytes / mega)} MB, ${figure(databaseBytes / filled.orders)} bytes an order`,
    table(
      ['table', 'rows', 'MB', 'of it indexes', 'bytes an order'],
      sizes.map((size) => [
        size.table,
        size.rows,
        size.bytes / mega,
        size.indexBytes / mega,
        Math.round(size.bytes / filled.orders),
      ]),
    ),
    table(
      ['read', 'p50 ms', 'p99 ms'],
      Object.entries(reads).map(([name, { p50, p99 }]) => [name, p50, p99]),
    ),
    `  ${slow.length} of ${Object.keys(reads).length} take more than ${goal} ms at p99`,
    table(
      ['an order of one digital line, 8 under way', 'at a thousand', `at ${filled.orders}`],
      [
        ['orders/s', ...cost((at) => at.ordersPerSecond)],
        ...Object.keys(few.steps).flatMap((step): [string, number, number][] => [
          [`${step} p50 ms`, ...cost((at) => at.steps[step]?.p50 ?? 0)],
          [`${step} p99 ms`, ...cost((at) => at.steps[step]?.p99 ?? 0)],
        ]),
        ['paid → CONFIRMED p50 ms', ...cost((at) => at.paidToConfirmed.p50)],
        ['paid → CONFIRMED p99 ms', ...cost((at) => at.paidToConfirmed.p99)],
        ...Object.keys(few.cpuMs).map((name): [string, number, number] => [
          `CPU ms of ${name}`,
          ...cost((at) => at.cpuMs[name] ?? 0),
        ]),
      ],
    ),
  ].join('\n\n')
}
