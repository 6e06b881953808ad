import type { PlacedLine } from '../timeline/later-lines.ts'
import type { OrderView } from './read-order.ts'

/**
 * An order as it was before some of its timeline happened: its states and their times, its charges with what was captured, released and
 * given back of them, and its documents. How many pieces of a line were fulfilled, and the parcels, are as they are now.
 * @param later what happened since, oldest first
 */
export function rewindOrder(order: OrderView, later: readonly PlacedLine[]): OrderView {
  return later.toReversed().reduce(undo, order)
}

function undo(order: OrderView, line: PlacedLine): OrderView {
  switch (line.kind) {
    case 'transition':
      return undoMove(order, line)
    case 'operation':
      return line.to === 'complete' ? ofCharges(order, (charge) => undoOperation(charge, line)) : order
    case 'event':
      return undoEvent(order, line)
    default:
      return isNewCharge(line) ? { ...order, charges: order.charges.filter(({ id }) => id !== line.subjectId) } : order
  }
}

const isNewCharge = ({ kind, subject, to }: PlacedLine) => kind === 'note' && subject === 'charge' && to === 'pending'

function undoMove(order: OrderView, line: PlacedLine): OrderView {
  switch (line.subject) {
    case 'order':
      return before(order, line)
    case 'fraud':
      return {
        ...order,
        fraudState: (order.fraudState === line.to ? line.from : order.fraudState) as OrderView['fraudState'],
        fraudStateTransitions: without(order.fraudStateTransitions, line.to),
      }
    case 'item':
      return { ...order, items: order.items.map((item) => (item.id === line.subjectId ? before(item, line) : item)) }
    case 'charge':
      return ofCharges(order, (charge) => (charge.id === line.subjectId ? chargeBefore(charge, line) : charge))
    case 'refund':
      return { ...ofCharges(order, (charge) => undoRefund(charge, line)), creditReturned: creditBefore(order, line) }
    default:
      return order
  }
}

/** What is made of a thing that moved. A state that it has left meanwhile by another way stays. */
function before<Thing extends { state: string; stateTransitions: Record<string, string> }>(
  thing: Thing,
  { from, to }: PlacedLine,
): Thing {
  if (thing.state !== to || from === null) return thing
  return { ...thing, state: from, stateTransitions: without(thing.stateTransitions, to) }
}

const without = (times: Record<string, string>, state: string | null): Record<string, string> =>
  Object.fromEntries(Object.entries(times).filter(([name]) => name !== state))

type ChargeView = OrderView['charges'][number]

const ofCharges = (order: OrderView, change: (charge: ChargeView) => ChargeView): OrderView => ({
  ...order,
  charges: order.charges.map(change),
})

function chargeBefore(charge: ChargeView, { from, to }: PlacedLine): ChargeView {
  if (charge.state !== to || from === null) return charge
  const moved = { ...charge, state: from as ChargeView['state'], cancelledAmount: releasedWhile(charge, from) }
  if (to === 'failed') return { ...moved, failureCode: null, failureMessage: null }
  // What is taken at once is taken by this move.
  return to === 'complete' && charge.captureMethod === 'automatic'
    ? undone(moved, 'capture', charge.capturedAmount)
    : moved
}

/** What was released of a hold while it lasted; its end released the rest. */
const releasedWhile = ({ cancelledAmount, entries }: ChargeView, state: string): number =>
  state === 'capturable'
    ? Math.min(
        cancelledAmount,
        entries
          .filter((entry) => entry.kind === 'cancel' && entry.state === 'complete')
          .reduce((sum, entry) => sum + entry.amount, 0),
      )
    : cancelledAmount

function undoOperation(charge: ChargeView, { cause, detail }: PlacedLine): ChargeView {
  const amount = detail?.amount
  return (cause === 'capture' || cause === 'cancel') && typeof amount === 'number'
    ? undone(charge, cause, amount)
    : charge
}

const amountOf = { capture: 'capturedAmount', cancel: 'cancelledAmount' } as const

/** A charge before so much of it was captured or released; what was done last is taken back first. */
function undone(charge: ChargeView, kind: 'capture' | 'cancel', amount: number): ChargeView {
  const total = charge[amountOf[kind]]
  if (amount > total) return charge
  let left = amount
  const entries = charge.entries.toReversed().map((entry) => {
    if (entry.kind !== kind || entry.state !== 'complete' || entry.amount > left) return entry
    left -= entry.amount
    return { ...entry, state: 'pending' as const }
  })
  return { ...charge, [amountOf[kind]]: total - amount, entries: entries.toReversed() }
}

/** What had gone back to a credit before a refund succeeded, or failed after that. */
function creditBefore({ creditReturned }: OrderView, { from, to, detail }: PlacedLine): number {
  const credit = typeof detail?.credit === 'number' ? detail.credit : 0
  if (to === 'succeeded') return Math.max(0, creditReturned - credit)
  return from === 'succeeded' ? creditReturned + credit : creditReturned
}

function undoRefund(charge: ChargeView, { subjectId, to }: PlacedLine): ChargeView {
  const isIts = (entry: ChargeView['entries'][number]) => entry.refundId === subjectId
  if (to !== 'succeeded') return charge
  const back = charge.entries.filter((entry) => isIts(entry) && entry.state === 'complete')
  const amount = back.reduce((sum, entry) => sum + entry.amount, 0)
  return {
    ...charge,
    refundedAmount: Math.max(0, charge.refundedAmount - amount),
    entries: charge.entries.map((entry) => (back.includes(entry) ? { ...entry, state: 'pending' as const } : entry)),
  }
}

/** Documents that were made, and captures that a fulfilment called for. */
function undoEvent(order: OrderView, { subject, subjectId, detail }: PlacedLine): OrderView {
  if (subject === 'fulfillment')
    return ofCharges(order, (charge) => ({
      ...charge,
      entries: charge.entries.filter(({ fulfillmentId }) => fulfillmentId !== subjectId),
    }))
  return { ...order, documents: order.documents.filter(({ fileId }) => fileId !== detail?.fileId) }
}
