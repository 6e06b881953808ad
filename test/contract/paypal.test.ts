// Risk removed: a sandbox and an adapter that understand each other, and not PayPal.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, startStage } from '../../sandbox/stage.ts'
import { alwaysClosed } from '../../src/platform/breakers.ts'
import { paypal } from '../../src/providers/paypal/paypal-entry.ts'
import type { PaymentAdapter } from '../../src/providers/provider.ts'
import { documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with PayPal')

type Oracle = Awaited<ReturnType<typeof loadOracle>>
type Exchange = { method: string; path: string; status: number; sent: unknown; answered: unknown }

/** The document that an address is in, by how it begins. */
const documents: [string, string][] = [
  ['/v2/checkout/', 'paypal/checkout_orders_v2.json'],
  ['/v2/payments/', 'paypal/payments_payment_v2.json'],
  ['/v1/customer/disputes', 'paypal/customer_disputes_v1.json'],
  ['/v1/reporting/', 'paypal/reporting_transactions_v1.json'],
  ['/v1/notifications/verify', 'paypal/notifications_webhooks_v1.json'],
]

/** The schema of what an event tells of, by the beginning of its type. */
const resources: [RegExp, string, string][] = [
  [/^CHECKOUT\.ORDER/, 'paypal/checkout_orders_v2.json', 'order'],
  [/^PAYMENT\.CAPTURE\.RE|^PAYMENT\.REFUND/, 'paypal/payments_payment_v2.json', 'refund'],
  [/^PAYMENT\.CAPTURE/, 'paypal/payments_payment_v2.json', 'capture-2'],
  [/^PAYMENT\.AUTHORIZATION/, 'paypal/payments_payment_v2.json', 'authorization-2'],
  [/^CUSTOMER\.DISPUTE/, 'paypal/customer_disputes_v1.json', 'dispute'],
]

describe.skipIf(!present)('what goes between the adapter and the sandbox fits the documents of PayPal', () => {
  let stage: Stage
  let wire: Server
  let adapter: PaymentAdapter
  const exchanges: Exchange[] = []
  const read = new Map<string, ReturnType<Oracle['openapi']>>()

  beforeAll(async () => {
    const oracle = await loadOracle()
    for (const file of new Set(documents.map(([, file]) => file))) read.set(file, oracle.openapi(file))
    stage = await startStage()
    wire = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = request.headers
        const body = Buffer.concat(chunks)
        const { method = 'GET', url = '/' } = request
        const answer = await fetch(`${stage.sandbox.url}${url}`, {
          method,
          headers: headers as Record<string, string>,
          ...(method === 'GET' ? {} : { body }),
        })
        const text = await answer.text()
        const path = url.replace('/paypal', '').split('?')[0] ?? ''
        const isJson = headers['content-type'] === 'application/json'
        const sent = isJson ? JSON.parse(body.toString()) : undefined
        exchanges.push({ method, path, status: answer.status, sent, answered: text ? JSON.parse(text) : undefined })
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
      })
    })
    await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(wire.address() as AddressInfo).port}`
    const variables = { ...paypal.sandbox(url), PAYPAL_WEBHOOK_ID: paypal.sandboxSecret }
    const made = paypal.create(variables, { timeoutMs: 5_000, breaker: alwaysClosed })
    if (!made) throw new Error('PayPal is switched off')
    adapter = made
  })
  afterAll(async () => {
    await stage?.close()
    wire?.closeAllConnections()
    await new Promise((resolve) => wire?.close(resolve))
  })

  const control = async (path: string, body: object = {}) =>
    (await stage.call('POST', `/sandbox/paypal/${path}`, body)).json
  let count = 0
  const create = async (more: object = {}) => {
    count += 1
    const chargeId = `chg_contract${count}`
    const { reference } = await adapter.createIntent({
      chargeId,
      orderId: 'ord_contract',
      amount: 2_345,
      currency: 'EUR',
      splits: [],
      returnUrl: 'https://shop.example/thanks',
      expiresInSeconds: 600,
      lookUpFirst: false,
      ...more,
    })
    return { reference, call: { key: `${chargeId}-take`, orderId: 'ord_contract', amount: 2_345, currency: 'EUR' } }
  }
  const paid = async () => {
    const { reference, call } = await create()
    await control(`orders/${reference}/approve`)
    await adapter.take?.(reference, call)
    return { reference, call: { ...call, lookUpFirst: false } }
  }
  const orderOf = async (reference: string) => (await control(`orders/${reference}/approve`)).purchase_units[0]

  /** Everything that has gone over the wire, against its document. */
  const complaints = () =>
    exchanges.splice(0).flatMap(({ method, path, status, sent, answered }) => {
      const file = documents.find(([start]) => path.startsWith(start))?.[1]
      const document = file === undefined ? undefined : read.get(file)
      if (!document) return []
      const request = sent === undefined ? [] : document.request(method, path, sent)
      const response = document.response(method, path, status, answered)
      return [...request, ...response].map((line) => `${method} ${path} ${status}: ${line}`)
    })

  test('orders that are made, approved, taken, refused, looked at and given up', async () => {
    const { reference } = await paid()
    expect((await adapter.retrieve(reference, 'EUR'))?.state).toBe('complete')
    const refused = await create()
    await control(`orders/${refused.reference}/approve`, { funding: 'declined' })
    expect(await adapter.take?.(refused.reference, refused.call)).toMatchObject({ failureCode: 'instrument_declined' })
    const reviewed = await create()
    await control(`orders/${reviewed.reference}/approve`, { funding: 'reviewed' })
    expect(await adapter.take?.(reviewed.reference, reviewed.call)).toMatchObject({ state: 'pending' })
    await adapter.cancel(reviewed.reference, { ...reviewed.call, lookUpFirst: false })
    await expect(create({ amount: 0 })).rejects.toThrow('CANNOT_BE_ZERO_OR_NEGATIVE')
    expect((await adapter.retrieve('5O190127TN364715T', 'EUR'))?.failureCode).toBe('order_expired')
    expect(complaints()).toEqual([])
  })

  test('refunds, and those that are too many', async () => {
    const { reference, call } = await paid()
    const refund = await adapter.refund?.(reference, { ...call, key: 'op_1', amount: 300 })
    await adapter.retrieveRefund?.(refund?.reference ?? '')
    await adapter.listRefunds?.(reference)
    await expect(adapter.refund?.(reference, { ...call, key: 'op_2', amount: 2_100 })).rejects.toThrow(
      'more_than_captured',
    )
    expect(complaints()).toEqual([])
  })

  test('holds, taken in parts, renewed and let go', async () => {
    const hold = async (): Promise<string> => {
      const token = (await stage.call('POST', '/paypal/v1/oauth2/token', {}, { authorization: 'Basic eDp5' })).json
      const headers = { authorization: `Bearer ${token.access_token}`, 'paypal-request-id': crypto.randomUUID() }
      const body = { intent: 'AUTHORIZE', purchase_units: [{ amount: { currency_code: 'EUR', value: '23.45' } }] }
      const { id } = (await stage.call('POST', '/paypal/v2/checkout/orders', body, headers)).json
      await control(`orders/${id}/approve`)
      await adapter.take?.(id, { key: `${id}-take`, amount: 2_345, currency: 'EUR' })
      return id
    }
    const call = { orderId: 'ord_contract', currency: 'EUR', lookUpFirst: false }
    const first = await hold()
    const [authorization] = (await orderOf(first)).payments.authorizations
    await control(`authorizations/${authorization.id}/age`, { days: 5 })
    await adapter.capture(first, { ...call, key: 'op_a', amount: 1_000, final: false })
    await adapter.cancel(first, { ...call, key: 'op_b', amount: 1_345 })
    await adapter.cancel(await hold(), { ...call, key: 'op_c', amount: 2_345 })
    expect(complaints()).toEqual([])
  })

  test('disputes, and evidence about them', async () => {
    const { reference } = await paid()
    const { dispute_id: id } = await control(`orders/${reference}/dispute`, { stage: 'INQUIRY' })
    await adapter.retrieve(reference, 'EUR')
    await control(`disputes/${id}/escalate`)
    await adapter.submitEvidence?.(id, { texts: { trackingNumber: '1Z', shippingCarrier: 'UPS' }, files: [] })
    await control(`disputes/${id}/close`, { outcome: 'RESOLVED_BUYER_FAVOUR' })
    expect(await adapter.retrieve(reference, 'EUR')).toMatchObject({ disputes: [{ reference: id, state: 'lost' }] })
    expect(complaints()).toEqual([])
  })

  test('the books', async () => {
    await control('transactions', { code: 'T0400', amount: -500, currency: 'EUR' })
    const lines = await adapter.readBook?.(new Date(Date.now() - 3_600_000), new Date())
    const kinds = new Set(lines?.map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(['charge', 'dispute', 'fee', 'payout', 'refund'])
    expect(complaints()).toEqual([])
  })

  test('every event that the tests above caused', async () => {
    await stage.quiet()
    const types = new Set<string>()
    for (const { event } of stage.received) {
      const type = String(event.event_type)
      types.add(type)
      expect(read.get('paypal/notifications_webhooks_v1.json')?.schema('event')(event), type).toEqual([])
      const [, file = '', schema = ''] = resources.find(([pattern]) => pattern.test(type)) ?? []
      expect(read.get(file)?.schema(schema)(event.resource), type).toEqual([])
    }
    for (const type of paypal.eventTypes.filter((type) => !/APPROVAL|DECLINED|DENIED|REFUND\./.test(type)))
      expect([...types]).toContain(type)
  })
})
