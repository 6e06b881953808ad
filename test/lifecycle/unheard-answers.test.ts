import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { applyPaymentEvent } from '../../src/confirmation/apply-payment-event.ts'
import { cancelCharge } from '../../src/confirmation/cancel-charge.ts'
import { distributeRevenue } from '../../src/confirmation/distribute-revenue.ts'
import type { Sql } from '../../src/database/database.ts'
import { distributeCapture } from '../../src/distribution/distribute-capture.ts'
import { applyCarrierEvent } from '../../src/goods/apply-carrier-event.ts'
import { deliverDigital } from '../../src/goods/deliver-digital.ts'
import { fulfillPod } from '../../src/goods/fulfill-pod.ts'
import { carryOutRefund } from '../../src/refunds/carry-out-refund.ts'
import { TaskBusy } from '../../src/tasks/task-error.ts'
import { inTransaction } from '../../src/tasks/transaction.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually } from '../storefront.ts'

// Removes the risk that what a provider did for a worker that never heard so is forgotten, because the order has gone another way since:
// money that nobody takes back, or an operation that never ends.
describe('an answer that nobody heard', () => {
  const { system, shop } = runningShop(merchantOrders, { workers: false })
  let parts: WorkerParts

  beforeAll(async () => {
    parts = await createWorkerParts(system.config, 'unheard')
  })
  afterAll(() => parts?.close())
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  type Step = { orderId: string; taskId: string; sellerId: string; refundId: string; chargeId: string }
  const openSteps = (orderId: string, job: string) =>
    system.database.sql<Step>(
      `select order_id as "orderId", id as "taskId", payload ->> 'sellerId' as "sellerId", payload ->> 'refundId' as "refundId",
         payload ->> 'chargeId' as "chargeId"
       from tasks where order_id = $1 and job = $2 and state <> 'done' order by id`,
      [orderId, job],
    )
  const stepOf = async (orderId: string, job: string) => {
    const [step] = await openSteps(orderId, job)
    if (!step) throw new Error(`${job} was not called for`)
    return step
  }
  /** Applies what was received, as workers would, until the order is as wanted. */
  type Seen = { state: string; refundedAmount: number; shipments: { state: string }[] }
  const until = (orderId: string, fits: (order: Seen) => boolean, what: string) =>
    eventually(async () => {
      const events = await system.database.sql<{ id: string; provider: string }>(
        `select e.id, e.provider from inbox_events e where e.handled_at is null and (
           e.charge_id in (select id from charges where order_id = $1)
           or (e.provider, e.reference) in (select provider, provider_reference from shipments where order_id = $1))`,
        [orderId],
      )
      for (const { id, provider } of events)
        await inTransaction(parts, (tx) =>
          provider === 'stripe' ? applyPaymentEvent(tx, parts, id) : applyCarrierEvent(tx, parts.carriers, id),
        )
      const order = await shop.read(orderId)
      return fits(order) ? order : undefined
    }, what)
  const accepted = async (...skus: string[]) => {
    const order = await shop.order(
      skus.map((sku) => ({ skuId: `sku-${sku}` })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
    await shop.pay(order.id)
    return until(order.id, ({ state }) => state === 'accepted', 'the order to be accepted')
  }
  /** A digital order whose shares are due. */
  const delivered = async () => {
    const order = await accepted('digital')
    const step = await stepOf(order.id, 'deliver-digital')
    await inTransaction(parts, (tx) => deliverDigital(tx, step))
    return { order, distribution: await stepOf(order.id, 'distribute-revenue') }
  }
  /** The provider's SDK repeats a call by itself once. */
  const unheard = (provider: string, operation: string, kind: 'drop_after' | 'drop_before', times = 2) =>
    shop.sandbox('POST', '/sandbox/faults', { provider, operation, kind, times })
  const refundThere = (order: { charges: { providerReference: string }[] }) =>
    shop.sandbox('POST', '/sandbox/stripe/dashboard/refunds', { payment_intent: order.charges[0]?.providerReference })
  const carryOut = async (orderId: string) => {
    for (const { refundId, taskId } of await openSteps(orderId, 'carry-out-refund'))
      await carryOutRefund(parts, { orderId, refundId }, taskId)
  }
  const operationsOf = async (orderId: string, kind: string) =>
    system.database.sql<{ state: string; reference: string | null; code: string | null }>(
      `select state, provider_reference as reference, failure_code as code from operations where order_id = $1 and kind = $2`,
      [orderId, kind],
    )

  describe('about a share that was paid out', () => {
    it('is asked for once the order is closed, and the share is taken back', async () => {
      const { order, distribution } = await delivered()
      await unheard('stripe', 'transfers.create', 'drop_after')
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow()
      await refundThere(order)
      await until(order.id, ({ state }) => state === 'returned', 'the order to be returned')
      await carryOut(order.id)
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow('order_returned')
      await carryOut(order.id)
      const { transfers, reversals } = await shop.stripe(order.id)
      expect([transfers.length, reversals]).toEqual([1, transfers])
      expect(await operationsOf(order.id, 'transfer')).toMatchObject([{ state: 'complete' }])
      const { charges, balanced } = await shop.audit(order.id)
      expect(balanced && charges).toMatchObject([{ balance: 0, executed: transfers[0], reversed: transfers[0] }])
    })

    it('says that it was not: the share stays here', async () => {
      const { order, distribution } = await delivered()
      await unheard('stripe', 'transfers.create', 'drop_before')
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow()
      await refundThere(order)
      await until(order.id, ({ state }) => state === 'returned', 'the order to be returned')
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow('order_returned')
      await carryOut(order.id)
      expect(await shop.stripe(order.id)).toMatchObject({ transfers: [], reversals: [] })
      expect(await operationsOf(order.id, 'transfer')).toMatchObject([{ state: 'failed', code: 'called_off' }])
    })

    it('is waited for while the worker that pays it out may be alive', async () => {
      const { order, distribution } = await delivered()
      await unheard('stripe', 'transfers.create', 'drop_after')
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow()
      const lease = (interval: string) =>
        system.database.sql(
          `update operations set lease_until = now() + $2::interval where order_id = $1 and kind = 'transfer'`,
          [order.id, interval],
        )
      await lease('1 hour')
      await refundThere(order)
      await until(order.id, ({ state }) => state === 'returned', 'the order to be returned')
      await expect(distributeRevenue(parts, distribution)).rejects.toBeInstanceOf(TaskBusy)
      await lease('-1 second')
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow('order_returned')
      expect(await operationsOf(order.id, 'transfer')).toMatchObject([{ state: 'complete' }])
    })

    it('of an order that its merchant cancels is taken back, too', async () => {
      const order = await shop.submit(
        [{ productDetails: { name: 'Mug', physical: true }, quantity: 1, price: 30 }],
        {
          currency: 'EUR',
          shipTo: { name: 'Ada', address: { line1: 'Rue 1', city: 'Brussels', postalCode: '1000', country: 'BE' } },
        },
        { type: 'bancontact', flow: 'redirect', card: null },
      )
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/buyer`, {
        action: 'complete',
      })
      await until(order.id, ({ state }) => state === 'accepted', 'the order to be accepted')
      const { taskId, chargeId } = await stepOf(order.id, 'distribute-capture')
      const distribute = () => distributeCapture(parts, { orderId: order.id, chargeId }, taskId)
      await unheard('stripe', 'transfers.create', 'drop_after')
      await expect(distribute()).rejects.toThrow()
      await shop.must('POST', `/v2/orders/${order.id}/cancel`)
      await expect(carryOut(order.id)).rejects.toThrow('distribution_open')
      expect((await shop.read(order.id)).state).toBe('cancelled')
      await distribute()
      await carryOut(order.id)
      const { transfers, reversals } = await shop.stripe(order.id)
      expect([transfers.length, reversals]).toEqual([1, transfers])
      expect(await operationsOf(order.id, 'transfer')).toMatchObject([{ state: 'complete' }])
    })
  })

  it('about a cancellation ends with the payment that was faster, however close they were', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }], { email: `${crypto.randomUUID()}@example.com` })
    const { chargeId, clientSecret } = await shop.intent(order.id)
    const isPaid = async () => {
      await shop.confirm(clientSecret)
      await until(order.id, ({ state }) => state === 'accepted', 'the order to be accepted')
    }
    // The payment is applied after the charge was read and before its cancellation is stored, where that can happen.
    const sql: Sql = async (text, params) => {
      if (text.includes('insert into operations')) await isPaid()
      return parts.database.sql(text, params)
    }
    const racing = { ...parts, database: { ...parts.database, sql } }
    await unheard('stripe', 'payment_intents.cancel', 'drop_before')
    await expect(cancelCharge(racing, { orderId: order.id, chargeId })).rejects.toThrow()
    await isPaid()
    expect(await operationsOf(order.id, 'cancel')).toMatchObject([{ state: 'failed', code: 'superseded' }])
  })

  it('about a refund whose webhook was faster is asked for all the same', async () => {
    const { order, distribution } = await delivered()
    await distributeRevenue(parts, distribution)
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await unheard('stripe', 'refunds.create', 'drop_after')
    await expect(carryOut(order.id)).rejects.toThrow()
    await until(order.id, ({ refundedAmount }) => refundedAmount > 0, 'the refund to be told')
    await carryOut(order.id)
    const { refunds, transfers, reversals } = await shop.stripe(order.id)
    expect([refunds, reversals]).toEqual([[2_000], transfers])
    expect(await operationsOf(order.id, 'refund')).toMatchObject([
      { state: 'complete', reference: expect.stringMatching(/^re_/) },
    ])
  })

  it('about a print job that was called off, and whose webhook was faster, is asked for all the same', async () => {
    const order = await accepted('pod')
    await fulfillPod(parts, await stepOf(order.id, 'fulfill-pod'))
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await unheard('printful', 'orders.cancel', 'drop_after', 1)
    await expect(carryOut(order.id)).rejects.toThrow()
    const called = ({ shipments }: Seen) => shipments.every(({ state }) => state === 'cancelled')
    await until(order.id, called, 'the printer to tell')
    await carryOut(order.id)
    expect(await operationsOf(order.id, 'pod_cancel')).toMatchObject([{ state: 'complete' }])
    expect((await shop.stripe(order.id)).refunds).toEqual([order.charges[0].amount * 100])
  })
})
