import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { retryTask } from '../../src/tasks/tasks.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, type Json } from '../storefront.ts'

// Removes the risk that a refunded shirt is printed or a refunded parcel is sent, and that money goes back unasked for what the buyer gets.
describe('R285 goods whose money goes back', () => {
  // A provider that answers badly is asked again soon, and never left alone for long.
  const { system, shop } = runningShop(merchantOrders, { env: { RETRY_DELAY_FACTOR: '0.02', PROVIDER_PAUSE_MS: '50' } })

  beforeAll(async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-plate',
      name: 'Plate',
      kind: 'physical',
      price: 20,
      currency: 'USD',
      weight: 20,
      weightUnit: 'oz',
      dimensions: { length: 10, width: 10, height: 2 },
    })
  })
  afterEach(async () => {
    await shop.sandbox('DELETE', '/sandbox/faults')
    await system.startWorkers()
  })

  const ordered = (...items: [skuId: string, quantity?: number][]) =>
    shop.order(
      items.map(([sku, quantity = 1]) => ({ skuId: `sku-${sku}`, quantity })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
  const confirmed = async (...items: [skuId: string, quantity?: number][]) => {
    const order = await ordered(...items)
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const fault = (provider: string, operation: string, more: Json) =>
    shop.sandbox('POST', '/sandbox/faults', { provider, operation, times: 100, ...more })
  const refund = (orderId: string, more: Json = {}) => shop.call('POST', '/v2/refunds', { orderId, ...more })
  const refundOf = async (orderId: string, state: string) =>
    eventually(async () => {
      const { data } = await shop.must('GET', `/v2/refunds?orderId=${orderId}`)
      return data.find((entry: Json) => entry.state === state)
    }, `a refund ${state}`)
  /** The printer knows our shipments by their ids. */
  const jobs = async (orderId: string): Promise<{ id: string; status: string }[]> => {
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    const ours = (await shop.read(orderId)).shipments.map(({ id }: { id: string }) => id)
    return printful.orders.filter((job: { external_id: string }) => ours.includes(job.external_id))
  }
  const printed = async (orderId: string) => (await jobs(orderId)).map(({ status }) => status)
  const jobOf = async (orderId: string) => (await jobs(orderId))[0]?.id
  const labels = async (orderId: string): Promise<{ shipment_id: string }[]> =>
    (await shop.books(orderId)).easypost.labels
  /** The shipments that a label was bought for. */
  const parcels = async (orderId: string) => {
    const bought = (await labels(orderId)).map(({ shipment_id }) => shipment_id)
    const { shipments } = (await shop.books(orderId)).easypost
    return shipments.filter(({ id }: { id: string }) => bought.includes(id))
  }
  const voided = async (orderId: string): Promise<(string | null)[]> =>
    (await parcels(orderId)).map(({ refund_status }: { refund_status: string | null }) => refund_status)
  const moneyOf = async (orderId: string) => {
    const { charges, balanced } = await shop.audit(orderId)
    return { refunded: charges[0]?.refunded, balance: charges[0]?.balance, balanced }
  }

  it('a confirmed order is given back: its print job is cancelled, its label voided, nobody has to look', async () => {
    const order = await confirmed(['physical'], ['pod'])
    expect((await refund(order.id)).status).toBe(201)
    const after = await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    expect(await printed(order.id)).toEqual(['canceled'])
    expect(await voided(order.id)).toEqual(['submitted'])
    expect(after.shipments.map(({ state }: { state: string }) => state)).toEqual(['cancelled', 'cancelled'])
    await shop.settled(order.id)
    const last = await shop.read(order.id)
    expect([last.refundedAmount, last.attention]).toEqual([order.totalAmount, undefined])
    expect(await moneyOf(order.id)).toMatchObject({ balance: 0, balanced: true })
  })

  it('given back at the provider, its items are over before anybody looks at its goods, which are called off all the same', async () => {
    const order = await confirmed(['physical'], ['pod'])
    await shop.sandbox('POST', '/sandbox/stripe/dashboard/refunds', {
      payment_intent: order.charges[0].providerReference,
    })
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    await shop.settled(order.id)
    expect([await printed(order.id), await voided(order.id)]).toEqual([['canceled'], ['submitted']])
  })

  it('steps that wait for their provider send nothing any more, and nothing is paid out', async () => {
    await fault('easypost', 'shipments.buy', { kind: 'status', status: 503 })
    await fault('printful', 'orders.create', { kind: 'status', status: 503 })
    const order = await ordered(['physical'], ['pod'])
    await shop.pay(order.id)
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    expect((await refund(order.id)).status).toBe(201)
    await shop.sandbox('DELETE', '/sandbox/faults')
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    await eventually(async () => {
      const open = await system.database.sql(
        `select 1 from tasks where order_id = $1 and state in ('pending', 'enqueued')`,
        [order.id],
      )
      return open.length === 0 ? true : undefined
    }, 'every step to end')
    expect([await labels(order.id), await printed(order.id)]).toEqual([[], []])
    expect((await shop.stripe(order.id)).transfers).toEqual([])
    expect((await shop.read(order.id)).refundedAmount).toBe(order.totalAmount)
  })

  it('a label that is being bought at this moment is voided before the money goes', async () => {
    await fault('easypost', 'shipments.buy', { kind: 'slow', delayMs: 700, times: 1 })
    const order = await ordered(['physical'])
    await shop.pay(order.id)
    await eventually(async () => {
      const [claimed] = await system.database.sql(`select 1 from operations where order_id = $1 and kind = 'label'`, [
        order.id,
      ])
      return claimed
    }, 'the purchase to begin')
    expect((await refund(order.id)).status).toBe(201)
    await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    expect(await voided(order.id)).toEqual(['submitted'])
  })

  it('a print job in production is said to be on its way; forced, the refund says what stays spent', async () => {
    const order = await confirmed(['pod'])
    await shop.sandbox('POST', `/sandbox/printful/orders/${await jobOf(order.id)}/start`)
    const refused = await refund(order.id)
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'goods_on_their_way'])
    expect(refused.body.errors[0].message).toContain('a print job that has begun')
    expect((await shop.read(order.id)).refundedAmount).toBe(0)
    const forced = await refund(order.id, { force: true })
    expect([forced.status, forced.body.goodsOnTheirWay]).toMatchObject([201, [{ path: 'pod', state: 'purchased' }]])
    await refundOf(order.id, 'succeeded')
    expect(await printed(order.id)).toEqual(['inprocess'])
    expect((await shop.read(order.id)).refundedAmount).toBe(order.totalAmount)
  })

  it('a parcel in transit is said to be on its way, with its number', async () => {
    const order = await confirmed(['physical'])
    const [label] = await labels(order.id)
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${label?.shipment_id}`, { status: 'in_transit' })
    const seen = await shop.until(
      order.id,
      ({ shipments }) => shipments[0].state === 'in_transit',
      'the parcel to move',
    )
    const refused = await refund(order.id)
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'goods_on_their_way'])
    expect(refused.body.errors[0].message).toContain(seen.shipments[0].trackingNumber)
    expect((await refund(order.id, { force: true })).status).toBe(201)
    await refundOf(order.id, 'succeeded')
    expect(await voided(order.id)).toEqual([null])
  })

  it('goods that left between the request and its execution keep the money here, until somebody insists', async () => {
    const order = await confirmed(['pod'])
    await system.stopWorkers()
    expect((await refund(order.id)).status).toBe(201)
    await shop.sandbox('POST', `/sandbox/printful/orders/${await jobOf(order.id)}/start`)
    await system.startWorkers()
    const failed = await refundOf(order.id, 'failed')
    expect(failed.failureReason).toBe('goods_on_their_way')
    const waiting = await shop.read(order.id)
    expect([waiting.refundedAmount, waiting.availableToRefundAmount]).toEqual([0, order.totalAmount])
    expect(waiting.attention).toBeDefined()
    expect((await shop.stripe(order.id)).refunds).toEqual([])
    expect((await refund(order.id, { force: true })).status).toBe(201)
    await refundOf(order.id, 'succeeded')
  })

  it('only the goods that are given back are called off; the others arrive and finish the order', async () => {
    const order = await confirmed(['physical'], ['pod'])
    const shirt = order.items.find(({ skuId }: { skuId: string }) => skuId === 'sku-pod')
    expect((await refund(order.id, { items: [{ itemId: shirt.id }] })).status).toBe(201)
    const after = await shop.until(
      order.id,
      ({ items }) => items.some(({ state }: { state: string }) => state === 'cancelled'),
      'the shirt to be cancelled',
    )
    expect(after.state).toBe('confirmed')
    expect([await printed(order.id), await voided(order.id)]).toEqual([['canceled'], [null]])
    const [label] = await labels(order.id)
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${label?.shipment_id}`, { status: 'in_transit' })
    const done = await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
    expect(done.items.map(({ skuId, state }: Json) => [skuId, state]).toSorted()).toEqual([
      ['sku-physical', 'fulfilled'],
      ['sku-pod', 'cancelled'],
    ])
    expect((await refund(order.id, { items: [{ itemId: shirt.id, quantity: 1 }] })).status).toBe(400)
  })

  it('one of two pieces that is given back before the parcel is packed stays here', async () => {
    await fault('easypost', 'shipments.buy', { kind: 'status', status: 503 })
    const order = await ordered(['physical', 2])
    await shop.pay(order.id)
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    const [mug] = order.items
    expect((await refund(order.id, { items: [{ itemId: mug.id, quantity: 1 }] })).status).toBe(201)
    await shop.sandbox('DELETE', '/sandbox/faults')
    await shop.confirmed(order.id)
    const weights = await Promise.all(
      (await parcels(order.id)).map(async ({ id }: { id: string }) => {
        const answer = await fetch(`${system.sandbox.url}/easypost/v2/shipments/${id}`, {
          headers: { authorization: `Basic ${btoa('EZTKsystem:')}` },
        })
        const { parcel } = (await answer.json()) as { parcel: { weight: number } }
        return parcel.weight
      }),
    )
    expect(weights).toEqual([12])
    const after = await shop.settled(order.id)
    expect(after.items[0]).toMatchObject({ quantity: 2, cancelledQuantity: 1 })
  })

  it.each([
    ['and the provider cannot give the money back yet', { kind: 'status', status: 503 }, 'unknown'],
    ['and the provider is about to give the money back', { kind: 'slow', delayMs: 3_000, times: 1 }, 'pending'],
  ])(
    'a plate that is given back before the parcel it shares is packed never counts as sent (%s)',
    async (_, more, asked) => {
      await fault('easypost', 'shipments.buy', { kind: 'status', status: 503 })
      const order = await ordered(['physical'], ['plate'])
      await shop.pay(order.id)
      await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
      const plate = order.items.find(({ skuId }: { skuId: string }) => skuId === 'sku-plate')
      await fault('stripe', 'refunds.create', more)
      expect((await refund(order.id, { items: [{ itemId: plate.id }] })).status).toBe(201)
      await eventually(async () => {
        const [found] = await system.database.sql(
          `select 1 from operations where order_id = $1 and kind = 'refund' and state = $2`,
          [order.id, asked],
        )
        return found
      }, 'the refund to be asked for')
      await shop.sandbox('DELETE', '/sandbox/faults')
      if (asked === 'unknown') await fault('stripe', 'refunds.create', more)
      await shop.until(order.id, ({ shipments }) => shipments[0].state === 'purchased', 'the parcel to be packed')
      await shop.sandbox('DELETE', '/sandbox/faults')
      expect((await refundOf(order.id, 'succeeded')).amount).toBe(plate.amount)
      await shop.confirmed(order.id)
      const [label] = await labels(order.id)
      await shop.sandbox('POST', `/sandbox/easypost/trackers/${label?.shipment_id}`, { status: 'in_transit' })
      const done = await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
      expect(
        done.items.map(({ skuId, state, cancelledQuantity }: Json) => [skuId, state, cancelledQuantity]).toSorted(),
      ).toEqual([
        ['sku-physical', 'fulfilled', 0],
        ['sku-plate', 'cancelled', 1],
      ])
      await shop.settled(order.id)
      expect(await moneyOf(order.id)).toMatchObject({ balance: 0, balanced: true })
    },
  )

  /** A payment is disputed, and ours know of it. */
  it('a parcel that moves before its label is stored keeps what was bought for it', async () => {
    await fault('easypost', 'shipments.buy', { kind: 'status', status: 503 })
    const order = await ordered(['physical'])
    await shop.pay(order.id)
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    // The carrier's word came while the worker that had bought the label was dying.
    await system.database.sql(`update shipments set state = 'in_transit' where order_id = $1`, [order.id])
    await shop.sandbox('DELETE', '/sandbox/faults')
    const after = await shop.confirmed(order.id)
    expect(after.shipments[0]).toMatchObject({ state: 'in_transit', trackingNumber: expect.any(String) })
    const [stored] = await system.database.sql<{ cost: number; label: string }>(
      'select cost, label_url as label from shipments where order_id = $1',
      [order.id],
    )
    expect([typeof stored?.cost, typeof stored?.label]).toEqual(['number', 'string'])
    const { data } = await shop.timeline(order.id)
    const lines = data.filter(({ subject, to }: Json) => subject === 'shipment' && to === 'purchased')
    expect(lines.map(({ kind }: Json) => kind)).toEqual(['drop'])
  })

  const dispute = async (orderId: string) => {
    const { charges } = await shop.read(orderId)
    const { id } = await shop.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: charges[0].providerReference,
    })
    await shop.until(orderId, ({ disputeState }) => disputeState !== undefined, 'the dispute')
    return id
  }
  const waitsForDispute = (orderId: string) =>
    shop.until(
      orderId,
      ({ attention }) => attention?.reason.includes('payment_disputed'),
      'the step to wait for a person',
    )

  it('nothing is sent while the payment is disputed', async () => {
    await fault('easypost', 'shipments.buy', { kind: 'status', status: 503 })
    const order = await ordered(['physical'])
    await shop.pay(order.id)
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    await dispute(order.id)
    // A purchase that had begun before ends as it may.
    await eventually(async () => {
      const begun = await system.database.sql('select 1 from operations where order_id = $1 and lease_until > now()', [
        order.id,
      ])
      return begun.length === 0 ? true : undefined
    }, 'the purchase that was under way to end')
    await shop.sandbox('DELETE', '/sandbox/faults')
    const held = await waitsForDispute(order.id)
    expect([held.state, await labels(order.id)]).toEqual(['accepted', []])
  })

  it.each([
    ['physical', 'easypost', 'shipments.buy'],
    ['pod', 'printful', 'orders.create'],
  ])('a %s step that has read its order before the dispute sends nothing', async (sku, provider, operation) => {
    await fault(provider, operation, { kind: 'status', status: 503 })
    const order = await ordered([sku])
    await shop.pay(order.id)
    await shop.until(order.id, ({ state }) => state === 'accepted', 'state accepted')
    await system.database.transaction(async (tx) => {
      // Whoever has read the order waits here with its purchase.
      await tx.sql('lock table operations in share row exclusive mode')
      await eventually(async () => {
        const [waiting] = await system.database.sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into "operations"%'`,
        )
        return waiting
      }, 'the step to have read its order')
      await shop.sandbox('DELETE', '/sandbox/faults')
      await dispute(order.id)
    })
    await waitsForDispute(order.id)
    expect([await labels(order.id), await jobs(order.id)]).toEqual([[], []])
  })

  it('money that the bank has taken back is not shared out, whoever says again', async () => {
    await fault('stripe', 'transfers.create', { kind: 'status', status: 400, times: 1 })
    const order = await ordered(['digital'])
    await shop.pay(order.id)
    const { attention } = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
    const id = await dispute(order.id)
    await shop.sandbox('POST', `/sandbox/stripe/disputes/${id}/close`, { status: 'lost' })
    await shop.until(order.id, ({ disputeState }) => disputeState === 'lost', 'the dispute to be lost')
    await retryTask(system.parts, attention.taskId)
    await waitsForDispute(order.id)
    expect((await shop.stripe(order.id)).transfers).toEqual([])
  })
})
