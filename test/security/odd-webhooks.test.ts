import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { paypalSignature } from '../../sandbox/paypal/signature.ts'
import { telrCheck } from '../../sandbox/signatures.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'
import { intentObject, sendStripe, stripeEvent } from '../stripe-events.ts'

type Sender = 'stripe' | 'paypal' | 'btcpay' | 'telr' | 'bonum' | 'easypost' | 'printful'

// Removes the risk that a webhook freezes the API before it is verified, breaks it after, or speaks for another order.
describe('odd webhooks', () => {
  const { system, shop } = runningShop(storefront)

  beforeAll(async () => {
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
  })

  const hmac = (key: string | Buffer, body: string) => createHmac('sha256', key).update(body).digest('hex')
  const headersOf: Record<Exclude<Sender, 'stripe'>, (body: string) => Record<string, string>> = {
    paypal: (body) => paypalSignature('5ANDB0XWEBH00K1D7', body, system.sandbox.url),
    btcpay: (body) => ({ 'btcpay-sig': `sha256=${hmac('btcpay_sandbox', body)}` }),
    bonum: (body) => ({ 'x-checksum-v2': hmac('bonum_sandbox', body) }),
    telr: () => ({ 'content-type': 'application/x-www-form-urlencoded' }),
    easypost: (body) => ({ 'x-hmac-signature': `hmac-sha256-hex=${hmac('easypost_system', body)}` }),
    printful: (body) => ({ 'x-pf-webhook-signature': hmac(Buffer.from('7072696e7466756c', 'hex'), body) }),
  }
  const send = async (sender: Sender, body: string, headers?: Record<string, string>) => {
    if (sender === 'stripe' && !headers) return sendStripe(system, body)
    const response = await fetch(`${system.url}/webhooks/${sender}`, {
      method: 'POST',
      headers: headers ?? headersOf[sender as 'bonum'](body),
      body,
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  it.each(['paypal', 'btcpay', 'telr', 'bonum', 'easypost', 'printful', 'stripe'] as const)(
    'a megabyte that is not signed costs %s milliseconds, whatever it is made of',
    async (sender) => {
      const headers = {
        ...paypalSignature('5ANDB0XWEBH00K1D7', 'another body', system.sandbox.url),
        'btcpay-sig': 'sha256=00',
        'x-checksum-v2': '00',
        'x-hmac-signature': '00',
        'x-pf-webhook-signature': '00',
        'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=00`,
      }
      for (const piece of ['"', '\\', '"\\', ' ', '{"a":', '[', '&', 'tran_check=0&', '%41', '%']) {
        const body = piece.repeat(Math.floor(1_000_000 / piece.length))
        const from = performance.now()
        const answer = await send(sender, body, headers)
        expect([piece, answer.status, answer.body.errors[0].code]).toEqual([piece, 400, 'invalid_signature'])
        expect(performance.now() - from).toBeLessThan(1_000)
      }
    },
  )

  const odd: unknown[] = [
    null,
    [],
    [[]],
    {},
    'text',
    5,
    true,
    { id: null, type: null },
    { id: 5, type: 5, description: 5, status: 5, body: 5, data: 5, result: 5, created: 5 },
    { id: 'evt_x', type: 'payment_intent.succeeded' },
    { id: 'evt_x', type: 'payment_intent.succeeded', data: null, created: 1, livemode: false },
    { id: 'evt_x', type: 'payment_intent.succeeded', data: { object: [] }, created: 'x', livemode: 'x' },
    { id: 'x'.repeat(10_000), type: 'x'.repeat(10_000), created: 1, livemode: false, data: { object: {} } },
    { type: 'PAYMENT', status: 'SUCCESS', body: { transactionId: ['x'], invoiceId: {}, amount: 'x' } },
    { type: 'PAYMENT', status: 'SUCCESS', body: null },
    { id: 'WH-x', event_type: 'PAYMENT.CAPTURE.COMPLETED', resource: { amount: 5, custom_id: [] } },
    { id: 'WH-x', event_type: 'PAYMENT.CAPTURE.REFUNDED', resource: { links: [{ rel: 'up', href: 5 }] } },
    { id: 'WH-y', event_type: 'CUSTOMER.DISPUTE.CREATED', resource: { disputed_transactions: 'x' } },
    { id: 'WH-z', event_type: '__proto__', resource: {} },
    { id: 'WH-z', event_type: 'CHECKOUT.ORDER.APPROVED', resource: [] },
    { originalDeliveryId: 'd1', type: 'InvoiceSettled', timestamp: 1, invoiceId: 5, metadata: [] },
    { originalDeliveryId: 'd2', type: 'InvoiceSettled', timestamp: 1e300, invoiceId: 'i' },
    { originalDeliveryId: 'd3', type: 'InvoiceSettled', timestamp: 1, invoiceId: 'i', metadata: { orderId: { a: 1 } } },
    { originalDeliveryId: 'd4', type: '__proto__', timestamp: 1, metadata: null, pullPaymentId: 'p' },
    { originalDeliveryId: 'd5', type: 'PayoutUpdated', timestamp: 1, pullPaymentId: 'x'.repeat(10_000) },
    { id: 'evt_x', description: 'tracker.updated', result: { status: 5, shipment_id: [] } },
    { id: 'evt_x', description: 'tracker.updated', result: [] },
    { type: 'package_shipped', data: { order: 'x', shipment: [] } },
    { type: 'package_shipped', created: 1e300, data: { order: { id: {} } } },
  ]

  it.each(['stripe', 'paypal', 'btcpay', 'bonum', 'easypost', 'printful'] as const)(
    'signed by %s and of no form at all: a clear answer, never a 500',
    async (sender) => {
      const bodies = [
        ...odd.map((event) => JSON.stringify(event)),
        'x',
        '{',
        `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      ]
      for (const body of bodies) {
        const answer = await send(sender, body)
        expect([200, 400], `${sender} ${body.slice(0, 200)}`).toContain(answer.status)
        if (answer.status === 400)
          expect(['invalid_event', 'invalid_json'], `<${body.slice(0, 200)}> ${JSON.stringify(answer.body)}`).toContain(
            answer.body.errors[0].code,
          )
      }
    },
  )

  it('a form signed by telr and of no sense at all: a clear answer, never a 500', async () => {
    const sensible = { tran_store: '1234', tran_type: 'sale', tran_ref: '01', tran_cartid: 'chg_1', tran_status: 'A' }
    const odd = ['', ' ', '\0', '\ud800', '{}', '__proto__', 'x'.repeat(10_000), 'ä', "' or 1=1", '%00']
    for (const name of [...Object.keys(sensible), 'tran_order', 'tran_desc', 'tran_amount', 'tran_currency'])
      for (const value of odd) {
        const form = new URLSearchParams({ ...sensible, [name]: value })
        form.set('tran_check', telrCheck('telr_sandbox', form))
        const answer = await send('telr', form.toString())
        expect([200, 400], `${name} ${value.slice(0, 20)}`).toContain(answer.status)
        if (answer.status === 400) expect(answer.body.errors[0].code).toBe('invalid_event')
      }
  })

  it('a signed event whose object cannot be read is kept for a person, not swallowed and not applied', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const intent = await shop.intent(order.id)
    const object = await intentObject(shop, intent.clientSecret)
    for (const broken of [
      { status: 5 },
      { status: 'succeeded', amount_received: '2000' },
      { status: 'requires_payment_method', last_payment_error: 'x' },
    ]) {
      const body = stripeEvent('payment_intent.succeeded', { ...object, ...broken })
      expect((await sendStripe(system, body)).status).toBe(200)
      await eventually(async () => {
        const [row] = await system.database.sql<{ outcome: string | null }>(
          'select outcome from inbox_events where event_id = $1',
          [JSON.parse(body).id],
        )
        return row?.outcome === 'orphaned' ? true : undefined
      }, 'the event to wait for a person')
    }
    expect((await shop.read(order.id)).state).toBe('pending')
  })

  it('what Postgres cannot keep is replaced in a webhook, because its sender will not send it otherwise', async () => {
    const body = stripeEvent('payment_intent.created', {
      id: 'pi_odd',
      object: 'payment_intent',
      description: 'a\0b\ud800c',
      metadata: { 'k\0': '\udfff' },
    })
    expect(body).toMatch(/\\u0000.*\\ud800/)
    expect((await sendStripe(system, body)).status).toBe(200)
    expect((await sendStripe(system, body)).body).toEqual({ received: true, duplicate: true })
  })

  it('an event posted for one order never confirms another', async () => {
    const [mine, other] = [await shop.order([{ skuId: 'sku-digital' }]), await shop.order([{ skuId: 'sku-digital' }])]
    await shop.intent(mine.id)
    const intent = await shop.intent(other.id)
    await shop.confirm(intent.clientSecret)
    const body = stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret))
    for (const id of [mine.id, 'ord_unknown']) {
      const answer = await sendStripe(system, body, { path: `/v2/orders/${id}/confirm-payment` })
      expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'event_of_another_order'])
    }
    expect(await system.database.sql('select 1 from inbox_events where event_id = $1', [JSON.parse(body).id])).toEqual(
      [],
    )
    expect((await shop.read(other.id)).state).toBe('pending')
    const right = await sendStripe(system, body, { path: `/v2/orders/${other.id}/confirm-payment` })
    expect([right.status, right.body.duplicate]).toEqual([200, false])
    await shop.confirmed(other.id)
    expect((await shop.read(mine.id)).state).toBe('pending')
  })
})
