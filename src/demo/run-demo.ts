import { alwaysClosed } from '../platform/breakers.ts'
import type { ProviderEntry } from '../providers/provider-entry.ts'
import { providerEntries } from '../providers/registry.ts'
import { buyer, cases, type DemoCase, ebooks, merchant, recipients, skus } from './goods.ts'
import { describeOrder, type Step } from './journey.ts'
import { DemoError, type DemoSettings, openShop, type Shop } from './shop.ts'

/**
 * Takes four orders from cart to CONFIRMED through the public API, one after the other, and prints the way of each, and one by each
 * provider that has a page of its own.
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
  print('An e-book paid at each of the other providers, on their own pages')
  for (const entry of providerEntries.filter(({ form }) => form === 'hosted'))
    print(`  ${entry.name.padEnd(12)} ${await payElsewhere(shop, entry)}`)
  print('')
  print('  Where to look')
  print(`    timeline   curl -H 'authorization: Bearer ${settings.secretKey}' \\`)
  print(`                 ${settings.url}/v2/orders/${last.orderId}/timeline`)
  print(`    queues     ${settings.url}/ops/queues`)
  print(`    providers  ${settings.sandboxUrl}/sandbox/books?orderId=${last.orderId}`)
  print(`    carrier    ${settings.sandboxUrl}/sandbox/books?orderId=${last.cartId}`)
}

/** One order that is paid on a provider's page, as a line. @throws DemoError */
async function payElsewhere(shop: Shop, entry: ProviderEntry): Promise<string> {
  const taken = currenciesOf(entry)
  const sku = ebooks.find(({ currency }) => !taken || taken.includes(currency))
  if (!sku) throw new DemoError(`${entry.name} takes none of the demo's currencies.`)
  await shop.sell(sku)
  const cart = await shop.createCart({ currency: sku.currency, ...buyer, items: [{ skuId: sku.id, quantity: 1 }] })
  const order = await shop.order(cart.id)
  const page = await shop.startPaymentAt(order.id, entry.method)
  const paidAt = performance.now()
  await shop.payOnPage(page)
  await shop.confirmed(order.id)
  const took = Math.round(performance.now() - paidAt)
  const price = `${order.totalAmount.toFixed(2)} ${order.currency}`
  return `${price.padEnd(14)}CONFIRMED ${String(took).padStart(5)} ms after its buyer paid  ${order.id}`
}

/** The currencies that a provider takes; undefined where it decides by itself. */
const currenciesOf = (entry: ProviderEntry) =>
  entry.create(entry.sandbox('http://127.0.0.1'), { timeoutMs: 1_000, breaker: alwaysClosed })?.currencies

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
