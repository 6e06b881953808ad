import { startReceiver } from './event-receiver.ts'
import { type Answer, address, eventually, storefront } from './storefront.ts'
import type { System } from './system.ts'

type UpstreamStatus =
  | 'open'
  | 'ready_to_fulfil'
  | 'in_review'
  | 'awaiting_payment'
  | 'payment_failed'
  | 'blocked'
  | 'cancelled'

/** An order as a commerce platform keeps it, filled only from what it was answered and told (R69, R105, R126). */
export type UpstreamOrder = {
  checkoutId: string
  id: string | undefined
  status: UpstreamStatus
  paymentStatus: string
  fraudStatus: string
  /** What its page or its mail says to the buyer; never a code. */
  buyerSees: string
  /** Quantities it has reported, by item. */
  shipRequests: string[]
  digitalDeliveries: string[]
}

const statusOf: Record<string, UpstreamStatus> = {
  accepted: 'ready_to_fulfil',
  in_review: 'in_review',
  pending_payment: 'awaiting_payment',
  payment_failed: 'payment_failed',
  blocked: 'blocked',
  cancelled: 'cancelled',
}

const words: Record<UpstreamStatus, string> = {
  open: '',
  ready_to_fulfil: 'Thank you for your order.',
  in_review: 'We are checking your order.',
  awaiting_payment: 'Please complete your payment.',
  payment_failed: 'Your payment failed.',
  blocked: 'This transaction has failed.',
  cancelled: 'Your order was cancelled; nothing was collected.',
}

/**
 * A merchant's commerce platform, written as Digital River's documentation tells: it converts checkouts, reads the immediate
 * answer, subscribes to the early events and reads the state from their payload, never from their name (R76).
 */
export async function startCommercePlatform(system: System) {
  const shop = storefront(system)
  const receiver = await startReceiver()
  await shop.must('POST', '/webhooks', {
    address: receiver.url,
    types: [
      'order.accepted',
      'order.blocked',
      'order.cancelled',
      'order.charge.failed',
      'order.pending_payment',
      'order.review_opened',
      'order.fulfilled',
      'order.complete',
    ],
  })
  const orders = new Map<string, UpstreamOrder>()

  const learn = (upstream: UpstreamOrder, order: Answer['body']): void => {
    // Events overtake each other; what is over stays over.
    if (upstream.status === 'blocked' || upstream.status === 'cancelled') return
    const before = upstream.status
    upstream.id = order.id
    upstream.status = statusOf[order.state] ?? upstream.status
    upstream.fraudStatus = order.fraudState ?? upstream.fraudStatus
    // The charges may be missing from an event (R127).
    upstream.paymentStatus = order.charges?.at(-1)?.state ?? upstream.paymentStatus
    upstream.buyerSees = order.charges?.at(-1)?.failureMessage ?? words[upstream.status]
    if (upstream.status !== 'ready_to_fulfil' || before === 'ready_to_fulfil') return
    for (const item of order.items) {
      if (item.productDetails.physical) upstream.shipRequests.push(item.id)
      else upstream.digitalDeliveries.push(item.id)
    }
  }
  receiver.answer((response, { event }) => {
    response.writeHead(202).end()
    const upstream = orders.get(event.data.object.checkoutId)
    if (upstream) learn(upstream, event.data.object)
  })

  return {
    shop,
    receiver,
    close: () => receiver.stop(),

    /** Takes a buyer from basket to the answer of `POST /orders`. */
    async checkOut(source: object, more: object = {}): Promise<{ upstream: UpstreamOrder; answer: Answer }> {
      const { id: sourceId } = await shop.must('POST', '/sources', {
        ...source,
        owner: { firstName: 'Ada', lastName: 'Buyer', email: 'ada@example.com', address: { country: 'US' } },
      })
      const checkout = await shop.must('POST', '/checkouts', {
        currency: 'USD',
        email: 'ada@example.com',
        billTo: address,
        shipTo: address,
        shipFrom: { address: { country: 'US', state: 'CA' } },
        shippingChoice: { amount: 5, description: 'USPS', serviceLevel: 'SG' },
        items: [
          { productDetails: { name: 'Course', physical: false }, price: 20 },
          { productDetails: { name: 'Book', physical: true }, price: 30, quantity: 2 },
        ],
        ...more,
        sourceId,
      })
      const upstream: UpstreamOrder = {
        checkoutId: checkout.id,
        id: undefined,
        status: 'open',
        paymentStatus: '',
        fraudStatus: '',
        buyerSees: '',
        shipRequests: [],
        digitalDeliveries: [],
      }
      orders.set(checkout.id, upstream)
      const answer = await shop.call('POST', '/orders', { checkoutId: checkout.id })
      if (answer.status === 201) learn(upstream, answer.body)
      else if (answer.status === 409) {
        const [error] = answer.body.errors
        upstream.status = 'cancelled'
        upstream.paymentStatus = error.code === 'failed-request' ? 'failed' : 'not charged'
        upstream.fraudStatus = error.code === 'order-fraud-failure' ? 'blocked' : 'unknown'
        upstream.buyerSees = error.message
      }
      return { upstream, answer }
    },

    /** Waits until the platform has been told that an order is in this status. */
    told: (upstream: UpstreamOrder, status: UpstreamStatus) =>
      eventually(
        async () => (upstream.status === status ? upstream : undefined),
        async () => `the platform to hear ${status}; it thinks ${JSON.stringify(upstream)}`,
      ),
  }
}
