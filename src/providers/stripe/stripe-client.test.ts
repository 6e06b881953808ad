import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStripeClient } from './stripe-client.ts'

// Removes the risk that an answer which is none of Stripe's is taken for a success: its library does so with a 4xx without an `error`.
const answers: { status: number; body: string }[] = []
const server = createServer((_request, response) => {
  const { status, body } = answers.shift() ?? { status: 500, body: '{}' }
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

it.each([
  [400, '{"message":"a proxy says no"}'],
  [200, '{"object":"list","data":[]}'],
  [200, '{}'],
])('%i %s is no transfer: nobody knows what happened', async (status, body) => {
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = { secretKey: 'sk_test_x', webhookSecrets: [], apiBase, liveMode: false }
  const { call } = createStripeClient(settings as unknown as Parameters<typeof createStripeClient>[0], 2_000)
  answers.push({ status, body })
  const transfer = call('transfer', (client) =>
    client.transfers.create({ amount: 100, currency: 'usd', destination: 'acct_x' }),
  )
  await expect(transfer).rejects.toMatchObject({ outcome: 'unknown', code: 'unexpected_answer' })
})
