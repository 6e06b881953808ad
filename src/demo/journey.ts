import type { DemoOrder, DemoSplit, TimelineLine } from './shop.ts'

/** Something that happened, in milliseconds since the cart was made. */
export type Step = { atMs: number; what: string; detail: string }

export type Journey = {
  title: string
  order: DemoOrder
  /** What the storefront did. */
  steps: readonly Step[]
  /** What Ordermill did. */
  timeline: readonly TimelineLine[]
  /** When the storefront had its order: the clock of the timeline may be another machine's. */
  createdMs: number
  splits: readonly DemoSplit[]
}

const width = 100

/** One order's way as lines of at most 100 columns: its steps, who got what, and what the buyer has in hand. */
export function describeOrder({ title, order, steps, timeline, createdMs, splits }: Journey): string[] {
  const zero = Date.parse(timeline[0]?.time ?? '')
  const done = timeline.flatMap((line) => {
    const step = toStep(line, timeline)
    return step ? [{ ...step, atMs: createdMs + Date.parse(line.time) - zero }] : []
  })
  const all = [...steps, ...done].toSorted((a, b) => a.atMs - b.atMs)
  return [
    `  ${title.padEnd(width - order.id.length - 4)}${order.id}`,
    ...all.map(({ atMs, what, detail }) => `  ${String(Math.round(atMs)).padStart(6)}  ${what.padEnd(10)} ${detail}`),
    ...describeSplits(order, splits).map(
      (line, index) => `          ${(index === 0 ? 'shares' : '').padEnd(10)} ${line}`,
    ),
    ...describeGoods(order).map(([what, detail]) => `          ${what.padEnd(10)} ${detail}`),
  ].map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line.trimEnd()))
}

/** The lines of a timeline worth a line here: what the order, its money and its goods did. */
function toStep(line: TimelineLine, timeline: readonly TimelineLine[]): Omit<Step, 'atMs'> | undefined {
  const { kind, subject, to, cause, detail } = line
  if (kind === 'operation')
    return to === 'complete'
      ? { what: operationNames[cause] ?? cause, detail: `done at ${detail?.provider}` }
      : undefined
  if (kind !== 'transition' || to === null || to === 'pending') return undefined
  switch (subject) {
    case 'order':
      if (to === 'confirmed') return { what: 'CONFIRMED', detail: afterConfirmation(timeline) }
      return cause === 'saga' ? undefined : { what: to.replace('_', ' '), detail: `by ${cause}` }
    case 'item':
      return { what: 'delivered', detail: cause === 'delivered' ? 'the digital item' : `by ${cause}` }
    case 'split':
      return { what: 'paid out', detail: `${detail?.splits} shares ${to}, ${detail?.transfers} of them by transfer` }
    default:
      return undefined
  }
}

const operationNames: Record<string, string> = { pod_order: 'print job' }

/** An order whose goods are handed over already goes on in the transaction that confirms it. */
function afterConfirmation(timeline: readonly TimelineLine[]): string {
  const states = timeline.flatMap(({ kind, subject, to, cause }) =>
    kind === 'transition' && subject === 'order' && cause === 'saga' && to !== null && to !== 'confirmed' ? [to] : [],
  )
  return states.length > 0 ? `and at once ${states.join(', ')}` : ''
}

/** `98.05 = 1.00 platform + …`, broken into lines. */
function describeSplits(order: DemoOrder, splits: readonly DemoSplit[]): string[] {
  const shares = splits
    .filter(({ amount }) => amount > 0)
    .map(
      ({ kind, amount, destination }) =>
        `${amount.toFixed(2)} ${kind.replace('_', ' ')}${destination ? ` → ${destination}` : ''}`,
    )
  const lines = [`${order.totalAmount.toFixed(2)} =`]
  for (const [index, share] of shares.entries()) {
    const text = `${index === 0 ? '' : '+ '}${share}`
    const current = lines.at(-1) ?? ''
    if (current.length + text.length > width - 24) lines.push(`  ${text}`)
    else lines[lines.length - 1] = `${current} ${text}`
  }
  return lines
}

function describeGoods(order: DemoOrder): [string, string][] {
  return [
    ...order.shipments.map(({ path, carrier, service, trackingNumber }): [string, string] => [
      path === 'pod' ? 'printing' : 'parcel',
      `${carrier ?? ''} ${service ?? ''}${trackingNumber ? `, tracking ${trackingNumber}` : ', tracking follows when it is shipped'}`,
    ]),
    ...order.items.flatMap(({ delivery }): [string, string][] => (delivery ? [['download', delivery.content]] : [])),
  ]
}
