import type Stripe from 'stripe'
import type { ProviderEvent } from '../observations.ts'
import type { FoundPayment, ProviderRecovery } from '../provider.ts'
import { fromStripe } from './stripe-amounts.ts'
import type { StripeClient } from './stripe-client.ts'
import { readList } from './stripe-look-up.ts'

const unixTime = (at: Date): number => Math.floor(at.getTime() / 1000)

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

/** Stripe repeats a webhook for up to three days, so what was received after a moment may have happened that long before it. */
const repeatedForMs = 3 * dayMs

/** How far back Stripe lists events. */
const listedForMs = 30 * dayMs

/** What Stripe knows of a time that a restored database does not. */
export const createStripeRecovery = (connection: StripeClient, toProviderEvent: ReadEvent): ProviderRecovery => ({
  payments: (since) => paymentsSince(connection, since),
  events: (since) => eventsSince(connection, since, toProviderEvent),
  giveBack: (payment) => giveBack(connection, payment),
})

type ReadEvent = (event: Stripe.Event) => ProviderEvent | undefined

async function paymentsSince(connection: StripeClient, since: Date): Promise<FoundPayment[]> {
  const created = { gte: unixTime(since) }
  const intents = await readList(connection, (client, page) => client.paymentIntents.list({ created, ...page }))
  return intents.toReversed().flatMap(({ id, metadata, amount, amount_received, currency, client_secret, status }) => {
    const { orderId, chargeId } = metadata
    if (!orderId || !chargeId) return []
    return [
      {
        reference: id,
        orderId,
        chargeId,
        amount: fromStripe(amount, currency.toUpperCase()),
        received: fromStripe(amount_received, currency.toUpperCase()),
        currency: currency.toUpperCase(),
        clientSecret: client_secret ?? undefined,
        ended: status === 'canceled',
      },
    ]
  })
}

async function* eventsSince(connection: StripeClient, since: Date, toProviderEvent: ReadEvent) {
  const now = Date.now()
  // Hour by hour, so that the events that a busy shop has in days never stand in memory together.
  for (let from = Math.max(since.getTime() - repeatedForMs, now - listedForMs); ; from += hourMs) {
    // The last hour has no end, for Stripe's clock may be ahead of ours.
    const last = from + hourMs > now
    const created = { gte: unixTime(new Date(from)), ...(last ? {} : { lt: unixTime(new Date(from + hourMs)) }) }
    const events = await readList(connection, (client, page) => client.events.list({ created, ...page }))
    for (const event of events.toReversed()) {
      const read = toProviderEvent(event)
      if (read) yield read
    }
    if (last) return
  }
}

async function giveBack(connection: StripeClient, { reference, orderId, received, ended }: FoundPayment) {
  const { call } = connection
  const transfers = await readList(connection, (client, page) =>
    client.transfers.list({ transfer_group: orderId, ...page }),
  )
  for (const { id, reversed } of transfers) {
    if (reversed) continue
    const idempotencyKey = `${id}-given-back`
    await call('transfer_reversal', (client) => client.transfers.createReversal(id, {}, { idempotencyKey }))
  }
  const idempotencyKey = `${reference}-given-back`
  if (received > 0) {
    const given = await readList(connection, (client, page) =>
      client.refunds.list({ payment_intent: reference, ...page }),
    )
    if (given.some(({ status }) => status !== 'failed' && status !== 'canceled')) return
    const params = { payment_intent: reference, metadata: { orderId } }
    await call('refund', (client) => client.refunds.create(params, { idempotencyKey }))
  } else if (!ended) {
    await call('payment_intent', (client) => client.paymentIntents.cancel(reference, {}, { idempotencyKey }))
  }
}
