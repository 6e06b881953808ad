import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelCharge } from '../../src/confirmation/cancel-charge.ts'
import { adopt } from '../../src/recovery/adopt.ts'
import { runningShop } from '../running-shop.ts'
import { backUp } from '../services.ts'
import { eventually, storefront } from '../storefront.ts'

// Removes the risk that a restored backup pays, ships or refunds a second time what was done after the backup was made.
describe('R282 a database that is restored to an earlier moment', () => {
  const { system, shop } = runningShop(storefront, { workers: false })
  let backup: Awaited<ReturnType<typeof backUp>> | undefined

  beforeEach(() => system.stopWorkers())
  afterEach(() => backup?.drop())

  let takenAt = new Date()
  const takeBackup = async () => {
    takenAt = new Date()
    backup = await backUp(system.env.DATABASE_URL)
  }
  const restore = async (memory: 'remembers' | 'has forgotten') => {
    await system.stopWorkers()
    await backup?.restore()
    const redis = new Redis(system.redis.url)
    await redis.flushall()
    redis.disconnect()
    if (memory === 'remembers') return
    await shop.sandbox('POST', '/sandbox/stripe/forget-idempotency-keys')
    await system.database.sql(`insert into restores values (now(), now() - interval '1 hour')`)
  }
  /** What stands in the providers' own books for an order; print jobs are all there are. */
  const done = async (orderId: string) => {
    const { stripe, easypost } = await shop.books(orderId)
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    return {
      intents: stripe.paymentIntents.length,
      transfers: stripe.transfers.length,
      refunds: stripe.refunds.length,
      reversals: stripe.transferReversals.length,
      labels: easypost.labels.length,
      prints: printful.orders.length,
    }
  }

  describe.each(['remembers', 'has forgotten'] as const)('while the provider %s its keys', (memory) => {
    it('I3 asks for the same payment again, so that its buyer cannot pay twice', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await takeBackup()
      const before = await shop.intent(order.id)
      await restore(memory)
      const after = await shop.intent(order.id)
      expect(after.clientSecret).toBe(before.clientSecret)
      expect(await done(order.id)).toMatchObject({ intents: 1 })
    })

    it('I3 pays, ships and prints once what was paid, shipped and printed after the backup', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }, { skuId: 'sku-pod' }])
      const before = await done(order.id)
      // The parcel starts elsewhere than it was quoted for, so it is described to the carrier once more.
      await system.database.sql(
        `update merchants set ship_from = jsonb_set(ship_from, '{address,line1}', to_jsonb($1::text))`,
        [`181 N Harbor Dr, ${memory}`],
      )
      await shop.pay(order.id)
      await eventually(async () => {
        const [event] = await system.database.sql(
          `select 1 from inbox_events e join charges c on c.id = e.charge_id where c.order_id = $1 and e.type = 'payment_intent.succeeded'`,
          [order.id],
        )
        return event
      }, 'the payment to be told')
      await takeBackup()
      await system.startWorkers()
      await shop.confirmed(order.id)
      const once = await done(order.id)
      expect(once).toMatchObject({ intents: 1, transfers: 1, labels: 1, prints: before.prints + 1 })
      await restore(memory)
      expect((await shop.read(order.id)).status).toBe('PENDING')
      await system.startWorkers()
      await shop.confirmed(order.id)
      expect(await done(order.id)).toEqual(once)
    })

    it('I3 gives back once what is asked back again, and takes each share back once', async () => {
      await system.startWorkers()
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await shop.pay(order.id)
      await shop.confirmed(order.id)
      await system.stopWorkers()
      await takeBackup()
      const refund = async () => {
        const made = await shop.must('POST', '/v2/refunds', {
          orderId: order.id,
          amount: 5,
          currency: 'USD',
          reason: 'torn',
        })
        await system.startWorkers()
        await eventually(
          async () => ((await shop.must('GET', `/v2/refunds/${made.id}`)).state === 'succeeded' ? true : undefined),
          'the refund to succeed',
        )
        await eventually(
          async () => ((await done(order.id)).reversals === 1 ? true : undefined),
          'the share to be taken back',
        )
        await eventually(async () => {
          const open = await system.database.sql(
            `select 1 from tasks where order_id = $1 and state <> 'done' and job = 'carry-out-refund'`,
            [order.id],
          )
          return open.length === 0 ? true : undefined
        }, 'the refund to be carried out')
      }
      await refund()
      await restore(memory)
      await refund()
      expect(await done(order.id)).toMatchObject({ refunds: 1, reversals: 1 })
    })
  })

  describe('and whose operator adopts what the provider did meanwhile', () => {
    const adopted = async (restoredTo = takenAt) => {
      await restore('remembers')
      await shop.sandbox('POST', '/sandbox/stripe/forget-idempotency-keys')
      return adopt(system.parts, restoredTo, false)
    }
    const afterBackup = (ms: number) => new Date(takenAt.getTime() + ms)

    it('I1 confirms an order whose payment was begun and made after the backup', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await takeBackup()
      await system.startWorkers()
      await shop.pay(order.id)
      await shop.confirmed(order.id)
      const once = await done(order.id)
      expect(await adopted()).toMatchObject({ charges: 1, lost: [], open: [] })
      await system.startWorkers()
      await shop.confirmed(order.id)
      expect(await done(order.id)).toEqual(once)
      expect((await shop.read(order.id)).charges).toHaveLength(1)
      expect(await adopt(system.parts, takenAt, false)).toMatchObject({ charges: 0, events: 0, lost: [], open: [] })
    })

    it('I1 confirms an order that was paid before the backup and whose webhook arrived after it', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }])
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
      await shop.pay(order.id)
      await takeBackup()
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
      await system.startWorkers()
      await shop.confirmed(order.id)
      const once = await done(order.id)
      // Stripe tried for two days before anybody answered; the moment that is given stands in for the waiting.
      expect(await adopted(afterBackup(2 * 24 * 60 * 60 * 1000))).toMatchObject({ charges: 0, lost: [], open: [] })
      await system.startWorkers()
      await shop.confirmed(order.id)
      expect(await done(order.id)).toEqual(once)
    })

    it('I1 confirms an order that was paid by its second payment, the first being given up', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      const first = await shop.intent(order.id)
      await takeBackup()
      await system.startWorkers()
      // Nobody got the first one's secret; it is given up for another.
      await system.database.sql(
        `update charges set client_secret = null, created_at = now() - interval '1 hour' where order_id = $1`,
        [order.id],
      )
      const second = await shop.pay(order.id)
      expect(second.clientSecret).not.toBe(first.clientSecret)
      await shop.confirmed(order.id)
      expect(await adopted()).toMatchObject({ charges: 1, open: [] })
      await system.startWorkers()
      const seen = await shop.confirmed(order.id)
      expect(seen.charges.map(({ state }: { state: string }) => state)).toEqual(['cancelled', 'complete'])
      expect(await done(order.id)).toMatchObject({ intents: 2, transfers: 1, refunds: 0 })
    })

    it('I1 cancels an order whose cancellation was under way at the backup and acknowledged after it', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      const intent = await shop.intent(order.id)
      // The process died between Stripe's answer and its commit: Stripe has cancelled, the operation stands open.
      const [charge] = (await shop.read(order.id)).charges
      await system.database.sql(
        `insert into operations (id, purpose, order_id, charge_id, kind, provider, amount, currency, request_hash, state, attempts, created_at)
         values ('op_before', $2::text || '-cancel', $1, $2, 'cancel', 'stripe', 2000, 'USD', 'hash', 'unknown', 1, now())`,
        [order.id, charge.id],
      )
      await takeBackup()
      const reference = intent.clientSecret.split('_secret_')[0]
      await shop.sandbox('POST', `/sandbox/stripe/dashboard/payment_intents/${reference}/cancel`, {})
      expect(await adopted()).toMatchObject({ open: [] })
      await system.startWorkers()
      await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
    })

    describe('when the backup fell just after a payment was given up', () => {
      const givenUp = async () => {
        const order = await shop.order([{ skuId: 'sku-digital' }])
        const { chargeId } = await shop.intent(order.id)
        await cancelCharge(system.parts, { orderId: order.id, chargeId })
        await takeBackup()
        return order
      }

      it('I1 cancels the order whose buyer was told that it is cancelled', async () => {
        const order = await givenUp()
        expect((await shop.must('POST', `/v2/orders/${order.id}/cancel`)).status).toBe('CANCELLED')
        expect(await adopted()).toMatchObject({ open: [] })
        expect((await shop.read(order.id)).state).toBe('cancelled')
      })

      it('I1 confirms the order that was paid by another one', async () => {
        const order = await givenUp()
        await system.startWorkers()
        await shop.pay(order.id)
        await shop.confirmed(order.id)
        expect(await adopted()).toMatchObject({ charges: 1, open: [] })
        await system.startWorkers()
        await shop.confirmed(order.id)
        expect(await done(order.id)).toMatchObject({ intents: 2, transfers: 1, refunds: 0 })
      })
    })

    it('I3 books a refund of that time, and takes its share back no second time', async () => {
      await system.startWorkers()
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await shop.pay(order.id)
      await shop.confirmed(order.id)
      await takeBackup()
      await system.startWorkers()
      await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 5, currency: 'USD', reason: 'torn' })
      await eventually(
        async () => ((await done(order.id)).reversals === 1 ? true : undefined),
        'the share to be taken back',
      )
      await shop.sandbox('GET', '/sandbox/books')
      expect(await adopted()).toMatchObject({ lost: [], open: [] })
      await system.startWorkers()
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 5, 'the refund to be booked')
      await eventually(async () => {
        const open = await system.database.sql(`select 1 from tasks where order_id = $1 and state <> 'done'`, [
          order.id,
        ])
        return open.length === 0 ? true : undefined
      }, 'everything to be done')
      expect(await done(order.id)).toMatchObject({ refunds: 1, reversals: 1 })
      const reversed = await system.database.sql<{ amount: number }>(
        `select sum(reversed_amount) as amount from splits where order_id = $1`,
        [order.id],
      )
      expect(reversed).toEqual([{ amount: 500 }])
    })

    it('I7 names the payments of orders that are lost, and gives them back where it is told to', async () => {
      await takeBackup()
      await system.startWorkers()
      const paid = await shop.order([{ skuId: 'sku-digital' }])
      await shop.pay(paid.id)
      await shop.confirmed(paid.id)
      const begun = await shop.order([{ skuId: 'sku-digital' }])
      const { clientSecret } = await shop.intent(begun.id)
      const named = await adopted()
      expect(named.lost.map(({ orderId, received, givenBack }) => [orderId, received, givenBack])).toEqual([
        [paid.id, 2_000, false],
        [begun.id, 0, false],
      ])
      expect((await adopt(system.parts, takenAt, true)).lost).toHaveLength(2)
      expect((await shop.confirm(clientSecret)).status).toBe(400)
      const { stripe } = await shop.sandbox('GET', `/sandbox/books?orderId=${paid.id}`)
      expect(stripe.refunds.map(({ amount }: { amount: number }) => amount)).toEqual([2_000])
      expect(stripe.transfers.every(({ reversed }: { reversed: boolean }) => reversed)).toBe(true)
      await adopt(system.parts, takenAt, true)
      expect((await shop.sandbox('GET', `/sandbox/books?orderId=${paid.id}`)).stripe.refunds).toHaveLength(1)
    })
  })
})
