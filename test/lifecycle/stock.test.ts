import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { publishableKey, type System } from '../system.ts'

const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code ?? answer.body.error?.code]
// The review may be heard of before the money.
const paidAndInReview = ({ state, charges }: Answer['body']) => state === 'in_review' && charges[0].state === 'complete'
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** A shop with goods of which there are so many. */
function stockedShop(system: System) {
  const shop = merchantOrders(system)
  return {
    ...shop,

    sku: (id: string, inventory: number | null, more: Json = {}) =>
      shop.must('POST', '/v2/skus', {
        id,
        name: id,
        kind: 'physical',
        price: 35,
        currency: 'USD',
        weight: 12,
        weightUnit: 'oz',
        dimensions: { length: 6, width: 5, height: 5 },
        ...(inventory === null ? {} : { inventory }),
        ...more,
      }),

    left: async (id: string): Promise<number> => (await shop.must('GET', `/v2/skus/${id}`)).inventory,

    /** What there was in the beginning, by the books: what is left and what orders have taken. */
    async counted(id: string): Promise<number> {
      const [row] = await system.database.sql<{ pieces: number }>(
        `select inventory + coalesce((select sum(taken_quantity) from order_items where sku_id = s.id), 0)::int as pieces
         from skus s where id = $1`,
        [id],
      )
      return row?.pieces ?? -1
    },

    /** What orders that go on hold of a SKU. */
    async sold(id: string): Promise<number> {
      const [row] = await system.database.sql<{ pieces: number }>(
        `select coalesce(sum(i.quantity - i.cancelled_quantity), 0)::int as pieces from order_items i join orders o on o.id = i.order_id
         where i.sku_id = $1 and o.state not in ('pending', 'pending_payment', 'payment_failed', 'cancelled', 'blocked')`,
        [id],
      )
      return row?.pieces ?? -1
    },

    /** Orders, asks for the payment and pays, as far as the shop lets it. Returns the order's id, or what it was refused with. */
    async tryToBuy(items: { skuId: string; quantity?: number }[], email: string): Promise<{ id: string } | Answer> {
      const cart = await shop.cart(items, { email })
      const order = await shop.call('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })
      if (order.status !== 201) return order
      const asked = { paymentMethod: 'STRIPE' }
      const path = `/v2/orders/${order.body.id}/payment-intent`
      const intent = await shop.call('POST', path, asked, { key: publishableKey })
      if (intent.status >= 300) return intent
      await shop.confirm(intent.body.clientSecret)
      return { id: order.body.id }
    },

    /** How paid orders ended, once all of them have: accepted or confirmed, or sold out with all money back. */
    async ends(ids: readonly string[], deadlineMs = 40_000) {
      return eventually(
        async () => {
          const seen = await Promise.all(ids.map((id) => shop.read(id)))
          const done = seen.every(
            ({ status, state, refundedAmount, capturedAmount }) =>
              status === 'CONFIRMED' ||
              (state === 'cancelled' && capturedAmount > 0 && refundedAmount === capturedAmount),
          )
          return done ? seen : undefined
        },
        'every order to be confirmed or paid back',
        deadlineMs,
      )
    },
  }
}

// Removes the risk that somebody pays for goods that are not there, or that goods lie there and nobody can buy them.
describe('stock', () => {
  const { system, shop } = runningShop(stockedShop)

  describe('of which there is less than asked for', () => {
    it('R301 50 buyers race for 10 pieces: 10 get one, 40 are told so before they pay or have their money back', async () => {
      await shop.sku('mug-of-fifty', 10)
      const tries = await Promise.all(
        times(50, (index) => shop.tryToBuy([{ skuId: 'mug-of-fifty' }], `racer-${index}@example.com`)),
      )
      const refused = tries.filter((end): end is Answer => 'status' in end)
      const paid = tries.flatMap((end) => ('status' in end ? [] : [end.id]))
      for (const answer of refused) {
        expect(code(answer)).toEqual([409, 'out_of_stock'])
        expect(answer.body.errors[0].parameter).toBe('items.0')
      }
      const ends = await shop.ends(paid)
      const confirmed = ends.filter(({ status }) => status === 'CONFIRMED')
      expect(confirmed).toHaveLength(10)
      const late = ends.filter(({ state }) => state === 'cancelled')
      expect(late.map(({ cancelReason }) => cancelReason)).toEqual(late.map(() => 'sold out'))
      expect(refused.length + late.length).toBe(40)
      expect([await shop.left('mug-of-fifty'), await shop.sold('mug-of-fifty')]).toEqual([0, 10])
      expect(await shop.counted('mug-of-fifty')).toBe(10)
      const labels = await Promise.all(paid.map(async (id) => (await shop.books(id)).easypost.labels.length))
      expect(labels.reduce((sum, count) => sum + count, 0)).toBe(10)
    })

    it('R301 the race for a checkout with a source is decided before any money is asked for', async () => {
      await shop.sku('plate', 5)
      const submits = await Promise.all(
        times(25, async () => {
          const sourceId = await shop.source({})
          const { id } = await shop.must('POST', '/checkouts', {
            currency: 'USD',
            email: `${crypto.randomUUID()}@example.com`,
            items: [{ skuId: 'plate', quantity: 1, price: 35 }],
            sourceId,
            ...fromOregon,
          })
          return shop.call('POST', '/orders', { checkoutId: id })
        }),
      )
      const made = submits.filter(({ status }) => status === 201)
      expect(made).toHaveLength(5)
      for (const answer of submits.filter(({ status }) => status !== 201))
        expect(code(answer)).toEqual([409, 'out_of_stock'])
      expect([await shop.left('plate'), await shop.counted('plate')]).toEqual([0, 5])
      const intents = (await shop.sandbox('GET', '/sandbox/books')).stripe.paymentIntents
      const known = new Set(made.map(({ body }) => body.id))
      const ofPlates = await system.database.sql<{ id: string }>(
        `select distinct order_id as id from order_items where sku_id = 'plate'`,
      )
      expect(new Set(ofPlates.map(({ id }) => id))).toEqual(known)
      expect(intents.filter(({ metadata }: { metadata: Json }) => known.has(metadata.orderId))).toHaveLength(5)
    })

    it('R301 orders that want two things the other way round do not wait for each other, and none gets half', async () => {
      await Promise.all([shop.sku('cup', 8), shop.sku('bowl', 6)])
      const pairs = [
        [{ skuId: 'cup' }, { skuId: 'bowl' }],
        [{ skuId: 'bowl' }, { skuId: 'cup' }],
      ]
      const ids = await Promise.all(
        times(
          20,
          async (index) => (await shop.order(pairs[index % 2] ?? [], { email: `pair-${index}@example.com` })).id,
        ),
      )
      const intents = await Promise.all(ids.map((id) => shop.intent(id)))
      await Promise.all(intents.map(({ clientSecret }) => shop.confirm(clientSecret)))
      const ends = await shop.ends(ids)
      expect(ends.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(6)
      expect([await shop.left('cup'), await shop.left('bowl')]).toEqual([2, 0])
      expect([await shop.counted('cup'), await shop.counted('bowl')]).toEqual([8, 6])
    })

    it('R301 sells so many copies by a link as there are, and says no number to strangers', async () => {
      const { id } = (await shop.must('POST', '/v2/digital/products', edition)).data
      await shop.must('POST', `/v2/skus/${id}/inventory`, { inventory: 3 })
      await shop.must('POST', '/v2/digital/links', { product_id: id, slug: 'edition', title: 'Edition' })
      const buy = (email: string) =>
        shop.call('POST', '/api/v2/public/checkout/edition/pay', { buyer_email: email }, { key: null })
      const answers = await Promise.all(times(10, (index) => buy(`collector-${index}@example.com`)))
      const started = answers.filter(({ status }) => status === 201)
      await Promise.all(started.map(({ body }) => shop.confirm(body.data.client_secret)))
      const ends = await shop.ends(started.map(({ body }) => body.data.id))
      expect(ends.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(3)
      expect([await shop.left(id), await shop.counted(id)]).toEqual([0, 3])
      expect(code(await buy('late@example.com'))).toEqual([409, 'out_of_stock'])
      const page = await fetch(`${system.url}/c/edition`)
      expect(await page.text()).toContain('Sold out')
    })

    it('refuses the order, or its payment, of more than there is, and names the line', async () => {
      await shop.sku('vase', 2)
      const vases = (quantity: number) => shop.cart([{ skuId: 'sku-digital' }, { skuId: 'vase', quantity }])
      const tooMany = await vases(3)
      const refused = await shop.call('POST', '/v2/orders', { cartId: tooMany.id }, { key: publishableKey })
      expect(code(refused)).toEqual([409, 'out_of_stock'])
      expect(refused.body.errors).toEqual([
        { code: 'out_of_stock', message: 'There is not enough of vase left.', parameter: 'items.1' },
      ])
      const order = await shop.must('POST', '/v2/orders', { cartId: (await vases(2)).id }, { key: publishableKey })
      await shop.must('POST', '/v2/skus/vase/inventory', { adjustBy: -1 })
      const asked = { paymentMethod: 'STRIPE' }
      const intent = await shop.call('POST', `/v2/orders/${order.id}/payment-intent`, asked)
      expect([...code(intent), intent.body.errors[0].parameter]).toEqual([409, 'out_of_stock', 'items.1'])
      await shop.must('POST', '/v2/skus/vase/inventory', { adjustBy: 1 })
      await shop.pay(order.id)
      await shop.confirmed(order.id)
      expect([await shop.left('vase'), await shop.counted('vase')]).toEqual([0, 2])
    })

    it('a free order takes its piece as it is made', async () => {
      await shop.sku('sticker', 1, { kind: 'digital', price: 0, delivery: { contentType: 'text', content: 'shine' } })
      const carts = await Promise.all(
        times(4, (index) => shop.cart([{ skuId: 'sticker' }], { email: `${index}@example.com` })),
      )
      const orders = await Promise.all(carts.map(({ id }) => shop.call('POST', '/v2/orders', { cartId: id })))
      expect(orders.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
      expect([await shop.left('sticker'), await shop.counted('sticker')]).toEqual([0, 1])
    })
  })

  describe('is given back', () => {
    it('R301 when an order is cancelled before it was sent: somebody else buys the piece', async () => {
      await shop.sku('lamp', 1)
      const order = await shop.submit([{ skuId: 'lamp', quantity: 1, price: 35 }])
      expect([order.state, await shop.left('lamp')]).toEqual(['accepted', 0])
      const cart = await shop.cart([{ skuId: 'lamp' }])
      const refused = await shop.call('POST', '/v2/orders', { cartId: cart.id })
      expect(code(refused)).toEqual([409, 'out_of_stock'])
      await shop.must('POST', `/v2/orders/${order.id}/cancel`, { reason: 'changed my mind' })
      expect([await shop.left('lamp'), await shop.counted('lamp')]).toEqual([1, 1])
      const second = await shop.must('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })
      await shop.pay(second.id)
      await shop.confirmed(second.id)
      expect([await shop.left('lamp'), await shop.counted('lamp')]).toEqual([0, 1])
    })

    it('as many pieces as are called off, once each', async () => {
      await shop.sku('chair', 5)
      const order = await shop.submit([{ skuId: 'chair', quantity: 4, price: 35 }])
      const [{ id: itemId }] = order.items
      expect(await shop.left('chair')).toBe(1)
      await shop.fulfil(order.id, [{ itemId, quantity: 1, cancelQuantity: 1 }])
      expect(await shop.left('chair')).toBe(2)
      await shop.fulfil(order.id, [{ itemId, cancelQuantity: 2 }])
      await shop.settled(order.id)
      expect([await shop.left('chair'), await shop.counted('chair')]).toEqual([4, 5])
    })

    it('when its payment is declined', async () => {
      await shop.sku('desk', 1)
      const sourceId = await shop.source({ card: 'pm_card_chargeDeclined' })
      const items = [{ skuId: 'desk', quantity: 1, price: 35 }]
      const basket = { currency: 'USD', email: 'poor@example.com', items, sourceId, ...fromOregon }
      const { id } = await shop.must('POST', '/checkouts', basket)
      expect(code(await shop.call('POST', '/orders', { checkoutId: id }))).toEqual([409, 'failed-request'])
      expect([await shop.left('desk'), await shop.counted('desk')]).toEqual([1, 1])
    })

    it('by a refund that calls its goods off, not by one of goods that were sent', async () => {
      await shop.sku('clock', 3)
      const sent = await shop.submit([{ skuId: 'clock', quantity: 1, price: 35 }])
      await shop.fulfil(sent.id, [{ itemId: sent.items[0].id, quantity: 1 }])
      await shop.settled(sent.id)
      await shop.must('POST', '/v2/refunds', { orderId: sent.id })
      await shop.until(sent.id, ({ state }) => state === 'returned', 'state returned')
      expect(await shop.left('clock')).toBe(2)

      const parcel = await shop.order([{ skuId: 'clock' }])
      await shop.pay(parcel.id)
      await shop.confirmed(parcel.id)
      expect(await shop.left('clock')).toBe(1)
      await shop.must('POST', '/v2/refunds', { orderId: parcel.id })
      await shop.until(parcel.id, ({ state }) => state === 'cancelled', 'state cancelled')
      expect([await shop.left('clock'), await shop.counted('clock')]).toEqual([2, 3])
    })

    it('by a review that blocks: it held the piece while the order was looked at', async () => {
      await shop.sku('mirror', 1)
      const order = await shop.order([{ skuId: 'mirror' }], { email: 'elevated@example.com' })
      await shop.pay(order.id, 'pm_card_riskLevelElevated')
      await shop.until(order.id, paidAndInReview, 'a paid order in review')
      expect(await shop.left('mirror')).toBe(0)
      await shop.must('POST', `/v2/orders/${order.id}/review`, { decision: 'block' })
      expect([await shop.left('mirror'), await shop.counted('mirror')]).toEqual([1, 1])
      const passed = await shop.order([{ skuId: 'mirror' }], { email: 'passed@example.com' })
      await shop.pay(passed.id, 'pm_card_riskLevelElevated')
      await shop.until(passed.id, paidAndInReview, 'a paid order in review')
      await shop.must('POST', `/v2/orders/${passed.id}/review`, { decision: 'approve' })
      await shop.confirmed(passed.id)
      expect([await shop.left('mirror'), await shop.counted('mirror')]).toEqual([0, 1])
    })

    it('not of a print job that went on although its money went back', async () => {
      await shop.sku('shirt', 2, {
        kind: 'pod',
        printful: { variantId: 4012, files: [{ url: 'https://example.com/a.png' }] },
      })
      const order = await shop.order([{ skuId: 'shirt' }])
      await shop.pay(order.id)
      const { shipments } = await shop.confirmed(order.id)
      const { printful } = await shop.sandbox('GET', '/sandbox/books')
      const job = printful.orders.find((known: Json) => known.external_id === shipments[0].id)
      await shop.sandbox('POST', `/sandbox/printful/orders/${job.id}/start`)
      await shop.must('POST', '/v2/refunds', { orderId: order.id, force: true })
      await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
      expect([await shop.left('shirt'), await shop.counted('shirt')]).toEqual([1, 2])
    })

    it('and taken again when the refund comes back from the bank; where it is sold by then, a person is called', async () => {
      await shop.sku('sofa', 1)
      const paid = async () => {
        const order = await shop.order([{ skuId: 'sofa' }], { email: `${crypto.randomUUID()}@example.com` })
        await shop.pay(order.id)
        await shop.confirmed(order.id)
        return shop.settled(order.id)
      }
      const givenBack = async (orderId: string) => {
        await shop.must('POST', '/v2/refunds', { orderId })
        await shop.until(orderId, ({ state }) => state === 'cancelled', 'state cancelled')
        await shop.settled(orderId)
        expect(await shop.left('sofa')).toBe(1)
      }
      const sendBack = (order: Answer['body']) =>
        shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/refund-fail`, {})
      const first = await paid()
      await givenBack(first.id)
      await sendBack(first)
      await shop.until(first.id, ({ state }) => state === 'confirmed', 'state confirmed again')
      expect([await shop.left('sofa'), await shop.counted('sofa')]).toEqual([0, 1])
      await givenBack(first.id)
      await paid()
      await sendBack(first)
      const reopened = await shop.until(first.id, ({ state }) => state === 'confirmed', 'state confirmed again')
      expect(reopened.attention.reason).toBe('sold out')
      expect([await shop.left('sofa'), await shop.counted('sofa')]).toEqual([0, 1])
    })

    it('of what a buyer sends back only where the seller says so', async () => {
      await shop.sku('rug', 4)
      const order = await shop.submit([{ skuId: 'rug', quantity: 3, price: 35 }])
      const [{ id: itemId }] = order.items
      await shop.fulfil(order.id, [{ itemId, quantity: 3 }])
      await shop.settled(order.id)
      const accept = async (restock?: boolean) => {
        const items = [{ itemId, quantity: 1 }]
        const { id } = await shop.must('POST', '/v2/returns', { orderId: order.id, items })
        await shop.must('POST', `/v2/returns/${id}`, {
          state: 'accepted',
          ...(restock === undefined ? {} : { restock }),
        })
        return shop.left('rug')
      }
      expect(await accept()).toBe(1)
      expect(await accept(true)).toBe(2)
      expect(await accept(false)).toBe(2)
      await shop.settled(order.id)
      expect([await shop.left('rug'), await shop.counted('rug')]).toEqual([2, 4])
    })
  })

  describe('as its seller counts it', () => {
    it('is set, changed by how many more or fewer, and no longer counted', async () => {
      expect(await shop.sku('pen', null)).not.toHaveProperty('inventory')
      const count = (body: Json) => shop.call('POST', '/v2/skus/pen/inventory', body)
      expect(code(await count({ adjustBy: 1 }))).toEqual([409, 'inventory_not_counted'])
      expect((await count({ inventory: 10 })).body).toMatchObject({ inventory: 10, inStock: true })
      const changes = await Promise.all(times(20, (index) => count({ adjustBy: index % 2 === 0 ? 2 : -1 })))
      expect(changes.every(({ status }) => status === 200)).toBe(true)
      expect(await shop.left('pen')).toBe(20)
      expect(code(await count({ adjustBy: -21 }))).toEqual([409, 'out_of_stock'])
      expect(code(await count({ adjustBy: 1_000_000_000 }))).toEqual([400, 'invalid_parameter'])
      for (const wrong of [{}, { adjustBy: 1, inventory: 1 }, { inventory: -1 }, { inventory: 1.5 }, { adjustBy: '1' }])
        expect((await count(wrong)).status).toBe(400)
      expect(code(await shop.call('POST', '/v2/skus/none/inventory', { inventory: 1 }))).toEqual([404, 'not_found'])
      expect(code(await shop.call('POST', '/v2/skus/none/inventory', { adjustBy: 1 }))).toEqual([404, 'not_found'])
      const same = { id: 'pen', name: 'Fountain pen', kind: 'physical', price: 40, currency: 'USD' }
      expect(await shop.must('POST', '/v2/skus/pen', same)).toMatchObject({ name: 'Fountain pen', inventory: 20 })
      expect(await shop.must('POST', '/v2/skus/pen', { ...same, inventory: 0 })).toMatchObject({ inStock: false })
      const ofStrangers = await shop.must('GET', '/v2/skus/pen', undefined, { key: publishableKey })
      expect([ofStrangers.inStock, 'inventory' in ofStrangers]).toEqual([false, false])
      expect((await count({ inventory: null })).body).not.toHaveProperty('inventory')
      await expect(system.database.sql(`update skus set inventory = -1 where id = 'pen'`)).rejects.toThrow(
        'never_oversold',
      )
    })

    it('an order that waits for its payment when counting begins takes its piece, too', async () => {
      await shop.sku('ink', null)
      const [first, second] = await Promise.all(times(2, () => shop.order([{ skuId: 'ink' }])))
      const intents = await Promise.all([first, second].map(({ id }) => shop.intent(id)))
      await shop.must('POST', '/v2/skus/ink/inventory', { inventory: 1 })
      for (const { clientSecret } of intents) await shop.confirm(clientSecret)
      const ends = await shop.ends([first.id, second.id])
      expect(ends.map(({ status }) => status).toSorted()).toEqual(['CANCELLED', 'CONFIRMED'])
      expect([await shop.left('ink'), await shop.counted('ink')]).toEqual([0, 1])
    })
  })
})

const oregon = {
  name: 'Ada Buyer',
  email: 'ada@example.com',
  phone: '5035550100',
  address: { line1: 'Main St 1', city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' },
}
const fromOregon = {
  shipTo: oregon,
  billTo: oregon,
  shipFrom: { address: oregon.address },
  shippingChoice: { amount: 0, description: 'Parcel', serviceLevel: 'SG' },
}
const edition = {
  name: 'Edition',
  price: 12.5,
  currency: 'USD',
  content_type: 'text',
  delivery_content: 'One of three',
}

// Removes the risk that a worker that dies in the middle of a race leaves pieces sold twice or nowhere.
describe('stock while workers are killed', () => {
  const { system, shop } = runningShop(stockedShop, { workers: false })

  const startWorker = () => {
    const child = spawn(process.execPath, ['workers/all.ts'], {
      env: { ...process.env, ...system.env },
      stdio: 'ignore',
    })
    // A test that fails leaves none behind.
    onTestFinished(() => void child.kill('SIGKILL'))
    return async (signal: 'SIGKILL' | 'SIGTERM') => {
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
    }
  }

  it('R301 20 paid orders of 6 pieces: answers are lost and workers killed, and the count is exact', async () => {
    await shop.sku('globe', 6)
    const ids: string[] = await Promise.all(
      times(20, async (index) => (await shop.order([{ skuId: 'globe' }], { email: `globe-${index}@example.com` })).id),
    )
    for (const [provider, operation] of [
      ['stripe', 'refunds.create'],
      ['easypost', 'shipments.buy'],
    ])
      await shop.sandbox('POST', '/sandbox/faults', { provider, operation, kind: 'drop_after', times: 3 })
    const intents = await Promise.all(ids.map((id) => shop.intent(id)))
    await Promise.all(intents.map(({ clientSecret }) => shop.confirm(clientSecret)))
    const decided = async (count: number) => {
      await eventually(
        async () => {
          const seen = await Promise.all(ids.map((id) => shop.read(id)))
          return seen.filter(({ state }) => state !== 'pending').length >= count ? true : undefined
        },
        `${count} orders to be decided`,
        60_000,
      )
    }
    for (const count of [1, 8]) {
      const kill = startWorker()
      await decided(count)
      await kill('SIGKILL')
      expect(await shop.counted('globe')).toBe(6)
    }
    const stop = startWorker()
    const ends = await shop.ends(ids, 80_000)
    expect(ends.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(6)
    expect([await shop.left('globe'), await shop.sold('globe'), await shop.counted('globe')]).toEqual([0, 6, 6])
    await stop('SIGTERM')
  }, 240_000)
})
