import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Capabilities } from '../../src/providers/capabilities.ts'
import { type ProviderName, registry } from '../../src/providers/registry.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json, storefront } from '../storefront.ts'
import { secretKey } from '../system.ts'
import type { MakePlay, Paying, Play } from './play.ts'

const prices = { USD: 20, EUR: 20, AED: 75, MNT: 35_000 }

/**
 * The same life of a payment at every provider: what its buyer, its webhooks, the network and its own staff may do, each of which ends in
 * order and books agreeing with the sandbox's, and with nothing unexplained to the auditor.
 */
export function paymentLifecycle(provider: ProviderName, makePlay: MakePlay): void {
  const capabilities: Capabilities = registry[provider].capabilities
  // What a play can do is known before its system runs, from one that is never called.
  const can = makePlay({} as never, storefront({ url: '', sandbox: { url: '' } } as never))
  const when = (possible: unknown) => (title: string, run: () => Promise<unknown>) => {
    if (possible) it(title, run)
  }

  // Removes the risk that a provider works on its good day only.
  describe(`a payment at ${provider}`, () => {
    const { system, shop } = runningShop(merchantOrders)
    let play: Play
    let parts: WorkerParts

    beforeAll(async () => {
      play = makePlay(system, shop)
      parts = await createWorkerParts(system.parts.config, 'audit')
      await play.ready?.()
      await shop.must('POST', '/v2/skus', {
        id: 'sku-play',
        name: 'Song',
        kind: 'digital',
        price: prices[play.currency],
        currency: play.currency,
        delivery: { contentType: 'text', content: 'la la la' },
      })
    })
    afterAll(() => parts?.close())
    afterEach(async () => {
      await shop.sandbox('DELETE', '/sandbox/faults')
      await webhooks('normal')
    })

    const webhooks = (mode: string, more: Json = {}) =>
      shop.sandbox('POST', '/sandbox/webhooks', { provider, mode, ...more })
    const fault = (operation: string, kind: string, more: Json = {}) =>
      shop.sandbox('POST', '/sandbox/faults', { provider, operation, kind, ...more })
    const ask = (orderId: string, method = play.method) =>
      shop.call('POST', `/v2/orders/${orderId}/payment-intent`, { paymentMethod: method })

    const ordered = (): Promise<Answer['body']> =>
      shop.order([{ skuId: 'sku-play' }], {
        currency: play.currency,
        shipTo: undefined,
        // One buyer of so many orders would be reviewed.
        email: `${crypto.randomUUID()}@example.com`,
      })
    const payment = async (orderId: string): Promise<Paying> => {
      const [charge] = await system.database.sql<Paying>(
        `select order_id as "orderId", id as "chargeId", provider_reference as reference, amount,
           client_secret as "clientSecret", checkout_url as "checkoutUrl"
         from charges where order_id = $1 and provider = $2 and provider_reference is not null order by created_at desc limit 1`,
        [orderId, provider],
      )
      if (!charge) throw new Error(`${orderId} has no payment at ${provider}`)
      return charge
    }
    const paying = async (): Promise<Paying> => {
      const { id } = await ordered()
      expect((await ask(id)).status).toBe(201)
      return payment(id)
    }
    const bought = async (): Promise<Paying> => {
      const started = await paying()
      await play.pay(started)
      await shop.confirmed(started.orderId)
      await shop.settled(started.orderId)
      return started
    }
    /** As if the time had come in which the provider is asked about what is still open. */
    const askedAbout = ({ chargeId }: Paying) =>
      system.database.sql(`update charges set next_check_at = now() - interval '1 second' where id = $1 returning id`, [
        chargeId,
      ])
    const charge = async ({ orderId, chargeId }: Paying) => {
      const { charges } = await shop.read(orderId)
      return charges.find(({ id }: { id: string }) => id === chargeId)
    }
    const attention = ({ orderId }: Paying) =>
      shop.until(orderId, ({ attention }) => attention !== undefined, 'a person to be called')
    /** Every webhook has come and every task is done. */
    const quiet = () =>
      eventually(async () => {
        const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
        const [row] = await system.database.sql<{ open: number }>(
          `select (select count(*) from inbox_events where handled_at is null)
             + (select count(*) from tasks where state in ('pending', 'enqueued') and run_at <= now() + interval '20 seconds') as open`,
        )
        return !pending && row?.open === 0 ? true : undefined
      }, 'every webhook and task to be done')

    /** The auditor hears what the provider says of itself. */
    const readBooks = async (): Promise<Json | undefined> => {
      if (play.statement) {
        const answer = await fetch(`${system.url}/v2/settlements?provider=${provider}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'text/csv' },
          body: await play.statement(),
        })
        const body = (await answer.json()) as Answer['body']
        expect(body).toMatchObject({ provider })
        return body.counts
      }
      if (capabilities.books === 'asked') await runAudit(parts, 0)
      return undefined
    }
    /** The provider's books and ours say the same about all that has happened so far. */
    const explained = async () => {
      await quiet()
      await readBooks()
      // At once, without the time in which one side may not have heard of it.
      if (capabilities.books === 'statements' && play.statement) await runAudit(parts, 0)
      const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
      expect(findings.filter((finding) => finding.provider === provider)).toEqual([])
    }
    const isPaid = async (started: Paying) => {
      await shop.confirmed(started.orderId)
      expect((await charge(started)).state).toBe('complete')
      await explained()
    }
    /** Of all money that came for an order, none is kept. */
    const isGivenBack = async (started: Paying) => {
      if (capabilities.refund === 'none') return attention(started)
      await eventually(async () => {
        const [row] = await system.database.sql<{ captured: number; refunded: number; asked: number }>(
          `select captured_amount as captured, refunded_amount as refunded,
             (select count(*) from charge_entries e where e.charge_id = c.id and e.kind = 'refund') as asked
           from charges c where id = $1`,
          [started.chargeId],
        )
        if (capabilities.refund === 'claim' && row?.asked && row.refunded === 0) await play.claim?.(started)
        return row && row.captured > 0 && row.captured === row.refunded ? true : undefined
      }, 'the money to go back')
      return explained()
    }

    it('is taken once, and confirms its order', async () => {
      const started = await paying()
      expect((await shop.read(started.orderId)).status).not.toBe('CONFIRMED')
      expect((await ask(started.orderId)).body.chargeId).toBe(started.chargeId)
      await play.pay(started)
      await isPaid(started)
    })

    it.each(['duplicate', 'shuffle', 'delay'])('is taken once when its webhooks come in mode %s', async (mode) => {
      await webhooks(mode, { copies: 3, delayMs: 200 })
      const started = await paying()
      await play.pay(started)
      await isPaid(started)
    })

    when(capabilities.lookUp)('is found out when no webhook tells of it', async () => {
      await webhooks('paused')
      const started = await paying()
      await play.pay(started)
      await askedAbout(started)
      await shop.confirmed(started.orderId)
      await webhooks('normal')
      await isPaid(started)
    })

    it('is known although its webhooks are faster than the answer to who asked for it', async () => {
      const { id } = await ordered()
      await fault(can.operations.create, 'slow', { after: true, delayMs: 1_200 })
      const asking = ask(id)
      const reference = await eventually(async () => {
        const [planned] = await system.database.sql<{ id: string }>('select id from charges where order_id = $1', [id])
        const books = await shop.sandbox('GET', `/sandbox/books?orderId=${id}&orderId=${planned?.id}`)
        return books[provider][can.payments].at(-1)?.id as string | undefined
      }, 'the payment to be made')
      // Who pays by a page or a secret has them of the answer; who pays by the number does so at once.
      if (can.clientSecretNeeded !== true)
        await play.pay({ ...(await payment(id).catch(() => ({}) as Paying)), orderId: id, reference })
      expect((await asking).status).toBe(201)
      const started = await payment(id)
      if (can.clientSecretNeeded === true) await play.pay(started)
      await isPaid(started)
    })

    it('is asked for again when the answer was lost, and taken once', async () => {
      const { id } = await ordered()
      await fault(can.operations.create, 'drop_after')
      // A client that sends its requests again by itself has hidden it.
      expect([201, 503]).toContain((await ask(id)).status)
      expect((await ask(id)).status).toBe(201)
      const started = await payment(id)
      await play.pay(started)
      await isPaid(started)
    })

    when(can.operations.take)('is taken once when the answer to who took it was lost', async () => {
      const started = await paying()
      await fault(can.operations.take ?? '', 'drop_after')
      await play.pay(started)
      await isPaid(started)
    })

    when(can.decline)('is refused, and paid by another try', async () => {
      const started = await paying()
      await play.decline?.(started)
      await shop.until(started.orderId, ({ state }) => state === 'payment_failed', 'the refusal')
      const again = (await ask(started.orderId)).status === 201 ? await payment(started.orderId) : started
      await play.pay(again)
      await isPaid(again)
    })

    when(can.expire)('may end unpaid', async () => {
      const started = await paying()
      await play.expire?.(started)
      await eventually(async () => {
        const { state } = await charge(started)
        return state === 'failed' || state === 'cancelled' ? true : undefined
      }, 'the payment to end')
      expect((await shop.read(started.orderId)).status).not.toBe('CONFIRMED')
      await explained()
    })

    it('that comes after its order has ended goes back, or cannot come any more', async () => {
      const started = await paying()
      await shop.must('POST', `/v2/orders/${started.orderId}/cancel`, {})
      const paid = await Promise.resolve(play.pay(started)).catch(() => undefined)
      await quiet()
      const { state } = await charge(started)
      expect((await shop.read(started.orderId)).state).toBe('cancelled')
      if (paid !== undefined && state !== 'cancelled') await isGivenBack(started)
      await explained()
    })

    when(can.payAmount)('of less than was asked for ships nothing, and calls a person', async () => {
      const started = await paying()
      await play.payAmount?.(started, started.amount - 100)
      await attention(started)
      expect((await shop.read(started.orderId)).status).not.toBe('CONFIRMED')
    })

    when(can.payAmount)('of more than was asked for is not kept silently', async () => {
      const started = await paying()
      await play.payAmount?.(started, started.amount + 100)
      await attention(started)
    })

    when(provider !== 'stripe')('is given up for another way to pay, and its late money is not kept', async () => {
      const first = await paying()
      const { clientSecret } = (await ask(first.orderId, 'STRIPE')).body
      await shop.confirm(clientSecret)
      await shop.confirmed(first.orderId)
      await Promise.resolve(play.pay(first)).catch(() => undefined)
      await quiet()
      const { state, capturedAmount } = await charge(first)
      expect(state).toBe('cancelled')
      if (capturedAmount > 0) await isGivenBack(first)
      expect((await shop.read(first.orderId)).status).toBe('CONFIRMED')
      await explained()
    })

    const inGroup = (possible: unknown, title: string, tests: () => void) => {
      if (possible) describe(title, tests)
    }

    inGroup(capabilities.refund !== 'none', 'goes back', () => {
      const refunded = async (started: Paying, amount: number) => {
        await eventually(async () => {
          const seen = await charge(started)
          if (capabilities.refund === 'claim') await play.claim?.(started)
          return Math.round(seen.refundedAmount * 100) === amount ? true : undefined
        }, `${amount} to be refunded`)
        await explained()
      }

      it('in part and then whole', async () => {
        const started = await bought()
        await shop.must('POST', '/v2/refunds', { orderId: started.orderId, amount: 5 })
        await refunded(started, 500)
        await shop.must('POST', '/v2/refunds', { orderId: started.orderId })
        await refunded(started, started.amount)
      })

      it('once, although the answer was lost', async () => {
        const started = await bought()
        await fault(can.operations.refund ?? '', 'drop_after')
        await shop.must('POST', '/v2/refunds', { orderId: started.orderId })
        await refunded(started, started.amount)
      })

      when(can.refundThere)('when somebody does so at the provider', async () => {
        const started = await bought()
        await play.refundThere?.(started, 700)
        await refunded(started, 700)
      })
    })

    inGroup(can.dispute, 'is disputed', () => {
      it.each(['won', 'lost'] as const)('and %s', async (end) => {
        const started = await bought()
        await play.dispute?.(started, end)
        await shop.until(started.orderId, ({ disputeState }) => disputeState === end, `the dispute to be ${end}`)
        await explained()
      })
    })

    // Last: its webhooks go on looking for an order that there is not. What Stripe has done since a backup is asked for when one is restored.
    inGroup(
      provider !== 'stripe' && (can.operations.take || can.statement),
      'of an order that a restored database has lost',
      () => {
        it(can.operations.take ? 'is never taken' : 'is named by the auditor', async () => {
          await quiet()
          const taken = async () => (await shop.sandbox('GET', '/sandbox/books?summary')).paypal?.captures.count
          const before = await taken()
          const asked = {
            orderId: newId('order'),
            chargeId: newId('charge'),
            amount: Math.round(prices[play.currency] * 100),
            currency: play.currency,
            splits: [],
            returnUrl: system.url,
            expiresInSeconds: 900,
            lookUpFirst: false,
          }
          const intent = await system.parts.providers.get(provider)?.createIntent(asked)
          if (!intent) throw new Error(`${provider} is not configured`)
          const { reference, checkoutUrl = null } = intent
          await play.pay({ ...asked, reference, checkoutUrl, clientSecret: null })
          if (can.operations.take) return expect(await taken()).toBe(before)
          expect(await readBooks()).toMatchObject({ unexpected: 1 })
        })
      },
    )
  })
}
