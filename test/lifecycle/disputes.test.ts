import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { lockOrder } from '../../src/orders/order-row.ts'
import { insertRefund } from '../../src/refunds/insert-refund.ts'
import { inTransaction } from '../../src/tasks/transaction.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'

// Removes the risk that a late or a second word about a dispute opens what another one closed.
describe('R289 disputes', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { RETRY_DELAY_FACTOR: '0.05', PROVIDER_PAUSE_MS: '50' } })

  const delivered = async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  /** What Stripe tells about one dispute of an order, as often and in whichever order the test says. */
  const bank = (order: { id: string; charges: { providerReference: string }[] }, amount = 2_000) => {
    const id = `dp_${randomBytes(8).toString('hex')}`
    return {
      id,
      async says(event: 'created' | 'updated' | 'closed', status: string): Promise<string | null> {
        const body = stripeEvent(`charge.dispute.${event}`, {
          id,
          object: 'dispute',
          amount,
          currency: 'usd',
          status,
          reason: 'fraudulent',
          payment_intent: order.charges[0]?.providerReference,
          metadata: {},
        })
        expect((await sendStripe(system, body)).status).toBe(200)
        return eventually(async () => {
          const [row] = await system.database.sql<{ outcome: string | null }>(
            'select outcome from inbox_events where event_id = $1 and outcome is not null',
            [JSON.parse(body).id],
          )
          return row?.outcome ?? undefined
        }, `${event} ${status} to be applied`)
      },
    }
  }
  const rows = (orderId: string) =>
    system.database.sql<{ state: string; amount: number; reference: string }>(
      'select state, amount, provider_reference as reference from disputes where order_id = $1 order by created_at',
      [orderId],
    )
  const download = async (orderId: string) => (await shop.read(orderId)).items[0].delivery?.content
  const refund = async (orderId: string, amount?: number) => {
    const answer = await shop.call('POST', '/v2/refunds', { orderId, ...(amount === undefined ? {} : { amount }) })
    return [answer.status, answer.body.errors?.[0]?.code]
  }

  it('a late update never reopens a dispute that was won', async () => {
    const order = await delivered()
    const dispute = bank(order)
    const resource = () => shop.call('GET', `/v2/digital/orders/${order.id}/resource`, undefined, { key: null })
    expect((await resource()).status).toBe(200)
    expect(await dispute.says('created', 'needs_response')).toBe('applied')
    expect([await download(order.id), (await resource()).status]).toEqual([undefined, 410])
    expect(await dispute.says('closed', 'won')).toBe('applied')
    expect(await dispute.says('updated', 'under_review')).toBe('dropped')
    expect(await dispute.says('created', 'needs_response')).toBe('dropped')
    expect(await dispute.says('closed', 'won')).toBe('no_change')
    const seen = await shop.read(order.id)
    expect([seen.disputeState, seen.attention]).toEqual(['won', undefined])
    expect(await download(order.id)).toBe('Chapter one')
    expect(await rows(order.id)).toEqual([{ state: 'won', amount: 2_000, reference: dispute.id }])
    expect(await refund(order.id, 1)).toEqual([201, undefined])
  })

  it('the first of two disputes that is won opens neither refunds nor downloads', async () => {
    const order = await delivered()
    const [first, second] = [bank(order, 1_200), bank(order, 800)]
    await first.says('created', 'needs_response')
    await second.says('created', 'needs_response')
    await second.says('updated', 'under_review')
    await first.says('closed', 'won')
    expect((await shop.read(order.id)).disputeState).toBe('under_review')
    expect(await refund(order.id, 1)).toEqual([400, 'order_disputed'])
    expect(await download(order.id)).toBeUndefined()
    expect((await shop.read(order.id)).attention?.reason).toBe('payment disputed')
    await second.says('closed', 'won')
    expect((await shop.read(order.id)).disputeState).toBe('won')
    expect(await download(order.id)).toBe('Chapter one')
    expect(await refund(order.id, 1)).toEqual([201, undefined])
  })

  it('one that comes before the shares are out holds them back, and they go out by themselves when it is won', async () => {
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      kind: 'status',
      status: 503,
      times: 100,
    })
    const { id } = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(id)
    const order = await shop.until(id, ({ state }) => state === 'accepted', 'the payment')
    const dispute = bank(order)
    await dispute.says('created', 'needs_response')
    await eventually(async () => {
      // However often it was refused until then, its next try is now.
      await system.database.sql(`update tasks set run_at = now() where order_id = $1 and state = 'pending'`, [id])
      const [held] = await system.database.sql(
        `select 1 from tasks where order_id = $1 and state = 'failed' and last_error = 'payment_disputed'`,
        [id],
      )
      return held
    }, 'the distribution to be held')
    // Not before: a try that had begun when the dispute came would still be answered well.
    await shop.sandbox('DELETE', '/sandbox/faults')
    expect((await shop.stripe(id)).transfers).toEqual([])
    await dispute.says('closed', 'won')
    const after = await shop.confirmed(id)
    expect([after.attention, (await shop.stripe(id)).transfers]).toEqual([undefined, [expect.any(Number)]])
  })

  it('a lost dispute keeps the download, and its money is not given back again', async () => {
    const order = await delivered()
    const [first, second] = [bank(order, 1_500), bank(order, 300)]
    await first.says('created', 'needs_response')
    await first.says('closed', 'lost')
    expect([(await shop.read(order.id)).disputeState, await download(order.id)]).toEqual(['lost', undefined])
    // Another one that is won changes nothing about it.
    await second.says('created', 'needs_response')
    await second.says('closed', 'won')
    expect([(await shop.read(order.id)).disputeState, await download(order.id)]).toEqual(['lost', undefined])
    expect((await refund(order.id, 5.01))[0]).toBe(400)
    expect(await refund(order.id, 5)).toEqual([201, undefined])
    await shop.settled(order.id)
    expect((await shop.stripe(order.id)).refunds).toEqual([500])
  })

  it('nobody promises more than the charges hold, whoever has worked out the amount', async () => {
    const order = await delivered()
    const dispute = bank(order, 1_500)
    await dispute.says('created', 'needs_response')
    await dispute.says('closed', 'lost')
    const promise = (amount: number) =>
      inTransaction(system.parts, async (tx) => {
        const row = await lockOrder(tx, order.id)
        return row && insertRefund(tx, row, { items: [{ itemId: order.items[0].id, amount }] })
      })
    await expect(promise(501)).rejects.toMatchObject({ code: 'invalid_parameter', parameter: 'amountRequested' })
    expect(await promise(200)).toMatch(/^re_/)
    await expect(promise(301)).rejects.toMatchObject({ code: 'invalid_parameter' })
    await shop.settled(order.id)
    expect((await shop.stripe(order.id)).refunds).toEqual([200])
  })

  it('winning after a full refund gives no download back', async () => {
    const order = await delivered()
    expect(await refund(order.id)).toEqual([201, undefined])
    await shop.until(order.id, (seen) => seen.state === 'returned', 'state returned')
    const dispute = bank(order)
    await dispute.says('created', 'needs_response')
    await dispute.says('closed', 'won')
    expect(await download(order.id)).toBeUndefined()
    const resource = await shop.call('GET', `/v2/digital/orders/${order.id}/resource`, undefined, { key: null })
    expect(resource.status).toBe(410)
  })

  it('an inquiry takes nothing away, may become a dispute after it was closed, and is told once each', async () => {
    const order = await delivered()
    const dispute = bank(order)
    await dispute.says('created', 'warning_needs_response')
    expect(await download(order.id)).toBe('Chapter one')
    await dispute.says('closed', 'warning_closed')
    await dispute.says('updated', 'needs_response')
    expect(await download(order.id)).toBeUndefined()
    await dispute.says('closed', 'warning_closed')
    await dispute.says('closed', 'won')
    expect(await download(order.id)).toBe('Chapter one')
    const types = async () => (await shop.events(order.id)).filter((type) => type.startsWith('order.dispute'))
    await eventually(async () => ((await types()).length >= 4 ? true : undefined), 'four events')
    expect(await types()).toEqual([
      'order.dispute',
      'order.dispute.resolved',
      'order.dispute',
      'order.dispute.resolved',
    ])
  })

  it('a state that nobody knows yet waits for a person', async () => {
    const order = await delivered()
    expect(await bank(order).says('updated', 'in_arbitration')).toBe('unknown_state')
    expect((await shop.read(order.id)).attention?.reason).toContain('in_arbitration')
  })

  it('two words about one dispute at the same moment make one row', async () => {
    const order = await delivered()
    const dispute = bank(order)
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => dispute.says('created', 'needs_response')))
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1)
    expect(await rows(order.id)).toHaveLength(1)
  })
})
