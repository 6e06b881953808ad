import { buyer, cases, type DemoCase, merchant, recipients, skus } from './goods.ts'
import { describeOrder, type Step } from './journey.ts'
import { type DemoSettings, openShop, type Shop } from './shop.ts'

/**
 * Takes four orders from cart to CONFIRMED through the public API, one after the other, and prints the way of each.
 * Products of an earlier run are used again, so it may run any number of times.
 * @throws DemoError when something does not happen as it should
 */
export async function runDemo(settings: DemoSettings, print: (line: string) => void): Promise<void> {
  const shop = openShop(settings)
  await shop.prepareMerchant(merchant)
  for (const sku of skus) await shop.sell(sku)
  for (const recipient of recipients) await shop.register(recipient)

  print('')
  print('Four demo orders, through the public HTTP API; the times are milliseconds since the cart was made')
  let last = { orderId: '', cartId: '' }
  for (const demo of cases) {
    const { orderId, cartId, lines } = await takeThrough(shop, demo)
    last = { orderId, cartId }
    for (const line of ['', ...lines]) print(line)
  }
  print('')
  print('  Where to look')
  print(`    timeline   curl -H 'authorization: Bearer ${settings.secretKey}' \\`)
  print(`                 ${settings.url}/v2/orders/${last.orderId}/timeline`)
  print(`    queues     ${settings.url}/ops/queues`)
  print(`    providers  ${settings.sandboxUrl}/sandbox/books?orderId=${last.orderId}`)
  print(`    carrier    ${settings.sandboxUrl}/sandbox/books?orderId=${last.cartId}`)
}

async function takeThrough(shop: Shop, demo: DemoCase): Promise<{ orderId: string; cartId: string; lines: string[] }> {
  const startedAt = performance.now()
  const steps: Step[] = []
  const did = (what: string, detail: string) => steps.push({ atMs: performance.now() - startedAt, what, detail })

  const { title, items, shipped, attribution } = demo
  const cart = await shop.createCart({ currency: 'USD', ...buyer, items })
  // Who earns by a sale is the merchant's to say, not the browser's.
  if (attribution) await shop.attribute(cart.id, attribution)
  did('cart', items.map(({ skuId, quantity }) => `${quantity} × ${skuId}`).join(', '))
  if (shipped) {
    const [rate] = await shop.shippingRates(cart.id)
    if (rate) {
      await shop.chooseRate(cart.id, rate.id)
      did('shipping', `${rate.description}, ${rate.amount.toFixed(2)} USD`)
    }
  }
  const order = await shop.order(cart.id)
  const createdMs = performance.now() - startedAt
  did('order', `${order.totalAmount.toFixed(2)} ${order.currency}, ${order.status}`)
  const intent = await shop.startPayment(order.id)
  did('intent', 'made at Stripe once the shares were fixed')
  await shop.payByCard(intent.clientSecret)
  did('paid', 'by the buyer, at the provider, with pm_card_visa')
  const confirmed = await shop.confirmed(order.id)
  const [timeline, splits] = await Promise.all([shop.timeline(order.id), shop.distribution(order.id)])
  const lines = describeOrder({ title, order: confirmed, steps, timeline: timeline.data, createdMs, splits })
  return { orderId: order.id, cartId: cart.id, lines }
}
