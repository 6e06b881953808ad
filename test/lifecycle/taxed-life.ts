import type { merchantOrders } from '../merchant-orders.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { publishableKey } from '../system.ts'
import { random } from './lifecycle-actor.ts'

type Shop = ReturnType<typeof merchantOrders>
type Dice = ReturnType<typeof random>
type Item = { id: string; quantity: number; fulfilledQuantity: number; cancelledQuantity: number }

const decimals: Record<string, number> = { USD: 2, EUR: 2, GBP: 2, JPY: 0 }
/** Where it goes, and where it leaves: each with a rate of its own, and with reduced ones for books. */
const places = [
  { country: 'DE', from: 'IE', postalCode: '10115' },
  { country: 'FR', from: 'IE', postalCode: '69001' },
  { country: 'IT', from: 'DE', postalCode: '00100' },
  { country: 'GB', from: 'GB', postalCode: 'SW1A 1AA' },
  { country: 'JP', from: 'JP', postalCode: '100-0001' },
  { country: 'US', from: 'US', postalCode: '94104', state: 'CA' },
  { country: 'AU', from: 'US', postalCode: '2000' },
]
const book = 'txcd_35010000'

/** A request that is made again while it is answered 503, or while shares are on their way. */
async function act(shop: Shop, method: string, path: string, body: Json): Promise<Answer> {
  let answer = await shop.call(method, path, body)
  for (let again = 0; answer.status === 503 && again < 40; again += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer = await shop.call(method, path, body)
  }
  if (answer.status >= 500)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer
}

/** Amounts of a currency that chance decides, as the API takes them. */
const amountsOf = (dice: Dice, currency: string) => {
  const scale = 10 ** (decimals[currency] ?? 2)
  const worth = currency === 'JPY' ? 100 : 1
  return (most: number) => (worth * scale * 0.5 + dice.below(most * worth * scale)) / scale
}

function discountOf(dice: Dice, rounded: (amount: number) => number): Json {
  return dice.chance(0.5)
    ? { percentOff: Number((0.5 + dice.below(6_000) / 100).toFixed(2)) }
    : { amountOff: rounded(0.33 + dice.below(5)) }
}

/** A checkout of any kind: prices with or without tax, several rates, discounts of a line, of all and of shipping, fees and duties. */
function checkoutOf(dice: Dice) {
  // No dinars: Stripe takes them in tens of fils only.
  const currency = dice.pick(['EUR', 'EUR', 'USD', 'GBP', 'JPY'])
  const place = dice.pick(places)
  const amount = amountsOf(dice, currency)
  const digits = decimals[currency] ?? 2
  const rounded = (value: number) => Number((currency === 'JPY' ? value * 100 : value).toFixed(digits))
  const { from, ...address } = place
  const to = { name: 'Ada Buyer', email: 'ada@example.com', address: { line1: 'Street 1', city: 'Town', ...address } }
  const items = Array.from({ length: 1 + dice.below(4) }, (_, index) => {
    const quantity = 1 + dice.below(5)
    return {
      productDetails: {
        name: `Thing ${index}`,
        physical: dice.chance(0.8),
        ...(dice.chance(0.35) ? { taxCode: book } : {}),
      },
      ...(dice.chance(0.15)
        ? { aggregatePrice: Number(amount(90).toFixed(digits)) }
        : { price: Number(amount(60).toFixed(digits)) }),
      quantity,
      ...(dice.chance(0.3)
        ? {
            discount: {
              ...discountOf(dice, rounded),
              ...(dice.chance(0.5) ? { quantity: 1 + dice.below(quantity) } : {}),
            },
          }
        : {}),
      ...(dice.chance(0.2) ? { fees: { amount: rounded(0.5 + dice.below(3)) } } : {}),
      ...(dice.chance(0.15) ? { duties: { amount: rounded(1 + dice.below(4)) } } : {}),
    }
  })
  return {
    items,
    more: {
      currency,
      locale: dice.pick(['de_DE', 'en_GB', 'fr_FR', 'ja_JP']),
      taxInclusive: dice.chance(0.5),
      shipTo: to,
      billTo: to,
      shipFrom: {
        address: {
          line1: 'Quay 1',
          city: 'Port',
          postalCode: '1',
          country: from,
          state: from === 'US' ? 'NV' : undefined,
        },
      },
      shippingChoice: {
        amount: dice.chance(0.7) ? rounded(1 + dice.below(20)) : 0,
        description: 'Parcel',
        serviceLevel: 'SG',
      },
      ...(dice.chance(0.3) ? { discount: discountOf(dice, rounded) } : {}),
      ...(dice.chance(0.2) ? { shippingDiscount: discountOf(dice, rounded) } : {}),
    },
  }
}

const open = (item: Item) => item.quantity - item.fulfilledQuantity - item.cancelledQuantity

/** Hands some pieces over and calls others off; `all` decides about every piece that is left. */
async function decide(shop: Shop, dice: Dice, orderId: string, all: boolean): Promise<void> {
  const { items } = (await shop.read(orderId)) as { items: Item[] }
  const decided = items
    .filter((item) => open(item) > 0)
    .map((item) => {
      const quantity = dice.below(open(item) + 1)
      const cancelQuantity = all ? open(item) - quantity : dice.chance(0.3) ? dice.below(open(item) - quantity + 1) : 0
      return { itemId: item.id, quantity, cancelQuantity }
    })
    .filter(({ quantity, cancelQuantity }) => quantity + cancelQuantity > 0)
  if (decided.length > 0) await act(shop, 'POST', '/v2/fulfillments', { orderId, items: decided })
}

/** Gives something back: of everything, of one line, of pieces of it, or one component. What may not be is refused. */
async function giveBack(shop: Shop, dice: Dice, orderId: string, reason: string): Promise<void> {
  const order = await shop.read(orderId)
  const { currency, availableToRefundAmount: available } = order as {
    currency: string
    availableToRefundAmount: number
  }
  if (available <= 0) return
  const scale = 10 ** (decimals[currency] ?? 2)
  const itemId = dice.pick(order.items as Item[]).id
  const asked: Json = dice.pick<() => Json>([
    () => ({ amount: Math.max(1, Math.floor(available * scale * dice.below(100) * 0.01)) / scale }),
    () => ({ percent: 1 + dice.below(60) }),
    () => ({ items: [{ itemId, quantity: 1 }] }),
    () => ({ items: [{ itemId, percent: 1 + dice.below(90) }] }),
    () => ({ items: [{ itemId, amount: (1 + dice.below(300)) / scale }] }),
    () => ({ items: [{ itemId, type: dice.pick(['shipping', 'fees', 'duty']) }] }),
    () => ({ type: dice.pick(['shipping', 'tax', 'duty']) }),
    () => ({ items: [{ itemId }] }),
  ])()
  await act(shop, 'POST', '/v2/refunds', { orderId, currency, reason, ...asked })
}

type Business = { customerId: string; taxIdentifiers: { id: string }[] }

/** A business with a number that its register knows: it buys without tax, and accounts for it itself. */
export async function registeredBusiness(shop: Shop): Promise<Business> {
  const { id } = await shop.must('POST', '/v2/customers', { type: 'business', email: 'office@example.com' })
  const identifier = await shop.must('POST', '/v2/tax-identifiers', { type: 'at', value: 'ATU13585627' })
  await shop.must('POST', `/v2/customers/${id}/tax-identifiers/${identifier.id}`)
  await eventually(
    async () => (await shop.must('GET', `/v2/tax-identifiers/${identifier.id}`)).state === 'verified' || undefined,
    'the number to be verified',
  )
  return { customerId: id, taxIdentifiers: [{ id: identifier.id }] }
}

const inAustria = {
  name: 'Beispiel GmbH',
  address: { line1: 'Hauptstr. 1', city: 'Wien', postalCode: '1010', country: 'AT' },
}

/** What makes a checkout one of a business in another country of the Union. */
const reverseCharged = (business: Business): Json => ({
  ...business,
  customerType: 'business',
  currency: 'EUR',
  shipTo: inAustria,
  billTo: inAustria,
  shipFrom: { address: { line1: 'Quay 1', city: 'Dublin', postalCode: '1', country: 'IE' } },
})

const email = (seed: number) => `buyer-${seed}@example.com`
const inTheUnion = [
  { country: 'DE', postalCode: '10115' },
  { country: 'FR', postalCode: '69001' },
  { country: 'IT', postalCode: '00100' },
] as const

/** The life of a cart of digital things, whose merchant wants tax on or within its prices, with or without a coupon. */
export async function liveACart(shop: Shop, seed: number, coupons: readonly string[]): Promise<string> {
  const dice = random(seed)
  const { country, postalCode } = dice.pick(inTheUnion)
  const browser = { key: publishableKey }
  const cart = await shop.must(
    'POST',
    '/v2/carts',
    {
      currency: 'USD',
      email: email(seed),
      items: [
        { skuId: 'sku-digital', quantity: 1 + dice.below(4) },
        ...(dice.chance(0.5) ? [{ skuId: 'song', quantity: 1 + dice.below(3) }] : []),
      ],
      billTo: { name: 'Ada Buyer', address: { line1: 'Street 1', city: 'Town', postalCode, country } },
      ...(coupons.length > 0 ? { couponCode: dice.pick(coupons) } : {}),
    },
    browser,
  )
  await shop.must('POST', `/v2/carts/${cart.id}/tax`, undefined, browser)
  const { id } = await shop.must('POST', '/v2/orders', { cartId: cart.id }, browser)
  await shop.pay(id)
  await shop.confirmed(id)
  await shop.settled(id)
  for (let count = dice.below(3); count > 0; count -= 1) await giveBack(shop, dice, id, `reason ${count}`)
  return id
}

/** The life of what is sold by a link, in a country that its buyer names. */
export async function liveALink(shop: Shop, seed: number): Promise<string> {
  const dice = random(seed)
  const price = 1 + dice.below(9_000) / 100
  const product = { name: 'Guide', price, currency: 'USD', content_type: 'text', delivery_content: 'read me' }
  const { data } = await shop.must('POST', '/v2/digital/products', product)
  const slug = `guide-${seed}`
  await shop.must('POST', '/v2/digital/links', { product_id: data.id, slug, title: 'Guide' })
  const asked = { buyer_email: email(seed), buyer_country: dice.pick(inTheUnion).country }
  const paid = await act(shop, 'POST', `/v2/public/checkout/${slug}/pay`, asked)
  if (!paid.body.data) throw new Error(`the link answered ${JSON.stringify(paid.body)}`)
  const { id, client_secret: secret } = paid.body.data
  await shop.confirm(secret)
  await shop.confirmed(id)
  await shop.settled(id)
  if (dice.chance(0.5)) await giveBack(shop, dice, id, 'reason')
  return id
}

/**
 * The life of a taxed checkout from its basket to the last refund, of a business where there is a customer. Returns the order's id; undefined
 * where it was free.
 */
export async function liveATaxedOrder(shop: Shop, seed: number, business?: Business): Promise<string | undefined> {
  const dice = random(seed)
  const { items, more: usual } = checkoutOf(dice)
  const more: Json = business ? { ...usual, ...reverseCharged(business) } : usual
  const sourceId = await shop.source({})
  const basket = await act(shop, 'POST', '/v2/checkouts', {
    items,
    sourceId,
    email: email(seed),
    ...more,
  })
  if (basket.status !== 201) throw new Error(`checkout answered ${JSON.stringify(basket.body)}`)
  const ordered = await act(shop, 'POST', '/v2/orders', { checkoutId: basket.body.id })
  if (ordered.status !== 201 || ordered.body.state !== 'accepted') return undefined
  const { id } = ordered.body
  if (dice.chance(0.4)) await decide(shop, dice, id, false)
  if (dice.chance(0.2)) await giveBack(shop, dice, id, 'early')
  await decide(shop, dice, id, true)
  await shop.settled(id)
  for (let count = dice.below(4); count > 0; count -= 1) await giveBack(shop, dice, id, `reason ${count}`)
  return id
}
