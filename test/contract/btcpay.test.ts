// Risk removed: calls and answers of a BTCPay Server that only our own sandbox understands.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { btcpaySignature } from '../../sandbox/signatures.ts'
import { type Stage, startStage } from '../../sandbox/stage.ts'
import { alwaysClosed } from '../../src/platform/breakers.ts'
import { createBtcpayProvider } from '../../src/providers/btcpay/btcpay.ts'
import { document, documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with BTCPay Server')
const specs = path.resolve(import.meta.dirname, '../../../shared/specs')

type Part = { paths?: object; components?: { schemas?: object } }
type Exchange = { method: string; url: string; request: unknown; status: number; response: unknown }

type Node = { [name: string]: unknown; allOf?: Node[]; $ref?: string; properties?: object }

/** A schema whose parts each forbid what the others add, as the one that is meant: with the properties of all, and no more. */
function joined(node: unknown, schemas: Record<string, Node>): unknown {
  if (Array.isArray(node)) return node.map((each) => joined(each, schemas))
  if (typeof node !== 'object' || node === null) return node
  const { allOf } = node as Node
  const properties = allOf && allOf.length > 1 ? propertiesOf(node as Node, schemas) : undefined
  if (properties) return { type: 'object', additionalProperties: false, properties: joined(properties, schemas) }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, joined(value, schemas)]))
}

function propertiesOf(node: Node, schemas: Record<string, Node>): object | undefined {
  if (node.$ref) return propertiesOf(schemas[node.$ref.split('/').at(-1) ?? ''] ?? {}, schemas)
  if (!node.allOf) return node.properties
  return Object.assign({}, ...node.allOf.map((part) => propertiesOf(part, schemas)))
}

describe.skipIf(!present)('the Greenfield API', () => {
  let stage: Stage
  let recorder: Server
  let contract: Awaited<ReturnType<typeof loadOracle>>['openapi'] extends (file: string) => infer Contract
    ? Contract
    : never
  let folder: string
  const exchanges: Exchange[] = []

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-btcpay-'))
    const parts = readdirSync(path.join(specs, 'btcpay')).map((file) => document<Part>(`btcpay/${file}`))
    const schemas: Record<string, Node> = Object.assign({}, ...parts.map(({ components }) => components?.schemas))
    const paths = Object.assign({}, ...parts.map((part) => part.paths))
    const merged = joined({ paths, components: { schemas } }, schemas)
    const file = path.join(folder, 'btcpay.json')
    writeFileSync(file, JSON.stringify(merged))
    contract = (await loadOracle()).openapi(path.relative(specs, file))
    stage = await startStage()
    recorder = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const sent = Buffer.concat(chunks).toString()
      const answer = await fetch(`${stage.sandbox.url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
        ...(sent === '' ? {} : { body: sent }),
      })
      const text = await answer.text()
      exchanges.push({
        method: request.method ?? '',
        url: (request.url ?? '').replace('/btcpay', '').split('?')[0] ?? '',
        request: sent === '' ? undefined : JSON.parse(sent),
        status: answer.status,
        response: JSON.parse(text),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    })
    await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    await stage?.close()
    recorder?.closeAllConnections()
    recorder?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** Since 2.4 the document shows what belongs to an invoice without its store; every version answers with it. */
  const documented = (url: string) => url.replace(/\/stores\/[^/]+\/invoices\/(.)/, '/invoices/$1')

  test('is called and answers as its document says, from the invoice to the claim that was paid out', async () => {
    const { port } = recorder.address() as AddressInfo
    const btcpay = createBtcpayProvider({
      url: `http://127.0.0.1:${port}/btcpay`,
      apiKey: 'key',
      storeId: 'store',
      webhookSecrets: ['secret'],
      speedPolicy: 'MediumSpeed',
      paymentTolerance: 0.5,
      payoutMethods: ['BTC-CHAIN'],
      timeoutMs: 5_000,
      breaker: alwaysClosed,
    })
    const request = {
      chargeId: 'chg_1',
      orderId: 'ord_1',
      amount: 2_000,
      currency: 'EUR',
      splits: [],
      returnUrl: 'https://shop.example/thanks',
      expiresInSeconds: 3_599,
      lookUpFirst: false,
    }
    const first = await btcpay.createIntent(request)
    expect(await btcpay.createIntent(request)).toEqual(first)
    const happen = (action: string) => stage.call('POST', `/sandbox/btcpay/invoices/${first.reference}/${action}`, {})
    expect(await btcpay.retrieve(first.reference, 'EUR')).toMatchObject({ state: 'pending' })
    await happen('pay')
    const call = { key: 'op_1', orderId: 'ord_1', amount: 500, currency: 'EUR', lookUpFirst: false }
    expect(await btcpay.cancel(first.reference, call)).toMatchObject({ underWay: true })
    await happen('confirm')
    expect(await btcpay.retrieve(first.reference, 'EUR')).toMatchObject({ state: 'complete', capturedAmount: 2_000 })
    const refund = await btcpay.refund?.(first.reference, call)
    expect(await btcpay.refund?.(first.reference, { ...call, lookUpFirst: true })).toEqual(refund)
    await stage.call('POST', `/sandbox/btcpay/pull-payments/${refund?.reference}/claim`, {})
    expect(await btcpay.retrieveRefund?.(refund?.reference ?? '')).toMatchObject({ state: 'pending' })
    const other = await btcpay.createIntent({ ...request, chargeId: 'chg_2' })
    expect(await btcpay.cancel(other.reference, call)).toMatchObject({ state: 'cancelled' })
    await expect(btcpay.createIntent({ ...request, currency: 'KWD', chargeId: 'chg_3' })).rejects.toThrow(
      'not_supported',
    )

    expect(exchanges.length).toBeGreaterThan(15)
    for (const { method, url, request: sent, status, response } of exchanges) {
      const path = documented(url)
      if (sent !== undefined) expect([path, contract.request(method, path, sent)]).toEqual([path, []])
      expect([path, contract.response(method, path, status, response)]).toEqual([path, []])
    }
  })

  test('sends events of the form that is documented', async () => {
    await stage.quiet()
    const forms: Record<string, string> = {
      InvoiceReceivedPayment: 'WebhookInvoiceReceivedPaymentEvent',
      InvoicePaymentSettled: 'WebhookInvoicePaymentSettledEvent',
      InvoiceProcessing: 'WebhookInvoiceProcessingEvent',
      InvoiceSettled: 'WebhookInvoiceSettledEvent',
      InvoiceInvalid: 'WebhookInvoiceInvalidEvent',
    }
    expect(stage.received.length).toBeGreaterThan(6)
    for (const { event } of stage.received) {
      // Of a payout's event the document says no more than what all events have.
      const { storeId: _store, payoutId: _payout, pullPaymentId: _pull, payoutState: _state, ...common } = event
      const form = event.type.startsWith('Payout') ? 'WebhookEvent' : (forms[event.type] ?? 'WebhookInvoiceEvent')
      const told = form === 'WebhookEvent' ? common : event
      expect([event.type, contract.schema(form)(told)]).toEqual([event.type, []])
    }
  })

  test('signs them as the vector says', () => {
    type Vector = { provider: string; secret: string; headers: Record<string, string>; body: string }
    const vector = document<Vector[]>('webhook-vectors.json').find(({ provider }) => provider === 'btcpay')
    expect(btcpaySignature(vector?.secret ?? '', vector?.body ?? '')).toEqual(vector?.headers)
  })
})
