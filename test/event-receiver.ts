import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Answer } from './storefront.ts'

export type Received = { headers: Record<string, string>; body: string; event: Answer['body'] }
type Reply = (response: ServerResponse, received: Received) => void

/** A merchant's server that is told about events: keeps what it gets, answers as it is told, and can be down. */
export async function startReceiver() {
  const received: Received[] = []
  let reply: Reply = (response) => response.writeHead(204).end()
  let server: Server | undefined
  let port = 0
  const start = async () => {
    const listening = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      const one = { headers: request.headers as Record<string, string>, body, event: JSON.parse(body) }
      received.push(one)
      reply(response, one)
    })
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve))
    port = (listening.address() as AddressInfo).port
    server = listening
  }
  const stop = async () => {
    const closing = server
    server = undefined
    if (!closing) return
    await new Promise((resolve) => {
      closing.close(resolve)
      closing.closeAllConnections()
    })
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    start,
    stop,
    answer(next: Reply) {
      reply = next
    },
    of: (orderId: string) => received.filter(({ event }) => event.data.object.id === orderId),
  }
}

/** What the reference implementation of Standard Webhooks makes of a request; throws when the signature is wrong. */
export const verify = (secret: string, { body, headers }: Received) => new Webhook(secret).verify(body, headers)
