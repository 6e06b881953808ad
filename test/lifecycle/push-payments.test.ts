import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { address, eventually, storefront } from '../storefront.ts'

// Removes the risk that goods leave before the money, or that an order hangs when the money never comes.
describe('orders whose buyer pays later', () => {
  const { system, shop } = runningShop(storefront)
  let merchantId: string

  beforeAll(async () => {
    merchantId = (await shop.must('GET', '/v2/merchants')).data[0].id
  })

  const source = async (type: string, flow: string, reference: string | null = null) => {
    const id = randomUUID()
    await system.database.sql(
      `insert into sources (id, merchant_id, type, flow, state, provider, provider_reference, live_mode)
       values ($1, $2, $3, $4, 'chargeable', 'stripe', $5, false)`,
      [id, merchantId, type, flow, reference],
    )
    return id
  }
  const order = async (currency: string, price: number, sourceId: string) => {
    const checkout = await shop.must('POST', '/checkouts', {
      currency,
      email: 'buyer@example.com',
      billTo: address,
      items: [{ productDetails: { name: 'Course' }, price }],
      sourceId,
    })
    const answer = await shop.call('POST', '/orders', { checkoutId: checkout.id })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body
  }
  const intentOf = (made: { charges: { providerReference: string }[] }) => made.charges[0]?.providerReference
  const read = (id: string) => shop.must('GET', `/orders/${id}`)
  const until = (id: string, state: string) => shop.until(id, (seen: { state: string }) => seen.state === state)
  const events = async (id: string): Promise<string[]> =>
    (await shop.must('GET', `/v2/events?orderId=${id}&limit=100`)).data.map((event: { type: string }) => event.type)
  const told = (id: string, ...types: string[]) =>
    eventually(
      async () => {
        const seen = await events(id)
        return types.every((type) => seen.includes(type)) ? seen : undefined
      },
      `events ${types.join(', ')}`,
    )
  const buyer = (made: { charges: { providerReference: string }[] }, action: string) =>
    shop.sandbox('POST', `/sandbox/stripe/payment_intents/${intentOf(made)}/buyer`, { action })
  const expire = (id: string) =>
    system.database.sql(`update orders set expires_at = now() - interval '1 second' where id = $1`, [id])

  it('R72 R122 R139 R140 R155 R156 R160 R161 waits in pending_payment with the numbers to pay at', async () => {
    const made = await order('JPY', 5000, await source('konbini', 'receiver'))
    expect(made).toMatchObject({
      state: 'pending_payment',
      fraudState: 'passed',
      charges: [{ state: 'pending', captured: false }],
      payment: {
        sources: [{ type: 'konbini', flow: 'receiver', state: 'pending_funds' }],
        session: { state: 'pending_funds', nextAction: { action: 'show_payment_instructions' } },
      },
    })
    const { data } = made.payment.session.nextAction
    expect(data.sourceId).toBe(made.payment.sources[0].id)
    expect(data.konbini.stores[0]).toMatchObject({ store: expect.any(String), paymentCode: expect.any(String) })
    expect(made.payment.sources[0].konbini.receiptNumber).toBe(data.konbini.stores[0].paymentCode)
    const early = await shop.call('POST', '/fulfillments', {
      orderId: made.id,
      items: [{ itemId: made.items[0].id, quantity: 1 }],
    })
    expect([early.status, early.body.errors[0].code]).toEqual([409, 'order_not_accepted'])
  })

  it('R73 R143 R145 R165 is accepted when the voucher is paid', async () => {
    const made = await order('JPY', 5000, await source('konbini', 'receiver'))
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${intentOf(made)}/pay-voucher`)
    const paid = await until(made.id, 'accepted')
    expect(paid).toMatchObject({
      charges: [{ state: 'complete', captured: true }],
      payment: { sources: [{ state: 'consumed' }], session: { state: 'complete' } },
    })
    await told(made.id, 'order.pending_payment', 'order.accepted')
  })

  it('R149 R153 R157 R158 R159 is cancelled when the money does not come in time', async () => {
    const made = await order('JPY', 5000, await source('konbini', 'receiver'))
    await expire(made.id)
    const cancelled = await until(made.id, 'cancelled')
    expect(cancelled).toMatchObject({ charges: [{ state: 'cancelled' }], payment: { session: { state: 'failed' } } })
    expect(cancelled.stateTransitions.cancelled).toEqual(expect.any(String))
    const seen = await told(made.id, 'order.cancelled')
    expect(seen).not.toContain('order.charge.capturable')
    expect(seen).not.toContain('order.charge.complete')
  })

  it('counts what arrives of a bank transfer and accepts when all of it is there', async () => {
    const made = await order('EUR', 100, await source('wireTransfer', 'receiver'))
    expect(made.payment.sources[0].wireTransfer).toMatchObject({ referenceId: expect.any(String) })
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${intentOf(made)}/fund`, { amount: 4000 })
    await shop.until(
      made.id,
      ({ payment }) => payment.session.nextAction.data.amountRemaining === made.totalAmount - 40,
      'the first part of the money',
    )
    expect((await read(made.id)).state).toBe('pending_payment')
    const rest = Math.round((made.totalAmount - 40) * 100)
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${intentOf(made)}/fund`, { amount: rest })
    await until(made.id, 'accepted')
  })

  it('R161 sends the buyer to the bank and is accepted on the way back, without waiting for a webhook', async () => {
    const made = await order('EUR', 30, await source('bancontact', 'redirect'))
    expect(made).toMatchObject({
      state: 'pending_payment',
      payment: {
        sources: [{ state: 'pending_redirect' }],
        session: {
          state: 'pending_redirect',
          nextAction: { action: 'redirect', data: { redirectUrl: expect.any(String) } },
        },
      },
    })
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
    await buyer(made, 'complete')
    const refreshed = await shop.must('POST', `/orders/${made.id}/refresh`)
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
    expect(refreshed.state).toBe('accepted')
  })

  it('R75 R128 R129 R130 R131 R132 reports a failed authorization and gives the order up', async () => {
    const made = await order('USD', 30, await source('creditCard', 'standard', 'pm_card_threeDSecure2Required'))
    expect(made.state).toBe('pending_payment')
    await buyer(made, 'fail')
    const failed = await until(made.id, 'cancelled')
    expect(failed.charges[0]).toMatchObject({ failureMessage: expect.any(String), failureCode: expect.any(String) })
    expect(await told(made.id, 'order.charge.failed', 'order.cancelled')).not.toContain('order.accepted')
  })

  it('I7 gives money back that comes after the order was given up', async () => {
    const made = await order('EUR', 50, await source('wireTransfer', 'receiver'))
    await expire(made.id)
    await until(made.id, 'cancelled')
    const late = await shop.call('POST', `/orders/${made.id}/refresh`)
    expect(late.body.state).toBe('cancelled')
  })
})
