import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DueTask } from '../../queues/outbox.ts'
import { lockCharge } from '../../src/charges/locked-charge.ts'
import { moveCharge } from '../../src/charges/move-charge.ts'
import { applyPaymentEvent } from '../../src/confirmation/apply-payment-event.ts'
import { cancelOrder, expireOrder } from '../../src/confirmation/cancel-order.ts'
import { confirmOrder } from '../../src/confirmation/confirm-order.ts'
import { distributeRevenue } from '../../src/confirmation/distribute-revenue.ts'
import { deliverDigital } from '../../src/goods/deliver-digital.ts'
import { fulfillPod } from '../../src/goods/fulfill-pod.ts'
import { fulfillShipping } from '../../src/goods/fulfill-shipping.ts'
import {
  attemptOperation,
  claimOperations,
  completeOperations,
  type OperationSpec,
} from '../../src/operations/operations.ts'
import { inviteUser } from '../../src/operators/users.ts'
import { moveOrder } from '../../src/orders/move-order.ts'
import { lockOrder } from '../../src/orders/order-row.ts'
import { DatabaseUnavailable } from '../../src/platform/database-unavailable.ts'
import { ProviderError } from '../../src/platform/provider-error.ts'
import { carryOutRefund } from '../../src/refunds/carry-out-refund.ts'
import { ringDueTasks } from '../../src/tasks/relay.ts'
import { TaskBusy } from '../../src/tasks/task-error.ts'
import { runQueue } from '../../src/tasks/task-runner.ts'
import { retryTask } from '../../src/tasks/tasks.ts'
import { inTransaction, TaskAlreadyDone, type Transaction } from '../../src/tasks/transaction.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, type Json, shipFrom } from '../storefront.ts'
import { intentObject, sendStripe, stripeEvent } from '../stripe-events.ts'

// Removes the risk that a protection is there by luck: each is driven by two workers, a lease that runs out, a step that is rung twice, or
// an order that is closed between the ring and the run.
describe('protections', () => {
  const { system, shop } = runningShop(merchantOrders, { workers: false })
  let parts: WorkerParts

  beforeAll(async () => {
    parts = await createWorkerParts(system.config, 'protections')
  })
  afterAll(() => parts?.close())
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  /** An order whose payment was just applied, as a worker would; its steps wait as rows. */
  const accepted = async (...skus: string[]) => {
    const order = await shop.order(
      skus.map((sku) => ({ skuId: `sku-${sku}` })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
    await shop.pay(order.id)
    await applyEvents(order.id)
    return shop.read(order.id)
  }
  const applyEvents = (orderId: string) =>
    eventually(async () => {
      const events = await system.database.sql<{ id: string }>(
        `select e.id from inbox_events e join charges c on c.id = e.charge_id where c.order_id = $1 and e.handled_at is null`,
        [orderId],
      )
      for (const { id } of events) await inTransaction(parts, (tx) => applyPaymentEvent(tx, parts, id))
      return (await shop.read(orderId)).state === 'accepted' ? true : undefined
    }, 'the order to be accepted')
  const stepOf = async (orderId: string, job: string) => {
    const [task] = await system.database.sql<{ taskId: string; sellerId: string }>(
      `select id as "taskId", payload ->> 'sellerId' as "sellerId" from tasks where order_id = $1 and job = $2 order by id desc`,
      [orderId, job],
    )
    if (!task) throw new Error(`${job} was not called for`)
    return { orderId, ...task }
  }
  const runAll = async (orderId: string) => {
    const steps = {
      'deliver-digital': (step: Awaited<ReturnType<typeof stepOf>>) =>
        inTransaction(parts, (tx) => deliverDigital(tx, step)),
      'fulfill-shipping': (step: Awaited<ReturnType<typeof stepOf>>) => fulfillShipping(parts, step),
      'fulfill-pod': (step: Awaited<ReturnType<typeof stepOf>>) => fulfillPod(parts, step),
    }
    for (const [job, run] of Object.entries(steps)) {
      const sellers = await system.database.sql<{ taskId: string; sellerId: string }>(
        `select id as "taskId", payload ->> 'sellerId' as "sellerId" from tasks where order_id = $1 and job = $2`,
        [orderId, job],
      )
      for (const step of sellers) await run({ orderId, ...step })
    }
  }
  const close = (orderId: string) =>
    inTransaction(parts, async (tx) => {
      const order = await lockOrder(tx, orderId)
      if (order) await moveOrder(tx, order, 'cancelled', 'test')
    })
  const fault = (provider: string, operation: string, more: Json) =>
    shop.sandbox('POST', '/sandbox/faults', { provider, operation, times: 1, ...more })
  const settledOf = (results: PromiseSettledResult<unknown>[]) => results.map(({ status }) => status).toSorted()
  const printed = async (orderId: string) => {
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    const ours = (await shop.read(orderId)).shipments.map(({ id }: { id: string }) => id)
    return printful.orders.filter((job: { external_id: string }) => ours.includes(job.external_id)).length
  }
  /** What stands in the providers' own books for an order. */
  const done = async (orderId: string) => {
    const { stripe, easypost } = await shop.books(orderId)
    return {
      transfers: stripe.transfers.length,
      refunds: stripe.refunds.length,
      labels: easypost.labels.length,
      prints: await printed(orderId),
    }
  }

  describe('an operation', () => {
    const specOf = (orderId: string, more: Partial<OperationSpec> = {}): OperationSpec => ({
      purpose: `${orderId}-test`,
      orderId,
      kind: 'refund',
      provider: 'stripe',
      amount: 100,
      currency: 'USD',
      request: { amount: 100 },
      ...more,
    })
    const anyOrder = async () => String((await shop.order([{ skuId: 'sku-digital' }])).id)
    const claimed = async (spec: OperationSpec) => {
      const [claim] = await claimOperations(parts, [spec])
      if (claim?.outcome !== 'claimed') throw new Error(`${spec.purpose} was not claimed`)
      return claim.operation
    }
    const lapse = (id: string) =>
      system.database.sql(`update operations set lease_until = now() - interval '1 second' where id = $1`, [id])
    const stateOf = async (id: string) =>
      (
        await system.database.sql<{ state: string; reference: string | null }>(
          'select state, provider_reference as reference from operations where id = $1',
          [id],
        )
      )[0]

    it('is carried out by one of two workers that want it at the same moment', async () => {
      const spec = specOf(await anyOrder())
      const results = await Promise.allSettled(Array.from({ length: 6 }, () => claimOperations(parts, [spec])))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(TaskBusy)
    })

    it('of a worker whose lease ran out belongs to the next, who looks first; the late word of the first counts for nothing', async () => {
      const spec = specOf(await anyOrder())
      const first = await claimed(spec)
      expect([first.attempt, first.lookUpFirst]).toEqual([1, false])
      await lapse(first.id)
      const second = await claimed(spec)
      expect([second.id, second.attempt, second.lookUpFirst]).toEqual([first.id, 2, true])

      const late = inTransaction(parts, async (tx) => {
        await tx.sql(`update orders set metadata = metadata || '{"late":true}' where id = $1`, [spec.orderId])
        await completeOperations(tx, [{ operation: first, reference: 'late' }])
      })
      await expect(late).rejects.toBeInstanceOf(TaskBusy)
      expect((await shop.read(spec.orderId)).metadata).toEqual({})
      const refusal = new ProviderError('stripe', 'refused', 'too_late')
      await expect(
        attemptOperation(parts, first, async () => {
          throw refusal
        }),
      ).rejects.toBe(refusal)
      expect(await stateOf(first.id)).toEqual({ state: 'pending', reference: null })

      await inTransaction(parts, (tx) => completeOperations(tx, [{ operation: second, reference: 're_1' }]))
      expect(await stateOf(first.id)).toEqual({ state: 'complete', reference: 're_1' })
      expect(await claimOperations(parts, [spec])).toEqual([{ outcome: 'complete', id: first.id, reference: 're_1' }])
    })

    it('that may have had its effect keeps its key; only a definite refusal ends it, and "again" has another key', async () => {
      const spec = specOf(await anyOrder())
      const first = await claimed(spec)
      const fails = (error: unknown) =>
        attemptOperation(parts, first, async () => {
          throw error
        }).catch(() => undefined)
      await fails(new ProviderError('stripe', 'unknown', 'timeout'))
      expect((await stateOf(first.id))?.state).toBe('unknown')
      const second = await claimed(spec)
      expect(second.id).toBe(first.id)
      await attemptOperation(parts, second, async () => {
        throw new ProviderError('stripe', 'refused', 'no')
      }).catch(() => undefined)
      expect((await stateOf(first.id))?.state).toBe('failed')
      const third = await claimed(spec)
      expect(third.id).not.toBe(first.id)
    })

    it('never has two contents under one key', async () => {
      const orderId = await anyOrder()
      await claimed(specOf(orderId))
      await expect(claimOperations(parts, [specOf(orderId, { request: { amount: 101 } })])).rejects.toThrow(
        'was stored with other content',
      )
    })

    it('is not begun when a refund was asked for since the order was read', async () => {
      const order = await accepted('digital')
      const [read] = await system.database.sql<{ count: number }>(
        'select refund_count as count from orders where id = $1',
        [order.id],
      )
      await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 1 })
      const spec = specOf(order.id, { kind: 'label' })
      const claim = claimOperations(parts, [spec], { orderId: order.id, refundCount: read?.count ?? 0 })
      await expect(claim).rejects.toBeInstanceOf(TaskBusy)
      expect(await system.database.sql('select 1 from operations where purpose = $1', [spec.purpose])).toEqual([])
    })
  })

  describe('a step that is rung twice', () => {
    it('hands digital goods over once and is counted once', async () => {
      const order = await accepted('digital', 'physical')
      const step = await stepOf(order.id, 'deliver-digital')
      const deliver = () => inTransaction(parts, (tx) => deliverDigital(tx, step))
      await Promise.allSettled([deliver(), deliver(), deliver()])
      const [counted] = await system.database.sql<{ steps: number; deliveries: number }>(
        `select open_steps as steps, (select count(*) from deliveries where order_id = o.id) as deliveries from orders o where id = $1`,
        [order.id],
      )
      expect(counted).toEqual({ steps: 1, deliveries: 1 })
    })

    it('is rolled back whole where another worker has finished it meanwhile', async () => {
      const order = await accepted('digital')
      const { taskId } = await stepOf(order.id, 'deliver-digital')
      const finish = (metadata: Json) => (tx: Transaction) =>
        tx
          .sql('update orders set metadata = metadata || $2::jsonb where id = $1', [order.id, JSON.stringify(metadata)])
          .then(() => tx.finish(taskId))
      await inTransaction(parts, finish({ first: true }))
      await expect(inTransaction(parts, finish({ second: true }))).rejects.toBeInstanceOf(TaskAlreadyDone)
      expect((await shop.read(order.id)).metadata).toEqual({ first: true })
    })

    it('buys one label, places one print job and makes one transfer', async () => {
      const order = await accepted('physical', 'pod')
      for (const [provider, operation] of [
        ['easypost', 'shipments.buy'],
        ['printful', 'orders.create'],
        ['stripe', 'transfers.create'],
      ] as const)
        await fault(provider, operation, { kind: 'slow', delayMs: 300 })
      const [parcel, print] = [await stepOf(order.id, 'fulfill-shipping'), await stepOf(order.id, 'fulfill-pod')]
      const parcels = await Promise.allSettled([fulfillShipping(parts, parcel), fulfillShipping(parts, parcel)])
      const prints = await Promise.allSettled([fulfillPod(parts, print), fulfillPod(parts, print)])
      const distribution = await stepOf(order.id, 'distribute-revenue')
      const shares = await Promise.allSettled([
        distributeRevenue(parts, distribution),
        distributeRevenue(parts, distribution),
      ])
      for (const results of [parcels, prints, shares]) expect(settledOf(results)).toEqual(['fulfilled', 'rejected'])
      expect(await done(order.id)).toEqual({ transfers: 1, refunds: 0, labels: 1, prints: 1 })
      expect((await shop.read(order.id)).status).toBe('CONFIRMED')
    })

    it('and is stored once by the name of what is to be done', async () => {
      const order = await accepted('digital')
      const task = { job: 'expire-order', payload: { orderId: order.id }, dedupeKey: `${order.id}-twice-1` } as const
      for (const _ of [1, 2]) await inTransaction(parts, async (tx) => tx.enqueue(task))
      const rows = await system.database.sql(`select 1 from tasks where order_id = $1 and job = 'expire-order'`, [
        order.id,
      ])
      expect(rows).toHaveLength(1)
    })
  })

  describe('an effect whose answer was lost', () => {
    /** The step fails with its effect done; everybody's lease is over; the provider has forgotten its keys. */
    const again = async (orderId: string, run: () => Promise<unknown>) => {
      await expect(run()).rejects.toThrow()
      await system.database.sql('update operations set lease_until = null where order_id = $1', [orderId])
      await shop.sandbox('POST', '/sandbox/stripe/forget-idempotency-keys')
      await run()
    }

    it('is found at the carrier and at the printer', async () => {
      const order = await accepted('physical', 'pod')
      await fault('easypost', 'shipments.buy', { kind: 'drop_after' })
      const parcel = await stepOf(order.id, 'fulfill-shipping')
      await again(order.id, () => fulfillShipping(parts, parcel))
      await fault('printful', 'orders.create', { kind: 'drop_after' })
      const print = await stepOf(order.id, 'fulfill-pod')
      await again(order.id, () => fulfillPod(parts, print))
      expect(await done(order.id)).toMatchObject({ labels: 1, prints: 1 })
    })

    it('is found at the payment provider', async () => {
      const order = await accepted('digital')
      await runAll(order.id)
      // The SDK repeats a call by itself once.
      await fault('stripe', 'transfers.create', { kind: 'drop_after', times: 2 })
      const distribution = await stepOf(order.id, 'distribute-revenue')
      await again(order.id, () => distributeRevenue(parts, distribution))
      expect(await done(order.id)).toMatchObject({ transfers: 1 })

      await shop.must('POST', '/v2/refunds', { orderId: order.id })
      const [task] = await system.database.sql<{ taskId: string; refundId: string }>(
        `select id as "taskId", payload ->> 'refundId' as "refundId" from tasks where order_id = $1 and job = 'carry-out-refund'`,
        [order.id],
      )
      if (!task) throw new Error('no refund was called for')
      await fault('stripe', 'refunds.create', { kind: 'drop_after', times: 2 })
      await again(order.id, () => carryOutRefund(parts, { orderId: order.id, refundId: task.refundId }, task.taskId))
      expect(await done(order.id)).toMatchObject({ refunds: 1 })
    })

    it('is found at the carrier for a parcel that was described anew, because its sender has moved', async () => {
      const order = await accepted('physical')
      const parcel = await stepOf(order.id, 'fulfill-shipping')
      const moveTo = (line1: string) =>
        shop.must('POST', `/v2/merchants/${parcel.sellerId}`, {
          name: 'Mill Store',
          stripeAccountId: 'acct_millstore',
          shipFrom: { ...shipFrom, address: { ...shipFrom.address, line1 } },
        })
      await moveTo('181 N Harbor Dr')
      try {
        await fault('easypost', 'shipments.buy', { kind: 'drop_after' })
        await again(order.id, () => fulfillShipping(parts, parcel))
      } finally {
        await moveTo(shipFrom.address.line1)
      }
      expect(await done(order.id)).toMatchObject({ labels: 1 })
    })

    it('is found by the first attempt, too, where a refusal says that it is there', async () => {
      const order = await accepted('physical', 'pod')
      const [bought] = await system.database.sql<{ shipment: string; rate: string }>(
        `select p -> 'quote' ->> 'reference' as shipment, p -> 'quote' ->> 'rateId' as rate
         from orders o, jsonb_array_elements(o.shipping_choice -> 'parts') p where o.id = $1 and p ->> 'path' = 'shipping'`,
        [order.id],
      )
      const ask = (path: string, authorization: string, body: Json) =>
        fetch(`${system.sandbox.url}${path}`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      const label = await ask(`/easypost/v2/shipments/${bought?.shipment}/buy`, `Basic ${btoa('EZTKsystem:')}`, {
        rate: { id: bought?.rate },
      })
      const [job] = (await shop.read(order.id)).shipments.filter(({ path }: Json) => path === 'pod')
      const print = await ask('/printful/orders?confirm=1', 'Bearer printful_system', {
        external_id: job.id,
        recipient: { name: 'Ada', address1: 'Main St 1', city: 'Salem', country_code: 'US' },
        items: [{ variant_id: 4012, quantity: 1, files: [] }],
      })
      expect([label.status, print.status]).toEqual([200, 200])
      await fulfillShipping(parts, await stepOf(order.id, 'fulfill-shipping'))
      await fulfillPod(parts, await stepOf(order.id, 'fulfill-pod'))
      expect(await done(order.id)).toMatchObject({ labels: 1, prints: 1 })
    })

    it('of a worker that everybody thought dead is the same as that of its successor', async () => {
      // Most of its money stays with the platform: the provider itself would refuse to share more than there is.
      const { id: merchantId } = await shop.must('POST', '/v2/merchants', { name: 'Without an account' })
      await shop.must('POST', '/v2/skus', {
        id: 'sku-poster',
        merchantId,
        name: 'Poster',
        kind: 'digital',
        price: 90,
        currency: 'USD',
        delivery: { contentType: 'text', content: 'A poster' },
      })
      const order = await accepted('digital', 'poster')
      await runAll(order.id)
      const distribution = await stepOf(order.id, 'distribute-revenue')
      /** The first one's call waits before it has its effect; meanwhile its lease ends, and another does the same. */
      const overtaken = async (operation: string, run: () => Promise<unknown>) => {
        await fault('stripe', operation, { kind: 'slow', delayMs: 1_200 })
        const late = Promise.allSettled([run()])
        await eventually(async () => {
          const [claimed] = await system.database.sql(
            `update operations set lease_until = null where order_id = $1 and lease_until is not null and state = 'pending' returning id`,
            [order.id],
          )
          return claimed
        }, 'the call to begin')
        // The provider may say that the same request is still running there.
        await run().catch(() => undefined)
        await late
        await system.database.sql('update operations set lease_until = null where order_id = $1', [order.id])
        await run()
      }
      await overtaken('transfers.create', () => distributeRevenue(parts, distribution))
      await shop.must('POST', '/v2/refunds', { orderId: order.id })
      const [task] = await system.database.sql<{ taskId: string; refundId: string }>(
        `select id as "taskId", payload ->> 'refundId' as "refundId" from tasks where order_id = $1 and job = 'carry-out-refund'`,
        [order.id],
      )
      if (!task) throw new Error('no refund was called for')
      const target = { orderId: order.id, refundId: task.refundId }
      await overtaken('refunds.create', () => carryOutRefund(parts, target, task.taskId))
      expect(await done(order.id)).toMatchObject({ transfers: 1, refunds: 1 })
    })

    it('is not made twice by the library that repeats a call', async () => {
      const order = await accepted('digital')
      await runAll(order.id)
      await fault('stripe', 'transfers.create', { kind: 'drop_after' })
      await distributeRevenue(parts, await stepOf(order.id, 'distribute-revenue'))
      expect(await done(order.id)).toMatchObject({ transfers: 1 })
      await fault('stripe', 'refunds.create', { kind: 'drop_after' })
      await shop.must('POST', '/v2/refunds', { orderId: order.id })
      const [task] = await system.database.sql<{ taskId: string; refundId: string }>(
        `select id as "taskId", payload ->> 'refundId' as "refundId" from tasks where order_id = $1 and job = 'carry-out-refund'`,
        [order.id],
      )
      if (!task) throw new Error('no refund was called for')
      await carryOutRefund(parts, { orderId: order.id, refundId: task.refundId }, task.taskId)
      expect(await done(order.id)).toMatchObject({ refunds: 1 })
    })
  })

  describe('an order that is closed between the ring and the run', () => {
    it('keeps its goods and its shares', async () => {
      const order = await accepted('digital', 'physical', 'pod')
      const steps = {
        digital: await stepOf(order.id, 'deliver-digital'),
        parcel: await stepOf(order.id, 'fulfill-shipping'),
        print: await stepOf(order.id, 'fulfill-pod'),
      }
      await close(order.id)
      for (const run of [
        () => inTransaction(parts, (tx) => deliverDigital(tx, steps.digital)),
        () => fulfillShipping(parts, steps.parcel),
        () => fulfillPod(parts, steps.print),
      ])
        await expect(run()).rejects.toThrow('order_cancelled')
      expect(await done(order.id)).toEqual({ transfers: 0, refunds: 0, labels: 0, prints: 0 })
      expect((await shop.read(order.id)).items.some((item: Json) => item.delivery)).toBe(false)
    })

    it('pays no share out', async () => {
      const order = await accepted('digital')
      await runAll(order.id)
      const distribution = await stepOf(order.id, 'distribute-revenue')
      await close(order.id)
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow('order_cancelled')
      expect(await done(order.id)).toMatchObject({ transfers: 0 })
    })

    it('keeps them also when it is held for a review again, whatever brought it there', async () => {
      const hold = (orderId: string) =>
        system.database.sql(`update orders set state = 'in_review' where id = $1`, [orderId])
      const goods = await accepted('physical', 'pod')
      const parcel = await stepOf(goods.id, 'fulfill-shipping')
      const print = await stepOf(goods.id, 'fulfill-pod')
      await hold(goods.id)
      await expect(fulfillShipping(parts, parcel)).rejects.toThrow('order_in_review')
      await expect(fulfillPod(parts, print)).rejects.toThrow('order_in_review')
      expect(await done(goods.id)).toEqual({ transfers: 0, refunds: 0, labels: 0, prints: 0 })

      const shares = await accepted('digital')
      await runAll(shares.id)
      const distribution = await stepOf(shares.id, 'distribute-revenue')
      await hold(shares.id)
      await expect(distributeRevenue(parts, distribution)).rejects.toThrow('order_in_review')
      expect(await done(shares.id)).toMatchObject({ transfers: 0 })
    })

    it('is cancelled in the end, although whoever cancelled it died after the provider’s answer', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await shop.intent(order.id)
      await fault('stripe', 'payment_intents.cancel', { kind: 'status', status: 503, times: 10 })
      await expect(
        cancelOrder(parts, { orderId: order.id, reason: 'second thoughts', cause: 'merchant' }),
      ).rejects.toThrow()
      expect((await shop.read(order.id)).state).toBe('pending')
      await shop.sandbox('DELETE', '/sandbox/faults')
      await system.database.sql('update operations set lease_until = null where order_id = $1', [order.id])
      const { taskId } = await stepOf(order.id, 'expire-order')
      await expireOrder(parts, { orderId: order.id, by: 'merchant' }, taskId)
      expect(await shop.read(order.id)).toMatchObject({
        state: 'cancelled',
        cancelReason: 'cancelled by the merchant',
      })
    })

    it('leaves nothing to do behind when its cancellation went through', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await shop.intent(order.id)
      await cancelOrder(parts, { orderId: order.id, reason: 'second thoughts', cause: 'merchant' })
      const tasks = await system.database.sql(`select state from tasks where order_id = $1 and job = 'expire-order'`, [
        order.id,
      ])
      expect(tasks).toEqual([{ state: 'done' }])
      expect(await shop.read(order.id)).toMatchObject({ state: 'cancelled', cancelReason: 'second thoughts' })
    })

    it('is not routed, and an unpaid one neither', async () => {
      const order = await accepted('digital')
      await close(order.id)
      const unpaid = await shop.order([{ skuId: 'sku-digital' }])
      for (const id of [order.id, unpaid.id]) {
        const before = await system.database.sql('select 1 from tasks where order_id = $1', [id])
        await system.database.sql(`update tasks set dedupe_key = dedupe_key || '-before' where order_id = $1`, [id])
        await inTransaction(parts, (tx) => confirmOrder(tx, id))
        expect(await system.database.sql('select 1 from tasks where order_id = $1', [id])).toHaveLength(before.length)
      }
    })

    it('while the carrier is asked: the purchase is not counted for it', async () => {
      const order = await accepted('physical')
      await fault('easypost', 'shipments.buy', { kind: 'slow', delayMs: 600 })
      const parcel = await stepOf(order.id, 'fulfill-shipping')
      const buying = fulfillShipping(parts, parcel)
      await eventually(async () => {
        const [claimed] = await system.database.sql('select 1 from operations where order_id = $1', [order.id])
        return claimed
      }, 'the purchase to begin')
      await close(order.id)
      await expect(buying).rejects.toThrow('order_cancelled')
      const [task] = await system.database.sql<{ state: string }>('select state from tasks where id = $1', [
        parcel.taskId,
      ])
      expect(task?.state).not.toBe('done')
    })
  })

  it('shares wait for a refund that is under way', async () => {
    const order = await accepted('digital')
    await runAll(order.id)
    await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 1 })
    await expect(distributeRevenue(parts, await stepOf(order.id, 'distribute-revenue'))).rejects.toThrow(
      'refund_under_way',
    )
    expect(await done(order.id)).toMatchObject({ transfers: 0 })
  })

  it('a seller gives back no order of another one', async () => {
    const order = await accepted('digital')
    const other = await shop.must('POST', '/v2/merchants', { name: 'Another seller' })
    const { email, password } = await inviteUser(system.database.sql, {
      merchantId: other.id,
      email: `${crypto.randomUUID()}@example.com`,
    })
    const origin = { origin: system.url }
    const session = await shop.call('POST', '/v2/sessions', { email, password }, { key: null, headers: origin })
    const cookie = session.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    const answer = await fetch(`${system.url}/dashboard/orders/${order.id}/refund`, {
      method: 'POST',
      headers: { ...origin, cookie, 'content-type': 'application/x-www-form-urlencoded' },
      redirect: 'manual',
    })
    expect([session.status, answer.status]).toEqual([201, 404])
    expect(await system.database.sql('select 1 from refunds where order_id = $1', [order.id])).toEqual([])
  })

  it('what was read before a lock moves nothing that has moved since', async () => {
    const order = await accepted('digital')
    const stale = await inTransaction(parts, (tx) =>
      lockCharge(tx, { orderId: order.id, chargeId: order.charges[0].id }),
    )
    if (!stale) throw new Error('the order is gone')
    await close(order.id)
    await expect(inTransaction(parts, (tx) => moveOrder(tx, stale.order, 'confirmed', 'late'))).rejects.toThrow(
      'was not locked',
    )
    expect((await shop.read(order.id)).state).toBe('cancelled')

    const unpaid = await shop.order([{ skuId: 'sku-digital' }])
    const { chargeId } = await shop.intent(unpaid.id)
    const before = { id: chargeId, orderId: unpaid.id, state: 'pending' } as const
    await inTransaction(parts, (tx) => moveCharge(tx, { ...before }, 'failed', 'card'))
    await expect(inTransaction(parts, (tx) => moveCharge(tx, { ...before }, 'processing', 'late'))).rejects.toThrow(
      'was not locked',
    )
  })

  it('money that was on its way when the buyer paid in another way goes back', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const first = await shop.intent(order.id)
    const object = await intentObject(shop, first.clientSecret)
    const apply = async (type: string, over: Json) => {
      const body = stripeEvent(type, { ...object, ...over })
      expect((await sendStripe(system, body)).status).toBe(200)
      const [event] = await system.database.sql<{ id: string }>('select id from inbox_events where event_id = $1', [
        JSON.parse(body).id,
      ])
      if (event) await inTransaction(parts, (tx) => applyPaymentEvent(tx, parts, event.id))
    }
    const underWay = { id: first.chargeId, orderId: order.id, state: 'pending' } as const
    await inTransaction(parts, (tx) => moveCharge(tx, { ...underWay }, 'processing', 'the bank is at it'))
    const second = await shop.intent(order.id)
    expect(second.chargeId).not.toBe(first.chargeId)
    await shop.confirm(second.clientSecret)
    await applyEvents(order.id)
    await apply('payment_intent.succeeded', { status: 'succeeded', amount_received: object.amount })
    const late = await system.database.sql(
      `select 1 from tasks where order_id = $1 and job = 'refund-charge' and payload ->> 'chargeId' = $2`,
      [order.id, first.chargeId],
    )
    expect(late).toHaveLength(1)
    expect((await shop.timeline(order.id)).data.map(({ cause }: Json) => cause)).toContain('order.payment.late')
  })

  it('a database that is away for a moment is no failed attempt of a task', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    let runs = 0
    const worker = runQueue(parts, 'erasure', {
      'erase-person': async ({ taskId }) => {
        runs += 1
        if (runs < 2) throw new DatabaseUnavailable(new Error('the connection was reset'))
        await inTransaction(parts, async (tx) => tx.finish(taskId))
      },
    })
    try {
      await inTransaction(parts, async (tx) =>
        tx.enqueue({
          job: 'erase-person',
          payload: { erasureId: 'era_none' },
          orderId: order.id,
          dedupeKey: `${order.id}-away`,
        }),
      )
      const task = await eventually(async () => {
        const [row] = await system.database.sql<{ state: string; attempts: number }>(
          'select state, attempts from tasks where dedupe_key = $1',
          [`${order.id}-away`],
        )
        return row?.state === 'done' ? row : undefined
      }, 'the task to be done')
      expect([task.attempts, runs]).toEqual([0, 2])
    } finally {
      await worker.close()
    }
  })

  describe('the relay', () => {
    /** Rings as the relay does, and keeps what it rang for. */
    const ring = async (): Promise<DueTask[]> => {
      const rung: DueTask[] = []
      const bell = { ...parts.bell, ringNow: async (tasks: readonly DueTask[]) => void rung.push(...tasks) }
      await ringDueTasks({ ...parts, bell }, 1)
      return rung
    }
    const lost = `enqueued_at = now() - interval '1 hour'`
    const waiting = async (more: string) => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await inTransaction(parts, async (tx) =>
        tx.enqueue({ job: 'expire-order', payload: { orderId: order.id }, dedupeKey: `${order.id}-wait-1` }),
      )
      const [task] = await system.database.sql<{ id: string }>(
        `update tasks set ${more} where order_id = $1 and job = 'expire-order' returning id`,
        [order.id],
      )
      return String(task?.id)
    }

    it('takes a new job id with the fourth ring in vain, in case Redis kept the name and lost the job', async () => {
      const id = await waiting(lost)
      const epochs: number[] = []
      for (let count = 0; count < 4; count += 1) {
        epochs.push(...(await ring()).filter((task) => task.id === id).map(({ epoch }) => epoch))
        await system.database.sql(`update tasks set enqueued_at = now() - interval '1 hour' where id = $1`, [id])
      }
      expect(epochs.map((epoch) => epoch - (epochs[0] ?? 0))).toEqual([0, 0, 0, 1])
    })

    it('leaves alone what is not due yet, and what was rung for a moment ago', async () => {
      const later = await waiting(`${lost}, run_at = now() + interval '1 hour'`)
      const fresh = await waiting('enqueued_at = now()')
      const due = await waiting(lost)
      const rung = (await ring()).map(({ id }) => id)
      expect([later, fresh, due].map((id) => rung.includes(id))).toEqual([false, false, true])
    })

    it('rings for nothing that a person has not failed task by task: only a failed one is retried', async () => {
      const id = await waiting('attempts = 2')
      await expect(retryTask(parts, id)).rejects.toMatchObject({ code: 'task_not_failed' })
      await system.database.sql(`update tasks set state = 'failed' where id = $1`, [id])
      await retryTask(parts, id)
      await expect(retryTask(parts, id)).rejects.toMatchObject({ code: 'task_not_failed' })
    })
  })

  describe('the ledger', () => {
    const movement = (amounts: readonly number[], currency = 'USD') =>
      system.database.sql(
        `insert into ledger_entries (correlation_key, order_id, account, amount, currency)
         select $1, 'ord_none', 'account:' || n, a, $3 from unnest($2::bigint[]) with ordinality as u(a, n)`,
        [`test-${crypto.randomUUID()}`, amounts, currency],
      )

    it('takes two rows that sum to zero, and nothing else', async () => {
      for (const amounts of [[100], [100, -99], [50, 50, -100], [0, 0, 0]])
        await expect(movement(amounts)).rejects.toThrow('a ledger movement is two rows')
      await movement([100, -100])
    })

    it('is never changed', async () => {
      await movement([1, -1])
      for (const change of ['update ledger_entries set amount = amount', 'delete from ledger_entries'])
        await expect(system.database.sql(change)).rejects.toThrow('only ever added to')
    })
  })
})
