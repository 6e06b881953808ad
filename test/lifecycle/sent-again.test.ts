import { afterEach, describe, expect, it } from 'vitest'
import { redirectGoods } from '../../src/goods/redirect-goods.ts'
import { retryTask } from '../../src/tasks/tasks.ts'
import { inTransaction, type Transaction } from '../../src/tasks/transaction.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

// Removes the risk that a seller who has called a parcel or print job off pays for it or sends it twice, or cannot send it at all.
describe('goods that a seller calls off and sends again', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { RETRY_DELAY_FACTOR: '0.02', PROVIDER_PAUSE_MS: '50' } })
  afterEach(async () => {
    await shop.sandbox('DELETE', '/sandbox/faults')
    await system.startWorkers()
  })

  const ordered = (sku: string) =>
    shop.order([{ skuId: `sku-${sku}`, quantity: 1 }], { email: `${crypto.randomUUID()}@example.com` })
  const confirmed = async (sku: string) => {
    const order = await ordered(sku)
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const fault = (provider: string, operation: string, more: Json) =>
    shop.sandbox('POST', '/sandbox/faults', { provider, operation, times: 100, ...more })
  const ask = (order: Answer['body'], what: 'call-off' | 'send-again', headers?: Record<string, string>) =>
    shop.call(
      'POST',
      `/v2/orders/${order.id}/shipments/${order.shipments[0].id}/${what}`,
      undefined,
      headers ? { headers } : {},
    )
  const codeOf = ({ status, body }: Awaited<ReturnType<typeof ask>>) => [status, body.errors?.[0]?.code]
  const until = (order: Answer['body'], state: string) =>
    shop.until(order.id, ({ shipments }) => shipments[0].state === state, `a shipment ${state}`)
  const calledOff = async (order: Answer['body']) => {
    expect((await ask(order, 'call-off')).status).toBe(200)
    await until(order, 'cancelled')
    return shop.settled(order.id)
  }
  const parcels = async (orderId: string): Promise<Json[]> => {
    const { labels, shipments } = (await shop.books(orderId)).easypost
    const bought = labels.map(({ shipment_id }: Json) => shipment_id)
    return shipments.filter(({ id }: Json) => bought.includes(id))
  }
  const citiesOf = (shipments: Json[]) =>
    Promise.all(
      shipments.map(async ({ id }) => {
        const answer = await fetch(`${system.sandbox.url}/easypost/v2/shipments/${id}`, {
          headers: { authorization: `Basic ${btoa('EZTKsystem:')}` },
        })
        return ((await answer.json()) as { to_address: { city: string } }).to_address.city
      }),
    )
  const recipientsOf = (orders: Json[]) =>
    Promise.all(
      orders.map(async ({ id }) => {
        const answer = await fetch(`${system.sandbox.url}/printful/orders/${id}`, {
          headers: { authorization: 'Bearer printful_system' },
        })
        return ((await answer.json()) as { result: { recipient: { city: string } } }).result.recipient.city
      }),
    )
  const jobs = async (order: Answer['body']): Promise<Json[]> => {
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    return printful.orders
      .filter((job: Json) => String(job.external_id).startsWith(order.shipments[0].id))
      .toSorted((a: Answer['body'], b: Answer['body']) => a.id - b.id)
  }
  const costs = async (orderId: string) => {
    const rows = await system.database.sql<{ key: string; sum: number }>(
      `select replace(correlation_key, (select id from shipments where order_id = $1), '') as key, sum(amount) as sum
       from ledger_entries where order_id = $1 and account like 'cost:%' group by correlation_key order by 1`,
      [orderId],
    )
    return Object.fromEntries(rows.map(({ key, sum }) => [key, sum]))
  }
  const notes = async (orderId: string): Promise<string[]> =>
    (await shop.timeline(orderId)).data.map(({ cause }: Json) => cause)

  it('a label is voided, its postage is booked back when the carrier pays, and another one sends the parcel', async () => {
    const order = await confirmed('physical')
    const off = await calledOff(order)
    expect([off.state, off.items[0].state, off.attention]).toEqual(['confirmed', 'created', undefined])
    expect(codeOf(await ask(order, 'call-off'))).toEqual([409, 'goods_not_recallable'])
    expect((await ask(order, 'send-again')).status).toBe(200)
    const again = await until(order, 'purchased')
    const [first, second, ...more] = await parcels(order.id)
    expect([first?.refund_status, second?.refund_status, more.length]).toEqual(['submitted', null, 0])
    expect(again.shipments[0].trackingNumber).toBe(second?.tracking_code)
    await shop.sandbox('POST', `/sandbox/easypost/shipments/${first?.id}/refund`, { status: 'refunded' })
    await eventually(
      async () => ('-cost-repaid' in (await costs(order.id)) ? true : undefined),
      'the postage to be back',
    )
    const booked = await costs(order.id)
    expect(booked['-cost-repaid']).toBe(-(booked['-cost'] ?? 0))
    expect(booked['-cost-2']).toBeGreaterThan(0)
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${second?.id}`, { status: 'in_transit' })
    const done = await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
    expect([done.items[0].state, done.attention]).toEqual(['fulfilled', undefined])
    expect(codeOf(await ask(order, 'send-again'))).toEqual([409, 'goods_not_to_be_sent'])
    expect((await shop.audit(order.id)).balanced).toBe(true)
    expect((await shop.stripe(order.id)).captures).toHaveLength(1)
  })

  it.each([
    ['lost on the way', 'drop_before'],
    ['answered to nobody', 'drop_after'],
  ])('a purchase of the second label that is %s is looked up, and never taken for the first one', async (_, kind) => {
    const order = await confirmed('physical')
    await calledOff(order)
    await fault('easypost', 'shipments.buy', { kind, times: 1 })
    expect((await ask(order, 'send-again')).status).toBe(200)
    const again = await until(order, 'purchased')
    const [first, second, ...more] = await parcels(order.id)
    expect([first?.refund_status, second?.refund_status, more.length]).toEqual(['submitted', null, 0])
    expect(again.shipments[0].trackingNumber).toBe(second?.tracking_code)
  })

  it('a print job that has not begun is cancelled and printed again under another number, one that has begun stays', async () => {
    const order = await confirmed('pod')
    await calledOff(order)
    expect((await ask(order, 'send-again')).status).toBe(200)
    await until(order, 'purchased')
    expect((await jobs(order)).map(({ status }) => status)).toEqual(['canceled', 'pending'])
    const [, second] = await jobs(order)
    await shop.sandbox('POST', `/sandbox/printful/orders/${second?.id}/start`)
    expect((await ask(order, 'call-off')).status).toBe(200)
    await eventually(async () => ((await notes(order.id)).includes('not called off') ? true : undefined), 'the refusal')
    expect((await shop.settled(order.id)).shipments[0].state).toBe('purchased')
    // However often it is asked, and whichever of the earlier tasks have been purged since, the printer is asked again.
    await system.database.sql(
      `delete from tasks where id = (select id from tasks where order_id = $1 and job = 'cancel-print-job' order by created_at limit 1)`,
      [order.id],
    )
    expect((await ask(order, 'call-off')).status).toBe(200)
    await eventually(
      async () =>
        (await notes(order.id)).filter((cause) => cause === 'not called off').length === 2 ? true : undefined,
      'the second refusal',
    )
    await shop.settled(order.id)
    await shop.sandbox('POST', `/sandbox/printful/orders/${second?.id}/ship`)
    await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
  })

  it('asked for twice, or at the same time, it is called off once and bought again once', async () => {
    const order = await confirmed('physical')
    await system.stopWorkers()
    const asked = await Promise.all([ask(order, 'call-off'), ask(order, 'call-off'), ask(order, 'call-off')])
    expect(asked.map(codeOf).toSorted()).toEqual([
      [200, undefined],
      [409, 'goods_being_called_off'],
      [409, 'goods_being_called_off'],
    ])
    expect(codeOf(await ask(order, 'send-again'))).toEqual([409, 'goods_not_to_be_sent'])
    await system.startWorkers()
    await until(order, 'cancelled')
    await shop.settled(order.id)
    const again = await Promise.all([ask(order, 'send-again'), ask(order, 'send-again'), ask(order, 'send-again')])
    expect(again.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    await until(order, 'purchased')
    await shop.settled(order.id)
    expect(await parcels(order.id)).toHaveLength(2)
  })

  it('the same request with the same key is answered again, and does nothing more', async () => {
    const order = await confirmed('physical')
    const key = crypto.randomUUID()
    expect((await ask(order, 'call-off', { 'idempotency-key': key })).status).toBe(200)
    await until(order, 'cancelled')
    expect((await ask(order, 'call-off', { 'idempotency-key': key })).status).toBe(200)
    expect((await notes(order.id)).filter((cause) => cause === 'label called off by api')).toHaveLength(1)
  })

  it('a parcel that was scanned before the carrier was asked stays on its way', async () => {
    const order = await confirmed('physical')
    await system.stopWorkers()
    expect((await ask(order, 'call-off')).status).toBe(200)
    const [parcel] = await parcels(order.id)
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${parcel?.id}`, { status: 'in_transit' })
    await system.startWorkers()
    await until(order, 'in_transit')
    const after = await shop.settled(order.id)
    expect([after.shipments[0].state, after.state]).toEqual(['in_transit', 'complete'])
    expect(await notes(order.id)).toContain('not called off')
    expect((await parcels(order.id))[0]?.refund_status).toBeNull()
    expect(codeOf(await ask(order, 'call-off'))).toEqual([409, 'goods_not_recallable'])
    expect(codeOf(await ask(order, 'send-again'))).toEqual([409, 'goods_not_to_be_sent'])
  })

  it('a carrier that is away is asked until it answers, and its lost answer is found; nothing is bought before', async () => {
    const order = await confirmed('physical')
    await fault('easypost', 'shipments.refund', { kind: 'drop_after', times: 1 })
    await fault('easypost', 'shipments.retrieve', { kind: 'status', status: 503 })
    expect((await ask(order, 'call-off')).status).toBe(200)
    expect(codeOf(await ask(order, 'send-again'))).toEqual([409, 'goods_not_to_be_sent'])
    expect(await parcels(order.id)).toHaveLength(1)
    await shop.sandbox('DELETE', '/sandbox/faults')
    await fault('easypost', 'shipments.refund', { kind: 'drop_after', times: 1 })
    await until(order, 'cancelled')
    expect((await shop.settled(order.id)).shipments[0].state).toBe('cancelled')
    expect((await parcels(order.id)).map(({ refund_status }) => refund_status)).toEqual(['submitted'])
  })

  it('what was called off can be given back, and is not sent again then', async () => {
    const order = await confirmed('physical')
    await calledOff(order)
    expect((await shop.call('POST', '/v2/refunds', { orderId: order.id })).status).toBe(201)
    const after = await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    expect(after.refundedAmount).toBe(order.totalAmount)
    expect(codeOf(await ask(order, 'send-again'))).toEqual([409, 'goods_not_to_be_sent'])
    await shop.settled(order.id)
    expect(await parcels(order.id)).toHaveLength(1)
  })

  it('a refund that comes while it is sent again sends nothing', async () => {
    const order = await confirmed('physical')
    await calledOff(order)
    await system.stopWorkers()
    expect((await ask(order, 'send-again')).status).toBe(200)
    expect((await shop.call('POST', '/v2/refunds', { orderId: order.id })).status).toBe(201)
    await system.startWorkers()
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    const after = await shop.settled(order.id)
    expect([after.shipments[0].state, (await parcels(order.id)).length]).toEqual(['cancelled', 1])
  })

  it('a refund that comes after the second label voids that one, too', async () => {
    const order = await confirmed('physical')
    await calledOff(order)
    await ask(order, 'send-again')
    await until(order, 'purchased')
    await shop.settled(order.id)
    expect((await shop.call('POST', '/v2/refunds', { orderId: order.id })).status).toBe(201)
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    await shop.settled(order.id)
    expect((await parcels(order.id)).map(({ refund_status }) => refund_status)).toEqual(['submitted', 'submitted'])
  })

  it.each(['before', 'after'])('a carrier that has the parcel %s it is sent again calls a person', async (when) => {
    const order = await confirmed('physical')
    await calledOff(order)
    const [first] = await parcels(order.id)
    if (when === 'after') {
      await ask(order, 'send-again')
      await until(order, 'purchased')
    }
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${first?.id}`, { status: 'in_transit' })
    const seen = await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
    expect(seen.attention.reason).toBe('called_off_goods_move')
    expect(seen.shipments[0].state).toBe(when === 'after' ? 'purchased' : 'cancelled')
    if (when === 'before') expect(codeOf(await ask(order, 'send-again'))).toEqual([409, 'goods_on_their_way'])
  })

  it('knows only shipments of one’s own order, and none that is not bought', async () => {
    const order = await confirmed('physical')
    const nobodys = { ...order, shipments: [{ id: 'shp_nobodys' }] }
    for (const what of ['call-off', 'send-again'] as const) {
      expect(codeOf(await ask(nobodys, what))).toEqual([404, 'not_found'])
      expect(codeOf(await ask({ ...order, id: 'ord_nobodys' }, what))).toEqual([404, 'not_found'])
    }
    await fault('easypost', 'shipments.buy', { kind: 'status', status: 503 })
    const waiting = await ordered('physical')
    await shop.pay(waiting.id)
    const accepted = await shop.until(waiting.id, ({ state }) => state === 'accepted', 'state accepted')
    expect(codeOf(await ask(accepted, 'call-off'))).toEqual([409, 'goods_not_recallable'])
    expect(codeOf(await ask(accepted, 'send-again'))).toEqual([409, 'goods_not_to_be_sent'])
  })

  const elsewhere = {
    name: 'Ada King',
    address: { line1: '2 Oak Ave', city: 'Eugene', state: 'OR', postalCode: '97401', country: 'US' },
  }
  const targetOf = async (tx: Transaction, order: Answer['body'], shipTo: Json) => {
    const [owner] = await tx.sql<{ id: string }>('select merchant_id as id from orders where id = $1', [order.id])
    return { orderId: order.id, merchantId: owner?.id ?? '', by: 'api', shipTo: shipTo as never }
  }
  const redirect = (order: Answer['body'], shipTo: Json = elsewhere) =>
    inTransaction(system.parts, async (tx) => redirectGoods(tx, await targetOf(tx, order, shipTo)))
  const again = async (order: Answer['body']) => {
    const { attention } = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
    await retryTask(system.parts, attention.taskId)
  }
  /** A paid order whose step its carrier or printer has refused for good. */
  const refusedFor = async (sku: string, provider: string, ...operations: string[]) => {
    const order = await ordered(sku)
    for (const operation of operations) await fault(provider, operation, { kind: 'status', status: 400 })
    await shop.pay(order.id)
    const seen = await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
    await shop.sandbox('DELETE', '/sandbox/faults')
    return seen
  }

  it('a label that failed because of its address is bought for the corrected one', async () => {
    const order = await refusedFor('physical', 'easypost', 'shipments.buy')
    await redirect(order)
    await again(order)
    await shop.confirmed(order.id)
    const bought = await parcels(order.id)
    expect(await citiesOf(bought)).toEqual(['Eugene'])
    expect((await shop.settled(order.id)).shipments[0].state).toBe('purchased')
    expect((await shop.audit(order.id)).balanced).toBe(true)
    await expect(redirect(order, { ...elsewhere, name: 'Ada' })).rejects.toMatchObject({ code: 'ship_to_fixed' })
  })

  it('a print job that was drafted with the wrong address is never printed; the corrected one is, once', async () => {
    const order = await refusedFor('pod', 'printful', 'orders.confirm')
    await redirect(order)
    await again(order)
    await shop.confirmed(order.id)
    const [first, second, ...more] = await jobs(order)
    expect([first?.status, second?.status, more.length]).toEqual(['canceled', 'pending', 0])
    expect((await recipientsOf([second ?? {}]))[0]).toBe('Eugene')
  })

  it('a label is voided, the address corrected, and the parcel sent again to where it should go', async () => {
    const order = await confirmed('physical')
    await expect(redirect(order)).rejects.toMatchObject({ code: 'ship_to_fixed' })
    await calledOff(order)
    await redirect(order)
    expect((await ask(order, 'send-again')).status).toBe(200)
    await until(order, 'purchased')
    const sent = await parcels(order.id)
    expect(sent.map(({ refund_status }) => refund_status)).toEqual(['submitted', null])
    expect((await citiesOf(sent))[1]).toBe('Eugene')
  })

  it('a step that has read the old address buys nothing for it', async () => {
    const order = await refusedFor('physical', 'easypost', 'shipments.buy')
    const setTasks = (tx: Transaction, from: string, to: string) =>
      tx.sql('update tasks set state = $3 where order_id = $1 and state = $2', [order.id, from, to])
    await inTransaction(system.parts, async (tx) => {
      // Whoever has read the address waits here with its purchase.
      await tx.sql('lock table operations in share row exclusive mode')
      await again(order)
      await eventually(async () => {
        const [waiting] = await system.database.sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into "operations"%'`,
        )
        return waiting
      }, 'the step to have read its order')
      // Whoever changes the address has looked a moment before somebody said again.
      await setTasks(tx, 'enqueued', 'failed')
      await redirectGoods(tx, await targetOf(tx, order, elsewhere))
      await setTasks(tx, 'failed', 'enqueued')
    })
    await shop.confirmed(order.id)
    expect(await citiesOf(await parcels(order.id))).toEqual(['Eugene'])
    expect((await shop.settled(order.id)).shipments[0].state).toBe('purchased')
  })
})
