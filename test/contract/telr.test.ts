// Risk removed: a sandbox and an adapter that understand each other, and not Telr.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { telrCheck } from '../../sandbox/signatures.ts'
import { type Stage, startStage } from '../../sandbox/stage.ts'
import { alwaysClosed } from '../../src/platform/breakers.ts'
import type { PaymentAdapter } from '../../src/providers/provider.ts'
import { telr } from '../../src/providers/telr/telr-entry.ts'
import { document, documentsPresent, textDocument } from './documents.ts'

const present = documentsPresent('Contract with Telr')

type Exchange = { path: string; status: number; sent: string; answered: string }

describe.skipIf(!present)('what goes between the adapter and the sandbox fits what is known of Telr', () => {
  let stage: Stage
  let wire: Server
  let adapter: PaymentAdapter
  let complaints: (schema: string, value: unknown) => string[]
  const exchanges: Exchange[] = []

  beforeAll(async () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false })
    ajv.addSchema({ $id: 'doc', ...parse(textDocument('telr/telr-openapi.yml')) })
    complaints = (schema, value) => {
      const validate = ajv.compile({ $ref: `doc#/components/schemas/${schema}` })
      return validate(value)
        ? []
        : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
    }
    stage = await startStage()
    wire = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = request.headers
        const body = Buffer.concat(chunks).toString()
        const { method = 'GET', url = '/' } = request
        const answer = await fetch(`${stage.sandbox.url}${url}`, {
          method,
          headers: headers as Record<string, string>,
          ...(method === 'GET' ? {} : { body }),
        })
        const answered = await answer.text()
        exchanges.push({ path: url.replace('/telr', ''), status: answer.status, sent: body, answered })
        response.writeHead(answer.status).end(answered)
      })
    })
    await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
    const variables = telr.sandbox(`http://127.0.0.1:${(wire.address() as AddressInfo).port}`)
    const made = telr.create(variables, { timeoutMs: 5_000, breaker: alwaysClosed })
    if (!made) throw new Error('Telr is switched off')
    adapter = made
  })
  afterAll(async () => {
    await stage?.close()
    wire?.closeAllConnections()
    await new Promise((resolve) => wire?.close(resolve))
  })

  let count = 0
  const asked = () =>
    adapter.createIntent({
      chargeId: `chg_${++count}`,
      orderId: `ord_${count}`,
      amount: 1_050,
      currency: 'AED',
      splits: [],
      returnUrl: 'https://shop.example/thanks',
      expiresInSeconds: 600,
      lookUpFirst: false,
    })
  const act = (ref: string, action: string) => stage.call('POST', `/sandbox/telr/orders/${ref}/${action}`)
  const call = (key: string, amount: number) => ({
    ...{ key, orderId: 'ord_1', amount, currency: 'AED' },
    lookUpFirst: false,
  })
  const sent = (path: string) => exchanges.filter((exchange) => exchange.path === path)

  test('orders in every state', async () => {
    for (const action of ['none', 'pay', 'hold', 'authorise', 'decline', 'cancel', 'expire']) {
      const { reference } = await asked()
      await act(reference, action)
      await adapter.retrieve(reference, 'AED')
    }
    const orders = sent('/gateway/order.json')
    expect(orders).toHaveLength(14)
    for (const { sent, answered, status } of orders) {
      const request = JSON.parse(sent)
      // Whoever checks comes back to nothing: the document asks for `return` because it has one schema for both methods.
      const { method, return: back = {} } = request
      expect(complaints('HostedOrderRequest', { ...request, return: back })).toEqual([])
      expect(method === 'create').toBe('return' in request)
      expect([status, complaints('HostedOrderResponse', JSON.parse(answered))]).toEqual([200, []])
    }
  })

  test('a refused order', async () => {
    await expect(adapter.retrieve('unknown', 'AED')).rejects.toMatchObject({ outcome: 'refused', code: 'E08' })
    expect(complaints('HostedOrderResponse', JSON.parse(exchanges.at(-1)?.answered ?? ''))).toEqual([])
  })

  test('a capture, a void and a refund have what a remote transaction has, and the reference of the transaction', async () => {
    const [held, released, paid] = [await asked(), await asked(), await asked()]
    await act(held.reference, 'authorise')
    await act(released.reference, 'authorise')
    await act(paid.reference, 'pay')
    await adapter.capture(held.reference, call('op_1', 1_050))
    await adapter.cancel(released.reference, call('op_2', 1_050))
    await adapter.refund?.(paid.reference, call('op_3', 300))
    const wire = sent('/gateway/remote.xml').map(({ sent }) => sent)
    expect(wire.map((text) => /<type>(\w+)<\/type>/.exec(text)?.[1])).toEqual(['capture', 'void', 'refund'])
    for (const text of wire) {
      const names = [...text.matchAll(/<(\w+)>[^<]/g)].map(([, name]) => name)
      expect(names.filter((name) => name !== 'remote' && name !== 'tran')).toEqual([
        ...['store', 'key', 'type', 'class', 'cartid', 'description', 'test', 'currency', 'amount', 'ref'],
      ])
      const tran = Object.fromEntries([...text.matchAll(/<(\w+)>([^<]+)</g)].map(([, name, value]) => [name, value]))
      const { store, type, class: kind, currency, amount, description, test: mode, ref } = tran
      const remote = {
        ...{ store: Number(store), authkey: 'x', method: 'transaction' },
        tran: { type, class: kind, currency, amount, description, test: Number(mode), ref },
      }
      expect(complaints('RemoteRequest', remote)).toEqual([])
      expect(amount).toMatch(/^\d+\.\d\d$/)
    }
  })

  test('the check of an advice, with the order and without', () => {
    type Vector = {
      provider: string
      secret: string
      fields: Record<string, string>
      tran_check: string
      variantWithTranOrder: { tran_order: string; tran_check: string }
    }
    const found = document<Vector[]>('webhook-vectors.json').find(({ provider }) => provider === 'telr')
    if (!found) throw new Error('There is no vector for Telr')
    const { secret, fields, tran_check, variantWithTranOrder } = found
    const { tran_order, tran_check: withOrder } = variantWithTranOrder
    expect(telrCheck(secret, new URLSearchParams(fields))).toBe(tran_check)
    expect(telrCheck(secret, new URLSearchParams({ ...fields, tran_order }))).toBe(withOrder)
  })
})
