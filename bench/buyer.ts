import { setTimeout as pause } from 'node:timers/promises'
import type { Acknowledged } from './books.ts'
import type { PlannedOrder } from './chaos-plan.ts'
import type { HttpAnswer } from './http-client.ts'
import { elsewhere, isElsewhere } from './other-providers.ts'
import type { shop } from './shop.ts'

type Json = Record<string, unknown>

/** Raised when the shop did not do what it was asked for within the buyer's patience. */
class GaveUp extends Error {}

export type BuyerOptions = {
  /** How long a buyer, or the storefront for him, repeats a request that fails. */
  patienceMs: number
  /** Told the moment the shop acknowledges an order: from then on it must not be lost. */
  acknowledged: (order: Acknowledged) => void
  counts: { requests: number; repeated: number }
}

/**
 * Plays one storefront with its buyer. A request without an answer or with a 5xx is repeated for the same cart or order,
 * as a real storefront does; an answer is final. What was acknowledged is remembered as it happens.
 */
export async function buy(store: ReturnType<typeof shop>, plan: PlannedOrder, options: BuyerOptions): Promise<void> {
  const ask = persistently(options)
  const currency = isElsewhere(plan.manner) ? elsewhere[plan.manner].currency : 'USD'
  const cartId = String((await ask('cart', () => store.createCart(plan.lines, currency))).id)
  if (plan.lines.some((line) => line !== 'digital')) {
    const rates: unknown = await ask(
      'rates',
      () => store.shippingRates(cartId),
      (answer) => answer.status === 200 && answer.text !== '[]',
    )
    const [cheapest] = rates as { id: string }[]
    await ask('rate', () => store.chooseRate(cartId, String(cheapest?.id)))
  }
  const order = await ask('order', () => store.createOrder(cartId))
  const told: Acknowledged = {
    orderId: String(order.id),
    lines: plan.lines,
    wish: plan.manner === 'cancels' ? 'cancel' : plan.manner === 'cancels_while_paying' ? 'either' : 'pay',
    paid: false,
    cancelled: false,
  }
  options.acknowledged(told)
  try {
    await carryOn(store, ask, plan, told)
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error
    told.gaveUp = error.message
  }
}

type Ask = ReturnType<typeof persistently>

async function carryOn(
  store: ReturnType<typeof shop>,
  ask: Ask,
  plan: PlannedOrder,
  told: Acknowledged,
): Promise<void> {
  const { orderId } = told
  const secret = () => clientSecret(store, ask, orderId)
  const cancel = async () => {
    const answer = await ask(
      'cancel',
      () => store.cancelOrder(orderId),
      ({ status }) => status === 200 || status === 409,
    )
    told.cancelled = answer.status === 'CANCELLED'
  }
  switch (plan.manner) {
    case 'cancels':
      await secret()
      return cancel()
    case 'cancels_while_paying': {
      const given = await secret()
      await Promise.all([pay(store, given, 'pm_card_visa', told), cancel()])
      return
    }
    case 'declined_first':
      await pay(store, await secret(), 'pm_card_chargeDeclined', told)
      // The buyer reads the message and takes another card; the storefront asks for the payment again.
      await pause(300)
      return pay(store, await secret(), 'pm_card_visa', told)
    case 'three_d_secure': {
      const given = await secret()
      await pay(store, given, 'pm_card_threeDSecure2Required', told)
      await pause(200)
      const { intent } = JSON.parse((await store.finishChallenge(given)).text) as { intent?: Json }
      told.paid = intent?.status === 'succeeded'
      return
    }
    case 'pays_at_paypal':
    case 'pays_in_bitcoin':
    case 'pays_at_telr':
    case 'pays_at_bonum':
      return payOnPage(store, ask, elsewhere[plan.manner].method, told)
    case 'pays':
      return pay(store, await secret(), 'pm_card_visa', told)
  }
}

async function clientSecret(store: ReturnType<typeof shop>, ask: Ask, orderId: string): Promise<string> {
  const hasSecret = (answer: HttpAnswer) => answer.status === 201 && answer.text.includes('"clientSecret"')
  return String((await ask('payment-intent', () => store.startPayment(orderId), hasSecret)).clientSecret)
}

/** On the page that the provider gave: pays, and where that takes a block of a chain, waits for it. What the provider says there is the buyer's proof. */
async function payOnPage(store: ReturnType<typeof shop>, ask: Ask, method: string, told: Acknowledged): Promise<void> {
  const hasPage = (answer: HttpAnswer) => answer.status === 201 && answer.text.includes('"checkoutUrl":"http')
  const page = String(
    (await ask('payment-intent', () => store.startPayment(told.orderId, method), hasPage)).checkoutUrl,
  )
  const { status } = await store.press(page, 'pay')
  if ((await store.look(page)).text.includes('value="confirm"')) await store.press(page, 'confirm')
  told.paid = status === 303
}

/** The provider itself neither crashes nor loses this request: its answer is what the buyer knows. */
async function pay(store: ReturnType<typeof shop>, secret: string, card: string, told: Acknowledged): Promise<void> {
  const { status, text } = await store.confirm(secret, card)
  if (status === 200 && (JSON.parse(text) as Json).status === 'succeeded') told.paid = true
}

function persistently({ patienceMs, counts }: BuyerOptions) {
  const acceptable = ({ status }: HttpAnswer) => status >= 200 && status < 300
  return async (what: string, send: () => Promise<HttpAnswer>, fits = acceptable): Promise<Json> => {
    const deadline = Date.now() + patienceMs
    let last = 'no answer'
    for (let attempt = 1; ; attempt += 1) {
      counts.requests += 1
      if (attempt > 1) counts.repeated += 1
      const answer = await send().catch((error: unknown) => {
        last = `no answer (${error instanceof Error ? error.message : String(error)})`
        return undefined
      })
      if (answer && fits(answer)) return JSON.parse(answer.text) as Json
      if (answer) last = `${answer.status} ${answer.text.slice(0, 160)}`
      if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429) break
      if (Date.now() > deadline) break
      await pause(Math.min(100 * attempt, 1_000))
    }
    throw new GaveUp(`${what}: ${last}`)
  }
}
