import type {
  Acknowledged,
  ByHand,
  Discrepancy,
  Intent,
  OurBooks,
  OurCharge,
  OurItem,
  OurOrder,
  OurShipment,
  OurSplit,
  ProviderBooks,
  Refund,
} from './books.ts'
import { handOf } from './by-hand.ts'
import { compareLedger } from './compare-ledger.ts'
import { unfinishedWork } from './unfinished-work.ts'

const confirmedStates: readonly string[] = ['confirmed', 'fulfilled', 'complete']
const unpaidStates: readonly string[] = ['pending', 'pending_payment', 'payment_failed']
const givenBackStates: readonly string[] = ['returned', 'cancelled']

type Report = (verdict: Discrepancy['verdict'], what: string, orderId: string | null, detail: string) => void

/**
 * Compares what buyers were told, what our tables say and what the providers did, after everything has come to rest. What somebody did
 * by hand in a dashboard is no disagreement: its consequences are what is asked for then.
 * Returns every disagreement; an empty list means that nothing was lost and nothing happened twice.
 */
export function compareBooks(
  acknowledged: readonly Acknowledged[],
  ours: OurBooks,
  theirs: ProviderBooks,
  byHand: readonly ByHand[] = [],
): Discrepancy[] {
  const found: Discrepancy[] = []
  const report: Report = (verdict, what, orderId, detail) => found.push({ verdict, what, orderId, detail })
  const orders = new Map(ours.orders.map((order) => [order.id, order]))
  const view = viewOf(ours, theirs, byHand)

  for (const told of acknowledged) compareWithBuyer(told, orders.get(told.orderId), view, report)
  for (const [checkoutId, same] of Map.groupBy(ours.orders, (order) => order.checkoutId))
    if (same.length > 1) report('doubled', 'order', same[0]?.id ?? null, `${same.length} orders of cart ${checkoutId}`)
  for (const order of ours.orders) {
    compareAttention(order, view, report)
    compareMoney(order, view, report)
    compareGoods(order, view, report)
    compareTransfers(order, view, report)
  }
  reportStrangers(orders, ours, theirs, report)
  found.push(...compareLedger(ours, theirs), ...unfinishedWork(ours, theirs, byHand))
  return found
}

type View = ReturnType<typeof viewOf>

/** Money was given back by hand that one of our refunds was about to give: that one fails, and a person decides about the rest. */
function isContested({ id }: OurOrder, view: View): boolean {
  const intents = view.intents.get(id) ?? []
  return view.refusedRefunds.has(id) && intents.some((intent) => view.hand.givenBack.has(intent.id))
}

function compareAttention(order: OurOrder, view: View, report: Report): void {
  const intents = view.intents.get(order.id) ?? []
  const undecided = isContested(order, view) && intents.some((intent) => keptOf(intent, view.refunds) > 0)
  if (order.attention !== null && !undecided) report('attention', 'order', order.id, order.attention)
  if (order.attention === null && undecided)
    report('lost', 'attention', order.id, 'one of our refunds failed, and nobody is asked what becomes of the rest')
}

/** Everything by order or by what it belongs to. */
function viewOf(ours: OurBooks, theirs: ProviderBooks, byHand: readonly ByHand[]) {
  return {
    hand: handOf(byHand),
    refusedRefunds: new Set(
      ours.operations.flatMap(({ kind, state, orderId }) => (kind === 'refund' && state === 'failed' ? [orderId] : [])),
    ),
    intents: Map.groupBy(theirs.intents, ({ orderId }) => orderId ?? ''),
    refunds: Map.groupBy(theirs.refunds, ({ intentId }) => intentId),
    transfers: Map.groupBy(theirs.transfers, ({ splitId }) => splitId ?? ''),
    transfersByOrder: Map.groupBy(theirs.transfers, ({ orderId }) => orderId ?? ''),
    labels: Map.groupBy(
      theirs.labels.filter(({ voided }) => !voided),
      ({ shipmentId }) => shipmentId,
    ),
    podOrders: Map.groupBy(
      theirs.podOrders.filter(({ status }) => status !== 'canceled'),
      ({ externalId }) => externalId ?? '',
    ),
    items: Map.groupBy(ours.items, ({ orderId }) => orderId),
    charges: Map.groupBy(ours.charges, ({ orderId }) => orderId),
    splits: Map.groupBy(ours.splits, ({ chargeId }) => chargeId),
    shipments: Map.groupBy(ours.shipments, ({ orderId }) => orderId),
    deliveries: Map.groupBy(ours.deliveries, ({ itemId }) => itemId),
  }
}

/** What a payment took and was not given back. */
function keptOf(intent: Intent, refunds: ReadonlyMap<string, Refund[]>): number {
  const back = (refunds.get(intent.id) ?? []).filter(({ status }) => status === 'succeeded' || status === 'pending')
  return intent.received - back.reduce((sum, { amount }) => sum + amount, 0)
}

function compareWithBuyer(told: Acknowledged, order: OurOrder | undefined, view: View, report: Report): void {
  const { orderId, wish } = told
  if (!order) {
    report('lost', 'acknowledged order', orderId, 'it is not in the database')
    return
  }
  const kinds = (view.items.get(orderId) ?? []).map(({ kind }) => kind).sort()
  if (kinds.join() !== [...told.lines].sort().join())
    report('lost', 'order line', orderId, `ordered ${told.lines.join()}, stored ${kinds.join()}`)
  const intents = view.intents.get(orderId) ?? []
  const calledOff = order.state === 'cancelled' && intents.some(({ id }) => view.hand.calledOff.has(id))
  if (told.gaveUp !== undefined && !calledOff) report('lost', 'sale', orderId, `the buyer gave up: ${told.gaveUp}`)
  const confirmed = confirmedStates.includes(order.state)
  if (told.cancelled && order.state !== 'cancelled')
    report('lost', 'cancellation', orderId, `acknowledged, but it is ${order.state}`)
  const isGivenBack = ({ id, received }: Intent) => received > 0 && (view.hand.givenBack.get(id) ?? 0) >= received
  const givenBack = givenBackStates.includes(order.state) && intents.some(isGivenBack)
  if (wish === 'pay' && told.paid && !confirmed && !givenBack)
    report('lost', 'paid order', orderId, `the buyer was told that it is paid, and it is ${order.state}`)
}

function compareMoney(order: OurOrder, view: View, report: Report): void {
  const intents = view.intents.get(order.id) ?? []
  const charges = view.charges.get(order.id) ?? []
  const kept = intents
    .map((intent) => ({ intent, amount: keptOf(intent, view.refunds) }))
    .filter(({ amount }) => amount > 0)
  const confirmed = confirmedStates.includes(order.state)
  if (kept.length > 1)
    report('doubled', 'payment', order.id, `${kept.map(({ intent }) => intent.id).join(', ')} were all kept`)
  const total = kept.reduce((sum, { amount }) => sum + amount, 0)
  const due = order.total - (view.hand.givenBack.get(kept[0]?.intent.id ?? '') ?? 0)
  if (kept.length === 1 && total !== due)
    report('unbalanced', 'payment', order.id, `kept ${total}, ${due} of the order's ${order.total} are due`)
  if (kept.length > 0 && !confirmed)
    report(
      'lost',
      'paid order',
      order.id,
      `${total} were kept and it is ${order.state}, not confirmed and not refunded`,
    )
  if (confirmed && kept.length === 0 && order.total > 0)
    report('lost', 'payment', order.id, `it is ${order.state} and the provider keeps no money for it`)
  for (const intent of intents) {
    const back = (view.refunds.get(intent.id) ?? []).reduce((sum, { amount }) => sum + amount, 0)
    if (back > intent.received) report('doubled', 'refund', order.id, `${back} of ${intent.received} given back`)
  }
  const calledOff = intents.find(({ id }) => view.hand.calledOff.has(id))
  if (calledOff && unpaidStates.includes(order.state))
    report('lost', 'cancellation', order.id, `${calledOff.id} was called off by hand, and it is ${order.state}`)
  const known = new Map(intents.map((intent) => [intent.id, intent]))
  for (const charge of charges) compareCharge(charge, known, view, report)
}

function compareCharge(charge: OurCharge, intents: ReadonlyMap<string, Intent>, view: View, report: Report): void {
  const splits = view.splits.get(charge.id) ?? []
  const shares = splits.reduce((sum, { amount, withheld }) => sum + amount + withheld, 0)
  if (shares !== charge.amount)
    report('unbalanced', 'splits', charge.orderId, `${charge.id} is ${charge.amount}, its splits are ${shares}`)
  const intent = charge.reference === null ? undefined : intents.get(charge.reference)
  const received = intent?.received ?? 0
  if (charge.captured !== received)
    report('unbalanced', 'capture', charge.orderId, `${charge.id} says ${charge.captured}, the provider ${received}`)
  if (charge.state === 'complete' && charge.captured !== charge.amount)
    report('unbalanced', 'capture', charge.orderId, `${charge.id} captured ${charge.captured} of ${charge.amount}`)
  if (intent?.status && (charge.state === 'cancelled') !== (intent.status === 'canceled'))
    report('unbalanced', 'charge', charge.orderId, `${charge.id} is ${charge.state}, ${intent.id} is ${intent.status}`)
  const back = intent ? (view.refunds.get(intent.id) ?? []).reduce((sum, { amount }) => sum + amount, 0) : 0
  if (charge.refunded !== back)
    report('unbalanced', 'refund', charge.orderId, `${charge.id} says ${charge.refunded}, the provider ${back}`)
}

function compareGoods(order: OurOrder, view: View, report: Report): void {
  const items = view.items.get(order.id) ?? []
  const shipments = view.shipments.get(order.id) ?? []
  const confirmed = confirmedStates.includes(order.state)
  const due = confirmed && !isContested(order, view)
  // What was handed over stays handed over when its money goes back.
  const mayHave = confirmed || order.state === 'accepted' || order.state === 'returned'
  const count = (what: string, found: number, name: string) => {
    if (found === 0 && due) report('lost', what, order.id, name)
    if (found > 1) report('doubled', what, order.id, `${found} for ${name}`)
    if (found > 0 && !mayHave) report('doubled', what, order.id, `${name} left although the order is ${order.state}`)
  }
  for (const item of items.filter(({ kind }) => kind === 'digital'))
    count('delivery', view.deliveries.get(item.id)?.length ?? 0, item.id)
  const bySeller = (kind: OurItem['kind']) => new Set(items.filter((item) => item.kind === kind).map((i) => i.sellerId))
  const countParcels = (
    path: OurShipment['path'],
    sellerId: string,
    what: string,
    done: (shipment: OurShipment) => number,
  ) => {
    const mine = shipments.filter((shipment) => shipment.path === path && shipment.sellerId === sellerId)
    count(
      what,
      mine.reduce((sum, shipment) => sum + done(shipment), 0),
      mine[0]?.id ?? `seller ${sellerId}`,
    )
    if (due && mine.some(({ state }) => state === 'created'))
      report('lost', what, order.id, `${mine[0]?.id} is still created`)
  }
  for (const seller of bySeller('physical'))
    countParcels('shipping', seller, 'label', ({ reference }) => view.labels.get(reference ?? '')?.length ?? 0)
  for (const seller of bySeller('pod'))
    countParcels('pod', seller, 'print order', ({ id }) => view.podOrders.get(id)?.length ?? 0)
  if (due && items.some(({ state, kind }) => kind === 'digital' && state !== 'fulfilled'))
    report('lost', 'delivery', order.id, 'a digital item is not fulfilled')
}

function compareTransfers(order: OurOrder, view: View, report: Report): void {
  const charges = view.charges.get(order.id) ?? []
  const confirmed = confirmedStates.includes(order.state)
  for (const charge of charges) {
    for (const split of view.splits.get(charge.id) ?? []) compareSplit(order, charge, split, view, confirmed, report)
  }
  const mine = new Set(charges.flatMap((charge) => (view.splits.get(charge.id) ?? []).map(({ id }) => id)))
  for (const transfer of view.transfersByOrder.get(order.id) ?? [])
    if (!mine.has(transfer.splitId ?? ''))
      report('doubled', 'transfer', order.id, `${transfer.id} belongs to no split of ours`)
  if (unpaidStates.includes(order.state) && (view.transfersByOrder.get(order.id)?.length ?? 0) > 0)
    report('doubled', 'transfer', order.id, `money was paid out and the order is ${order.state}`)
}

function compareSplit(
  order: OurOrder,
  charge: OurCharge,
  split: OurSplit,
  view: View,
  confirmed: boolean,
  report: Report,
): void {
  const made = view.transfers.get(split.id) ?? []
  const standing = made.filter(({ amount, reversed }) => amount > reversed)
  if (standing.length > 1)
    report('doubled', 'transfer', order.id, `${standing.map(({ id }) => id).join(', ')} for ${split.id}`)
  const givenBack = view.hand.givenBack.get(charge.reference ?? '') ?? 0
  // What somebody gave back of a part leaves the rest of every share where it is.
  const kept = charge.state === 'complete' && charge.refunded === givenBack && givenBack < charge.amount
  // Nobody pays again unasked what somebody took back.
  const takenBack = made.some(({ id }) => view.hand.takenBack.has(id))
  if (takenBack && standing.length > 0)
    report('doubled', 'transfer', order.id, `${standing[0]?.id} although ${split.id} was taken back by hand`)
  const due = confirmed && kept && !takenBack && split.destination !== null && split.amount > 0
  if (due && standing.length === 0) report('lost', 'transfer', order.id, `none for ${split.id}`)
  for (const transfer of standing) {
    if (!kept) report('doubled', 'transfer', order.id, `${transfer.id} although ${charge.id} is ${charge.state}`)
    if (transfer.amount !== split.amount || transfer.destination !== split.destination)
      report(
        'unbalanced',
        'transfer',
        order.id,
        `${transfer.id}: ${transfer.amount} to ${transfer.destination}, not ${split.amount} to ${split.destination}`,
      )
    // To the cent, as far as a part of it can be.
    const left = transfer.amount - transfer.reversed
    const rest = charge.amount - givenBack
    if (kept && split.withheld === 0 && Math.abs(left * charge.amount - split.amount * rest) >= charge.amount)
      report(
        'unbalanced',
        'transfer',
        order.id,
        `${transfer.id}: ${left} of ${split.amount} stand, and ${rest} of ${charge.amount} were kept`,
      )
  }
  if (confirmed && kept && split.state === 'planned') report('lost', 'split', order.id, `${split.id} is still planned`)
}

/** Effects at the providers that belong to nothing we know. */
function reportStrangers(
  orders: ReadonlyMap<string, OurOrder>,
  ours: OurBooks,
  theirs: ProviderBooks,
  report: Report,
): void {
  const refunds = Map.groupBy(theirs.refunds, ({ intentId }) => intentId)
  const shipments = new Set(ours.shipments.map(({ id }) => id))
  const atCarriers = new Set(ours.shipments.map(({ reference }) => reference))
  for (const intent of theirs.intents)
    if (keptOf(intent, refunds) > 0 && !orders.has(intent.orderId ?? ''))
      report('lost', 'paid order', intent.orderId, `${intent.id} was paid for an order that is not in the database`)
  for (const transfer of theirs.transfers)
    if (transfer.amount > transfer.reversed && !orders.has(transfer.orderId ?? ''))
      report('doubled', 'transfer', transfer.orderId, `${transfer.id} for an order that is not in the database`)
  for (const label of theirs.labels)
    if (!label.voided && !atCarriers.has(label.shipmentId))
      report('doubled', 'label', null, `${label.id} for ${label.shipmentId}, which is no shipment of ours`)
  for (const pod of theirs.podOrders)
    if (pod.status !== 'canceled' && !shipments.has(pod.externalId ?? ''))
      report('doubled', 'print order', null, `${pod.id} for ${pod.externalId}, which is no shipment of ours`)
}
