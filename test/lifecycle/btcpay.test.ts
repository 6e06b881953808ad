import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { btcpayPlay } from '../plays/btcpay-play.ts'
import type { Paying } from '../plays/play.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json, storefront } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

// Removes the risk that coins, which come in parts, late, or not at all after they were seen, are taken for money like any other.
describe('a payment in coins', () => {
  const { system, shop } = runningShop(storefront)
  const play = btcpayPlay(system, shop)
  let parts: WorkerParts

  beforeAll(async () => {
    parts = await createWorkerParts(system.parts.config, 'audit')
    for (const [id, currency, price] of [
      ['sku-yen', 'JPY', 1_500],
      ['sku-dinar', 'KWD', 7.5],
    ])
      await shop.must('POST', '/v2/skus', {
        id,
        name: 'Song',
        kind: 'digital',
        price,
        currency,
        delivery: { contentType: 'text', content: 'la' },
      })
  })
  afterAll(() => parts?.close())
  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  const ordered = (skuId = 'sku-digital', more: Json = {}): Promise<Answer['body']> =>
    shop.order([{ skuId }], { email: `${crypto.randomUUID()}@example.com`, ...more })
  const ask = (orderId: string, paymentMethod = 'CRYPTO') =>
    shop.call('POST', `/v2/orders/${orderId}/payment-intent`, { paymentMethod }, { key: publishableKey })
  const payment = async (orderId: string): Promise<Paying> => {
    const [charge] = await system.database.sql<Paying>(
      `select order_id as "orderId", id as "chargeId", provider_reference as reference, amount,
         client_secret as "clientSecret", checkout_url as "checkoutUrl"
       from charges where order_id = $1 and provider = 'btcpay' and surplus_of is null order by created_at desc, id limit 1`,
      [orderId],
    )
    if (!charge) throw new Error(`${orderId} has no invoice`)
    return charge
  }
  const paying = async (skuId?: string, more?: Json): Promise<Paying> => {
    const { id } = await ordered(skuId, more)
    const answer = await ask(id)
    expect([answer.status, answer.body.errors]).toEqual([201, undefined])
    return payment(id)
  }
  const happen = ({ reference }: Paying, action: string, amount?: number) =>
    shop.sandbox('POST', `/sandbox/btcpay/invoices/${reference}/${action}`, amount === undefined ? {} : { amount })
  const arrive = async (started: Paying, amount?: number) => {
    await happen(started, 'pay', amount)
    await happen(started, 'confirm')
  }
  const invoices = async (chargeId: string) =>
    (await shop.sandbox('GET', `/sandbox/books?orderId=${(await orderOf(chargeId)).id}`)).btcpay.invoices
  const orderOf = async (chargeId: string) => {
    const [order] = await system.database.sql<{ id: string }>('select order_id as id from charges where id = $1', [
      chargeId,
    ])
    return order ?? { id: '' }
  }
  const state = (started: Paying, wanted: string) =>
    shop.until(started.orderId, (order) => order.state === wanted, `state ${wanted}`)
  // An order that could not be given up is looked at again half a minute later.
  const quiet = () =>
    eventually(async () => {
      const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
      const [row] = await system.database.sql<{ open: number }>(
        `select (select count(*) from inbox_events where handled_at is null)
           + (select count(*) from tasks where state in ('pending', 'enqueued') and job <> 'expire-order' and run_at <= now() + interval '20 seconds') as open`,
      )
      return !pending && row?.open === 0 ? true : undefined
    }, 'every webhook and task to be done')
  /** The store's statement and our books agree. */
  const explained = async () => {
    await quiet()
    await fetch(`${system.url}/v2/settlements?provider=btcpay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'text/csv' },
      body: (await play.statement?.()) ?? '',
    })
    const balances = await runAudit(parts, 0)
    const own = balances.filter(({ provider }) => provider === 'btcpay')
    expect(own.map(({ unexplained, open }) => [unexplained, open])).toEqual(own.map(() => [0, 0]))
    const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
    expect(findings.filter(({ provider }) => provider === 'btcpay' || provider === 'ledger')).toEqual([])
  }
  const surplus = async ({ chargeId }: Paying) =>
    system.database.sql<{ amount: number; refunded: number }>(
      'select captured_amount as amount, refunded_amount as refunded from charges where surplus_of = $1 order by created_at',
      [chargeId],
    )

  describe('that is on its way', () => {
    it('shows its order as waiting, is neither given up nor replaced, and buys once a block has it', async () => {
      const started = await paying('sku-physical')
      await happen(started, 'pay')
      const waiting = await state(started, 'pending_payment')
      expect([waiting.status, waiting.shipments]).toEqual(['PENDING', []])

      const cancelled = await shop.call('POST', `/v2/orders/${started.orderId}/cancel`, {})
      expect([cancelled.status, cancelled.body.errors[0].code]).toEqual([409, 'payment_under_way'])
      const other = await ask(started.orderId, 'STRIPE')
      expect([other.status, other.body.errors[0].code]).toEqual([409, 'payment_under_way'])
      expect((await ask(started.orderId)).body.checkoutUrl).toBe(started.checkoutUrl)

      await happen(started, 'confirm')
      await shop.confirmed(started.orderId)
      await explained()
    })

    it('is not expired under its buyer’s feet, and its order is looked after again later', async () => {
      const started = await paying()
      await happen(started, 'pay')
      await state(started, 'pending_payment')
      await system.database.sql(
        `update orders set expires_at = now() - interval '1 minute' where id = $1 returning id`,
        [started.orderId],
      )
      const later = await eventually(async () => {
        const [task] = await system.database.sql<{ id: string }>(
          `select id from tasks where order_id = $1 and job = 'expire-order' and state = 'pending' and run_at > now() + interval '10 minutes'`,
          [started.orderId],
        )
        return task
      }, 'a later look')
      expect((await shop.read(started.orderId)).state).toBe('pending_payment')
      // The payment does not stand, and the order ends when it is looked at again.
      await happen(started, 'reorganise')
      await quiet()
      await system.database.sql('update tasks set run_at = now() where id = $1 returning id', [later.id])
      await state(started, 'cancelled')
      await explained()
    })

    it('and never confirmed ends its order', async () => {
      const started = await paying()
      await happen(started, 'pay')
      await state(started, 'pending_payment')
      await happen(started, 'reorganise')
      expect(await state(started, 'cancelled')).toMatchObject({ capturedAmount: 0 })
      expect((await shop.read(started.orderId)).disputeState).toBeUndefined()
    })
  })

  describe('of less than was asked for', () => {
    const underpaid = async () => {
      const started = await paying()
      await arrive(started, 12)
      await happen(started, 'expire')
      const order = await shop.until(started.orderId, ({ attention }) => attention !== undefined, 'attention')
      expect(order).toMatchObject({
        capturedAmount: 12,
        attention: { reason: 'payment amount differs from the charge' },
      })
      expect(order.status).not.toBe('CONFIRMED')
      return started
    }

    it('adds up in parts before the invoice ends', async () => {
      const started = await paying()
      await arrive(started, 12)
      await state(started, 'pending_payment')
      await arrive(started)
      await shop.confirmed(started.orderId)
      await explained()
    })

    it('is known, and buys when the rest comes late', async () => {
      const started = await underpaid()
      await explained()
      await arrive(started)
      const order = await shop.confirmed(started.orderId)
      expect([order.capturedAmount, order.attention]).toEqual([20, undefined])
      await explained()
    })

    it('goes back when somebody says so, and so does a rest that comes after that', async () => {
      const started = await underpaid()
      await shop.must('POST', '/v2/refunds', { orderId: started.orderId })
      await arrive(started)
      await eventually(async () => ((await surplus(started)).length === 1 ? true : undefined), 'the rest to be known')
      await eventually(async () => {
        await play.claim?.(started)
        const [{ refunded } = { refunded: 0 }] = await surplus(started)
        return refunded === 800 && (await shop.read(started.orderId)).refundedAmount === 20 ? true : undefined
      }, 'everything to go back')
      await explained()
    })

    it('goes back by itself where its order has ended', async () => {
      const started = await paying()
      await arrive(started, 12)
      await state(started, 'pending_payment')
      await shop.must('POST', `/v2/orders/${started.orderId}/cancel`, {})
      await state(started, 'cancelled')
      await eventually(async () => {
        await play.claim?.(started)
        return (await shop.read(started.orderId)).refundedAmount === 12 ? true : undefined
      }, 'the part to go back')
      await explained()
    })
  })

  describe('of more than was asked for', () => {
    it('buys, and what is too much goes back by itself, each time', async () => {
      const started = await paying()
      await arrive(started, 23)
      const order = await shop.confirmed(started.orderId)
      await shop.until(started.orderId, ({ attention }) => attention?.reason === 'more was paid than asked for')
      await eventually(async () => ((await surplus(started)).length === 1 ? true : undefined), 'the surplus')
      await arrive(started, 5)
      await eventually(async () => ((await surplus(started)).length === 2 ? true : undefined), 'another surplus')
      expect((await surplus(started)).map(({ amount }) => amount)).toEqual([300, 500])
      await explained()
      // What nobody has fetched yet does not keep an order open of which all else went back.
      await shop.must('POST', '/v2/refunds', { orderId: started.orderId })
      const [first] = await eventually(async () => {
        const found = await shop.sandbox('GET', `/sandbox/btcpay/invoices/${started.reference}/pull-payments`)
        return found.length === 3 ? found.filter(({ limit }: { limit: string }) => limit === '20.00') : undefined
      }, 'three claims')
      const payout = await shop.sandbox('POST', `/sandbox/btcpay/pull-payments/${first.id}/claim`)
      await shop.sandbox('POST', `/sandbox/btcpay/payouts/${payout.id}/pay`)
      await shop.until(started.orderId, ({ status }) => status === 'REFUNDED' || status === 'CANCELLED', 'the end')
      await eventually(async () => {
        await play.claim?.(started)
        return (await surplus(started)).every(({ amount, refunded }) => amount === refunded) ? true : undefined
      }, 'the rest to be fetched')
      expect(order.id).toBe(started.orderId)
      await explained()
    })
  })

  describe('that comes late', () => {
    it('buys as long as its order can be paid', async () => {
      const started = await paying()
      await happen(started, 'expire')
      await state(started, 'payment_failed')
      await happen(started, 'pay')
      await happen(started, 'confirm')
      await shop.confirmed(started.orderId)
      await explained()
    })

    it('goes back where another invoice was asked for since', async () => {
      const started = await paying()
      await happen(started, 'expire')
      await state(started, 'payment_failed')
      const again = await ask(started.orderId)
      expect(again.status).toBe(201)
      expect(again.body.checkoutUrl).not.toBe(started.checkoutUrl)
      const second = await payment(started.orderId)
      await quiet()
      await arrive(started)
      await arrive(second)
      await shop.confirmed(started.orderId)
      await eventually(async () => {
        await play.claim?.(started)
        const [row] = await system.database.sql<{ refunded: number }>(
          'select refunded_amount as refunded from charges where id = $1',
          [started.chargeId],
        )
        return row?.refunded === 2_000 ? true : undefined
      }, 'the late money to go back')
      await explained()
    })
  })

  describe('that is gone', () => {
    it('after it was confirmed is a lost dispute, for which everybody gives their share back', async () => {
      const started = await paying()
      await arrive(started)
      await shop.confirmed(started.orderId)
      await happen(started, 'reorganise')
      const order = await shop.until(started.orderId, ({ disputeState }) => disputeState === 'lost', 'a lost dispute')
      expect(order.attention).toMatchObject({ reason: 'payment taken back' })
      await quiet()
      expect(
        await system.database.sql('select state, reason, amount from disputes where order_id = $1', [started.orderId]),
      ).toEqual([{ state: 'lost', reason: 'chain_reorganised', amount: 2_000 }])
      const [shares] = await system.database.sql(
        'select sum(executed_amount)::int as given, sum(reversed_amount)::int as taken from splits where order_id = $1',
        [started.orderId],
      )
      expect(shares).toEqual({ given: 2_000, taken: 2_000 })
      await explained()
    })

    it('because a person marked it so ends an order that waits', async () => {
      const started = await paying()
      await happen(started, 'mark_invalid')
      expect(await state(started, 'cancelled')).toMatchObject({ capturedAmount: 0 })
    })

    it('for an order that was confirmed because a person marked it settled', async () => {
      const started = await paying()
      await happen(started, 'mark_settled')
      await shop.confirmed(started.orderId)
      await explained()
      await happen(started, 'mark_invalid')
      await shop.until(started.orderId, ({ disputeState }) => disputeState === 'lost', 'a lost dispute')
    })
  })

  describe('goes back', () => {
    const refunded = async () => {
      const started = await paying()
      await arrive(started)
      await shop.confirmed(started.orderId)
      const refund = await shop.must('POST', '/v2/refunds', { orderId: started.orderId, amount: 5 })
      const read = () => shop.must('GET', `/v2/refunds/${refund.id}`)
      const waiting = await eventually(async () => {
        const found = await read()
        return found.state === 'pending_information' ? found : undefined
      }, 'the refund to wait for its buyer')
      return { started, waiting, read }
    }

    it('as a claim, of which the buyer is told and nobody else', async () => {
      const { started, waiting, read } = await refunded()
      const { claimUrl } = waiting.charges[0].refunds[0]
      expect(claimUrl).toMatch(/\/btcpay\/pull-payments\/pp/)
      expect(JSON.stringify(await shop.read(started.orderId))).toContain(claimUrl)
      const browser = await shop.must('GET', `/v2/orders/${started.orderId}`, undefined, { key: publishableKey })
      expect(JSON.stringify(browser)).not.toContain('pull-payments')
      const mail = await eventually(async () => {
        const [found] = await system.database.sql<{ text: string }>(
          `select text from mails where order_id = $1 and kind = 'refund_claim'`,
          [started.orderId],
        )
        return found
      }, 'the mail')
      expect(mail.text).toContain(claimUrl)
      expect(mail.text).toContain('$5.00')
      expect((await fetch(claimUrl)).status).toBe(200)
      // Given back by hand beside it, it could be fetched once more.
      const byHand = { orderId: started.orderId, chargeId: started.chargeId, reference: 'from-a-bank' }
      const refused = await shop.call('POST', '/v2/settlements/refunds', byHand)
      expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'operation_in_progress'])

      const [pull] = await shop.sandbox('GET', `/sandbox/btcpay/invoices/${started.reference}/pull-payments`)
      const part = await shop.sandbox('POST', `/sandbox/btcpay/pull-payments/${pull.id}/claim`, { amount: 2 })
      await shop.sandbox('POST', `/sandbox/btcpay/payouts/${part.id}/pay`)
      await quiet()
      expect((await read()).state).toBe('pending_information')
      await play.claim?.(started)
      await eventually(async () => ((await read()).state === 'succeeded' ? true : undefined), 'the refund to succeed')
      await explained()
    })

    it('not at all where the claim was withdrawn, and can be given again', async () => {
      const { started, read } = await refunded()
      const [pull] = await shop.sandbox('GET', `/sandbox/btcpay/invoices/${started.reference}/pull-payments`)
      await shop.sandbox('POST', `/sandbox/btcpay/pull-payments/${pull.id}/archive`)
      await system.database.sql(
        `update charge_entries set created_at = now() - interval '1 hour' where order_id = $1 and kind = 'refund' returning id`,
        [started.orderId],
      )
      await eventually(async () => ((await read()).state === 'failed' ? true : undefined), 'the refund to fail')
      expect((await read()).failureReason).toBe('claim_withdrawn')
      const again = await shop.must('POST', '/v2/refunds', { orderId: started.orderId })
      expect(again.amount).toBe(20)
      const other = (wanted: string) =>
        eventually(async () => {
          const { state } = await shop.must('GET', `/v2/refunds/${again.id}`)
          return state === wanted ? true : undefined
        }, `the other refund to be ${wanted}`)
      // Its buyer hears of it no sooner than we do.
      await other('pending_information')
      await play.claim?.(started)
      await other('succeeded')
      await explained()
    })

    it('once, whatever became of the answers', async () => {
      const started = await paying()
      await arrive(started)
      await shop.confirmed(started.orderId)
      for (const kind of ['drop_after', 'html'])
        await shop.sandbox('POST', '/sandbox/faults', {
          provider: 'btcpay',
          operation: 'invoices.refund',
          kind,
          after: true,
        })
      await shop.must('POST', '/v2/refunds', { orderId: started.orderId })
      await eventually(async () => {
        const found = await shop.sandbox('GET', `/sandbox/btcpay/invoices/${started.reference}/pull-payments`)
        return found.length > 0 ? true : undefined
      }, 'a claim')
      await quiet()
      const { btcpay } = await shop.books(started.orderId)
      expect(btcpay.pullPayments).toMatchObject([{ count: 1 }])
    })
  })

  describe('is asked for', () => {
    it('by ten requests at once, all of which are told of one invoice', async () => {
      const { id } = await ordered()
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(id)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
      expect(new Set(answers.map(({ body }) => body.checkoutUrl)).size).toBe(1)
      const started = await payment(id)
      expect(started.checkoutUrl).toBe(answers[0]?.body.checkoutUrl)
      await arrive(started)
      await shop.confirmed(id)
      await explained()
    })

    it('again while the first request still runs there, and whatever it makes is nobody’s', async () => {
      const { id } = await ordered()
      await shop.sandbox('POST', '/sandbox/faults', {
        provider: 'btcpay',
        operation: 'invoices.create',
        kind: 'slow',
        delayMs: 2_600,
      })
      expect((await ask(id)).status).toBe(503)
      const answer = await ask(id)
      expect(answer.status).toBe(201)
      const started = await payment(id)
      expect(answer.body.checkoutUrl).toBe(started.checkoutUrl)
      await eventually(async () => ((await invoices(started.chargeId)).length === 2 ? true : undefined), 'the twin')
      await quiet()
      await arrive(started)
      await shop.confirmed(id)
      await explained()
    })

    it('in yen, and not in a currency of three decimals', async () => {
      const yen = await paying('sku-yen', { currency: 'JPY' })
      await arrive(yen)
      await shop.confirmed(yen.orderId)
      await explained()
      const dinar = await ordered('sku-dinar', { currency: 'KWD' })
      const answer = await ask(dinar.id)
      expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'payment_refused'])
    })
  })
})
