import { byId, call, element, money, type Order, orSay, pay, showTotals } from './ordermill.ts'

const pollMs = 700
const id = new URLSearchParams(location.search).get('order') ?? ''
const words: Record<Order['status'], string> = {
  PENDING: 'We are waiting for your payment.',
  CONFIRMED: 'Paid and confirmed. Thank you!',
  FAILED: 'Something went wrong with this order.',
  BLOCKED: 'This order was not accepted.',
  CANCELLED: 'This order was cancelled.',
  REFUNDED: 'Your money was given back.',
}
const itemWords: Record<Order['items'][number]['state'], string> = {
  created: 'being prepared',
  fulfilled: 'fulfilled',
  cancelled: 'cancelled',
  blocked: 'not sent',
  returned: 'returned',
}

byId('again').addEventListener('click', () => void orSay(() => pay(id, 'STRIPE')))
await orSay(follow)

/** Draws the order until nothing about it changes any more. */
async function follow(): Promise<void> {
  for (;;) {
    const order = await call<Order>('GET', `/v2/orders/${id}`)
    show(order)
    if (isOver(order)) return
    // What carriers and printers do takes longer than a payment.
    const pauseMs = order.status === 'CONFIRMED' ? 5 * pollMs : pollMs
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** The order's goods have left, or never will. */
function isOver({ status, state, items }: Order): boolean {
  // Whoever comes back from a second payment may be faster than the news of it.
  if (status === 'PENDING' || state === 'payment_failed') return false
  return status !== 'CONFIRMED' || items.every((item) => item.state !== 'created')
}

function show(order: Order): void {
  const failed = order.state === 'payment_failed'
  byId('status').textContent = failed ? 'The payment did not go through.' : sentenceOf(order)
  byId('again').hidden = !failed
  byId('items').replaceChildren(...order.items.map((item) => line(item, order.currency)))
  const parcels = order.shipments.map(parcel)
  byId('parcels').hidden = parcels.length === 0
  byId('shipments').replaceChildren(...parcels)
  showTotals(order)
}

function sentenceOf({ status, state }: Order): string {
  return state === 'accepted' ? 'Paid, thank you. Your goods are being prepared.' : words[status]
}

function line({ productDetails, quantity, amount, state, delivery }: Order['items'][number], currency: string) {
  const what = element('div', {}, `${quantity} × ${productDetails.name}: `, element('strong', {}, itemWords[state]))
  if (delivery?.contentType === 'text') what.append(element('p', {}, delivery.content))
  else if (delivery)
    what.append(element('p', {}, element('a', { href: delivery.content, rel: 'noreferrer' }, 'Download')))
  return element('li', {}, what, element('span', {}, money(amount, currency)))
}

function parcel({ path, carrier, service, trackingNumber }: Order['shipments'][number]): HTMLElement {
  const way = [carrier, service].filter(Boolean).join(' ')
  const number = trackingNumber ? `tracking ${trackingNumber}` : 'its number follows'
  return element(
    'li',
    {},
    element('span', {}, `${path === 'pod' ? 'Printing' : 'Parcel'} ${way}`),
    element('span', {}, number),
  )
}
