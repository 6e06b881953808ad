import { describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { address, eventually, storefront } from '../storefront.ts'

// Removes the risk that an event shows what came after it: nobody listens here, so that every event is made up when it is read.
describe('what events show', () => {
  const { shop } = runningShop(storefront)

  const order = async (source: object, currency = 'USD') => {
    const { id: sourceId } = await shop.must('POST', '/sources', source)
    const checkout = await shop.must('POST', '/checkouts', {
      currency,
      email: 'ada@example.com',
      billTo: address,
      items: [{ productDetails: { name: 'Course' }, price: 50, quantity: 2 }],
      sourceId,
    })
    return shop.must('POST', '/orders', { checkoutId: checkout.id })
  }
  const shown = async (orderId: string) => {
    const { data } = await shop.must('GET', `/events?orderId=${orderId}&limit=100`)
    return (type: string) => data.filter((event: { type: string }) => event.type === type)[0]?.data.object
  }
  const until = (id: string, fits: (order: { [name: string]: unknown }) => boolean) =>
    eventually(async () => {
      const found = await shop.must('GET', `/orders/${id}`)
      return fits(found) ? found : undefined
    }, 'the order')

  it('is the order, the refund and the fulfilment as they were when it happened', async () => {
    const { id, items } = await order({ type: 'creditCard', paymentMethod: 'pm_card_visa' })
    const [{ id: itemId }] = items
    const fulfillment = await shop.must('POST', '/fulfillments', { orderId: id, items: [{ itemId, quantity: 2 }] })
    await until(id, ({ state }) => state === 'complete')
    const refund = await shop.must('POST', '/refunds', { orderId: id, currency: 'USD', amount: 30 })
    const now = await until(
      id,
      ({ refundedAmount, creditMemoPDFs }) => refundedAmount === 30 && creditMemoPDFs !== undefined,
    )
    const at = await shown(id)

    const accepted = at('order.accepted')
    expect(accepted).toMatchObject({
      state: 'accepted',
      fraudState: 'passed',
      capturedAmount: 0,
      refundedAmount: 0,
      availableToRefundAmount: 0,
      items: [{ state: 'created' }],
      charges: [{ state: 'capturable', captured: false, refunded: false }],
    })
    expect(Object.keys(accepted.stateTransitions).sort()).toEqual(['accepted', 'created', 'submitted'])
    expect(accepted.invoicePDFs).toBeUndefined()
    expect(at('order.complete')).toMatchObject({ state: 'complete', refundedAmount: 0, charges: [{ refunded: false }] })
    expect(at('order.complete').creditMemoPDFs).toBeUndefined()
    expect(at('order.credit_memo.created')).toEqual(now)
    expect(at('fulfillment.created')).toEqual(fulfillment)
    expect(at('refund.complete')).toMatchObject({ id: refund.id, orderId: id, state: 'succeeded', amount: 30 })
    expect(await shop.must('GET', `/orders/${id}`)).toMatchObject({
      capturedAmount: now.totalAmount,
      refundedAmount: 30,
    })
  })

  it('has nothing released of a hold that its end in the provider’s dashboard released later', async () => {
    const { id, charges } = await order({ type: 'creditCard', paymentMethod: 'pm_card_visa' })
    await shop.sandbox('POST', `/sandbox/stripe/dashboard/payment_intents/${charges[0].providerReference}/capture`, {
      amount_to_capture: 1_600,
    })
    const now = await until(id, ({ capturedAmount, cancelledAmount }) => capturedAmount === 16 && cancelledAmount !== 0)
    const at = await shown(id)
    expect(at('order.accepted')).toMatchObject({ capturedAmount: 0, cancelledAmount: 0 })
    expect(at('order.charge.complete')).toMatchObject({ capturedAmount: 16, cancelledAmount: now.totalAmount - 16 })
  })

  it('R128 has passed the fraud screen while its buyer is on the bank’s page', async () => {
    const waiting = await order(
      { type: 'bancontact', currency: 'EUR', owner: { firstName: 'Ada', lastName: 'Buyer', email: 'ada@example.com' } },
      'EUR',
    )
    expect(waiting).toMatchObject({ state: 'pending_payment', fraudState: 'passed' })
    expect((await shown(waiting.id))('order.pending_payment')).toMatchObject({
      state: 'pending_payment',
      fraudState: 'passed',
      fraudStateTransitions: { passed: expect.any(String) },
    })
  })
})
