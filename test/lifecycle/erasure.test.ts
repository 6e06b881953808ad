import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { purgeCarts } from '../../src/checkouts/purge-checkouts.ts'
import type { Trace } from '../../src/erasure/erasure.entity.ts'
import { findTraces } from '../../src/erasure/find-traces.ts'
import { sweepErasures } from '../../src/erasure/request-erasure.ts'
import { startReceiver } from '../event-receiver.ts'
import { startMailServer } from '../mail-server.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { eventually } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'

// Removes the risk that somebody who was told "forgotten" still stands in a column nobody thought of.
describe('the right to be forgotten', () => {
  let system: System
  let shop: ReturnType<typeof merchantOrders>
  let mailServer: Awaited<ReturnType<typeof startMailServer>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>

  beforeAll(async () => {
    mailServer = await startMailServer()
    receiver = await startReceiver()
    system = await startSystem({ env: { SMTP_URL: mailServer.url } })
    shop = merchantOrders(system)
    await shop.stock()
    await shop.must('POST', '/v2/webhook-endpoints', { url: receiver.url, types: ['*'] })
  })
  afterAll(async () => {
    await system?.close()
    await mailServer?.close()
    await receiver?.stop()
  })

  /** Somebody whom no other row can be mistaken for. */
  const somebody = () => {
    const mark = randomUUID().slice(0, 8)
    const email = `zelda.${mark}@example.com`
    const name = `Zelda ${mark} Quixote`
    const line1 = `${mark} Windmill Road`
    const phone = `+1415${mark}`
    const address = { line1, city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' }
    return { email, name, line1, phone, mark, party: { name, phone, email, address } }
  }
  type Person = ReturnType<typeof somebody>

  /** Where somebody still stands, beside the documents that the law wants kept. */
  const traces = async ({ email, name, line1, phone, mark }: Person) =>
    beyondLaw(await findTraces(system.database.sql, [email, name, line1, phone, mark]))
  const beyondLaw = (left: Trace[]) => left.filter(({ why }) => why !== 'kept by law')
  const erasureOf = (filter: string) =>
    eventually(async () => {
      // What is still being told is waited for; a test does not wait a minute.
      await system.database.sql('update erasures set next_round_at = now() where done_at is null')
      const [erasure] = (await shop.must('GET', `/v2/erasures?${filter}`)).data
      return erasure?.state === 'done' ? erasure : undefined
    }, 'the erasure')

  const soldByMerchant = async (person: Person, more: object = {}) => {
    const order = await shop.submit(
      [{ productDetails: { name: 'Course' }, price: 50, metadata: { for: person.name } }],
      {
        email: person.email,
        shipTo: person.party,
        billTo: person.party,
        browserIp: '203.0.113.7',
        metadata: { note: person.name },
        ...more,
      },
    )
    await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }], {
      trackingNumber: person.mark,
      metadata: { carrier: person.name },
    })
    await shop.until(order.id, ({ state }) => state === 'complete')
    await shop.must('POST', '/v2/refunds', { orderId: order.id, currency: 'USD', amount: 5, reason: person.name })
    await shop.settled(order.id)
    return order
  }

  it('R231 R238 I10 takes a buyer of a checkout out of everything but the books', async () => {
    const person = somebody()
    const order = await soldByMerchant(person)
    expect((await shop.read(order.id)).requestToBeForgotten).toBe(false)
    expect((await traces(person)).length).toBeGreaterThan(5)

    const asked = await shop.call(
      'POST',
      `/v2/orders/${order.id}`,
      { requestToBeForgotten: true },
      {
        headers: { 'idempotency-key': `forget-${order.id}` },
      },
    )
    expect(asked.body.requestToBeForgotten).toBe(true)
    const erasure = await erasureOf(`orderId=${order.id}`)
    expect(erasure.report).toMatchObject({ orders: 1, checkouts: 1, sources: 1 })
    expect(beyondLaw(erasure.report.left)).toEqual([])
    expect(await traces(person)).toEqual([])

    const seen = await shop.read(order.id)
    expect(seen).toMatchObject({
      requestToBeForgotten: true,
      email: 'erased@invalid',
      totalAmount: order.totalAmount,
      totalTax: order.totalTax,
      refundedAmount: 5,
      shipTo: { address: { country: 'US', state: 'OR' } },
      metadata: {},
    })
    const [event] = (await shop.must('GET', `/v2/events?orderId=${order.id}`)).data
    expect(event.data.object).toMatchObject({ id: order.id, email: 'erased@invalid' })
    expect((await shop.audit(order.id)).balanced).toBe(true)
    expect(await shop.must('GET', `/v2/erasures/${erasure.id}`)).toEqual(erasure)
  })

  it('I10 takes a buyer out of everything also when the checkout is not kept any more', async () => {
    const person = somebody()
    const order = await soldByMerchant(person)
    const [source] = await system.database.sql<{ id: string }>(
      `update charges c set source_id = null from sources s where c.order_id = $1 and s.id = c.source_id
       returning s.id::text as id`,
      [order.id],
    )
    // The means of payment is then known by nothing but the id of a checkout that is gone.
    expect(source).toBeDefined()
    const { config } = system
    await purgeCarts({ ...system.parts, config: { ...config, keptDays: { ...config.keptDays, carts: -1 } } })
    expect(await system.database.sql('select id from checkouts where id = $1', [order.checkoutId])).toEqual([])

    await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: true })
    const erasure = await erasureOf(`orderId=${order.id}`)
    expect(erasure.report).toMatchObject({ orders: 1, sources: 1 })
    expect(await traces(person)).toEqual([])
  })

  it('I10 takes a buyer of a cart out of parcels, print jobs, downloads and what providers wrote', async () => {
    const person = somebody()
    const order = await shop.order([{ skuId: 'sku-physical' }, { skuId: 'sku-pod' }, { skuId: 'sku-digital' }], {
      email: person.email,
      shipTo: person.party,
      metadata: { note: person.name },
    })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const [tracked] = await system.database.sql<{ events: number }>(
      `select count(*) as events from inbox_events where order_id = $1 and body <> '{}'`,
      [order.id],
    )
    expect(tracked?.events).toBeGreaterThan(0)
    const offers = async () => {
      const [found] = await system.database.sql<{ choices: string[]; rates: number }>(
        `select json_build_array(o.shipping_choice::text, c.shipping_choice::text) as choices,
           (select count(*) from shipping_rates r where r.checkout_id = c.id) as rates
         from orders o join checkouts c on c.id = o.checkout_id where o.id = $1`,
        [order.id],
      )
      return [...(found?.choices.map((choice) => choice.includes('fingerprint')) ?? []), found?.rates]
    }
    expect(await offers()).toEqual([true, true, 2])
    await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: true })
    await system.database.sql(`update orders set state = 'complete' where id = $1`, [order.id])
    const erasure = await erasureOf(`orderId=${order.id}`)
    expect(beyondLaw(erasure.report.left)).toEqual([])
    expect(await traces(person)).toEqual([])
    const [kept] = await system.database.sql<{ events: number; bodies: number }>(
      `select count(*) as events, count(*) filter (where body <> '{}') as bodies from inbox_events where order_id = $1`,
      [order.id],
    )
    expect(kept).toEqual({ events: tracked?.events, bodies: 0 })
    expect(await offers()).toEqual([false, false, 0])
    expect((await shop.read(order.id)).shippingChoice).toEqual(order.shippingChoice)
  })

  it('waits for an order that is on its way, and forgets its buyer when it is over', async () => {
    const person = somebody()
    const order = await shop.submit([{ productDetails: { name: 'Course' }, price: 50 }], {
      email: person.email,
      shipTo: person.party,
      billTo: person.party,
    })
    await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: true })
    await shop.settled(order.id)
    expect((await shop.must('GET', `/v2/erasures?orderId=${order.id}`)).data).toEqual([
      expect.objectContaining({ state: 'waiting', orderId: order.id }),
    ])
    expect((await shop.read(order.id)).email).toBe(person.email)
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, {})
    await shop.settled(order.id)
    expect(beyondLaw((await erasureOf(`orderId=${order.id}`)).report.left)).toEqual([])
    expect(await traces(person)).toEqual([])
  })

  it('looks again only when a round is over: two at once would each report what the other had left', async () => {
    const person = somebody()
    const order = await soldByMerchant(person)
    await system.stopWorkers()
    await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: true })
    const [{ id }] = (await shop.must('GET', `/v2/erasures?orderId=${order.id}`)).data
    const rounds = async () =>
      (await system.database.sql(`select id from tasks where payload ->> 'erasureId' = $1`, [id])).length
    await system.database.sql('update erasures set next_round_at = now() where id = $1', [id])
    await sweepErasures(system.parts)
    expect(await rounds()).toBe(1)
    await system.database.sql(`update tasks set state = 'done' where payload ->> 'erasureId' = $1`, [id])
    await sweepErasures(system.parts)
    expect(await rounds()).toBe(2)
    await system.startWorkers()
    // The ring of the round that is called done here still comes, and may erase before the other: then that one has nobody to search for.
    await erasureOf(`orderId=${order.id}`)
    expect(await traces(person)).toEqual([])
  })

  it('reaches everything of a registered customer, and lets the provider forget the saved card', async () => {
    const person = somebody()
    const customer = await shop.must('POST', '/v2/customers', {
      email: person.email,
      shipping: person.party,
      metadata: { note: person.name },
    })
    const source = await shop.must('POST', '/v2/sources', {
      type: 'creditCard',
      paymentMethod: 'pm_card_visa',
      owner: {
        firstName: 'Zelda',
        lastName: `${person.mark} Quixote`,
        email: person.email,
        address: person.party.address,
      },
    })
    await shop.must('POST', `/v2/customers/${customer.id}/sources/${source.id}`, {})
    const first = await soldByMerchant(person, { customerId: customer.id })
    const second = await soldByMerchant(person, { customerId: customer.id })
    await shop.must('POST', '/v2/checkouts', {
      currency: 'USD',
      customerId: customer.id,
      email: person.email,
      shipTo: person.party,
      items: [{ productDetails: { name: 'Course' }, price: 50 }],
    })

    const asked = await shop.must('POST', `/v2/customers/${customer.id}`, { requestToBeForgotten: true })
    expect(asked.requestToBeForgotten).toBe(true)
    const erasure = await erasureOf(`customerId=${customer.id}`)
    expect(erasure.report).toMatchObject({ orders: 2, checkouts: 3 })
    expect(beyondLaw(erasure.report.left)).toEqual([])
    expect(await traces(person)).toEqual([])
    for (const { id } of [first, second]) expect((await shop.read(id)).email).toBe('erased@invalid')
    const read = await shop.must('GET', `/v2/customers/${customer.id}`)
    expect(read).toMatchObject({ requestToBeForgotten: true, enabled: false, sources: [], metadata: {} })
    expect(read.email).toBeUndefined()
  })

  it('takes the name out of a tax certificate, and keeps what shows an auditor why no tax was taken', async () => {
    const person = somebody()
    const certificate = {
      companyName: person.name,
      taxAuthority: 'CA',
      startDate: '2020-01-01T00:00:00.000Z',
      endDate: '2099-01-01T00:00:00.000Z',
      country: 'US',
      reason: 'resale',
      number: 'SR-101-1',
    }
    const { id: customerId } = await shop.must('POST', '/v2/customers', { taxCertificates: [certificate] })
    const inCalifornia = { ...person.party, address: { ...person.party.address, state: 'CA', postalCode: '94104' } }
    const order = await soldByMerchant(person, { customerId, billTo: inCalifornia, shipTo: inCalifornia })
    expect((await shop.read(order.id)).taxExemption).toEqual([certificate])
    await shop.must('POST', `/v2/customers/${customerId}`, { requestToBeForgotten: true })
    const erasure = await erasureOf(`customerId=${customerId}`)
    expect(beyondLaw(erasure.report.left)).toEqual([])
    expect(await traces(person)).toEqual([])
    const { companyName: _name, ...kept } = certificate
    expect((await shop.read(order.id)).taxExemption).toEqual([kept])
    const [checkout] = await system.database.sql<{ kept: unknown }>(
      `select details -> 'taxExemption' as kept from checkouts where id = $1`,
      [order.checkoutId],
    )
    expect(checkout?.kept).toEqual([kept])
  })

  it('tells honestly where somebody still stands, as in an order that nobody asked about', async () => {
    const person = somebody()
    const forgotten = await soldByMerchant(person)
    const other = await soldByMerchant(person)
    await shop.must('POST', `/v2/orders/${forgotten.id}`, { requestToBeForgotten: true })
    const { report } = await erasureOf(`orderId=${forgotten.id}`)
    expect(report.left).toContainEqual({ table: 'orders', column: 'email', rows: 1, why: 'not part of the request' })
    expect((await shop.read(other.id)).email).toBe(person.email)
  })

  it('takes a wish back that was not carried out yet', async () => {
    const person = somebody()
    const order = await shop.submit([{ productDetails: { name: 'Course' }, price: 50 }], { email: person.email })
    await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: true })
    await shop.settled(order.id)
    const back = await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: false })
    expect(back.requestToBeForgotten).toBe(false)
    expect((await shop.must('GET', `/v2/erasures?orderId=${order.id}`)).data).toEqual([])
  })
})
