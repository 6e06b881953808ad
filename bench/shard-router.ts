import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type HttpAnswer, type HttpClient, httpClient } from './http-client.ts'

/** A part of all merchants with a database of its own, and the keys by which its merchants are known. */
export type RoutedShard = { api: string; keys: readonly string[] }

/** How requests were told apart: by the caller's key, by the order that a webhook names, or not at all, so that every shard was asked. */
export type Routed = { byKey: number; byOrder: number; toAll: number; refused: number }

export type Router = { routed: Routed; close(): Promise<void> }

/** Headers that are of one connection, and the length, which is written anew. */
const ownHeaders = ['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']

/**
 * What stands before the APIs of several shards: it knows which key belongs to which of them, and learns of each order where it was made.
 * For the bench only: it holds what it has learnt in memory, and takes answers for JSON.
 */
export async function startRouter(port: number, shards: readonly RoutedShard[]): Promise<Router> {
  const clients = shards.map(({ api }) => httpClient(api))
  const byKey = new Map(shards.flatMap(({ keys }, index) => keys.map((key) => [key, clients[index] as HttpClient])))
  const byOrder = new Map<string, HttpClient>()
  const routed: Routed = { byKey: 0, byOrder: 0, toAll: 0, refused: 0 }

  const choose = (incoming: IncomingMessage, body: string): readonly HttpClient[] => {
    const ofCaller = byKey.get((incoming.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (ofCaller) {
      routed.byKey += 1
      return [ofCaller]
    }
    if (!incoming.url?.startsWith('/webhooks/')) {
      routed.refused += 1
      return []
    }
    const ofOrder = byOrder.get(namedOrder(body) ?? '')
    routed[ofOrder ? 'byOrder' : 'toAll'] += 1
    return ofOrder ? [ofOrder] : clients
  }

  const route = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await read(incoming)
    const chosen = choose(incoming, body)
    const answers = await Promise.all(chosen.map((client) => forward(client, incoming, body)))
    const [only] = chosen
    if (only && incoming.method === 'POST' && incoming.url === '/v2/orders') learn(answers[0], only)
    // A webhook that one shard did not take is sent again; the others know it then.
    const answer = answers.find(({ status }) => status >= 300) ?? answers[0] ?? { status: 401, text: '{}' }
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text)
  }
  const learn = (answer: HttpAnswer | undefined, client: HttpClient) => {
    if (answer && answer.status < 300) byOrder.set((JSON.parse(answer.text) as { id: string }).id, client)
  }

  const server = createServer((incoming, outgoing) => {
    route(incoming, outgoing).catch(() => outgoing.writeHead(502).end('{}'))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    routed,
    close: async () => {
      for (const client of clients) client.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The order that Stripe hands back in the metadata which we gave it. */
function namedOrder(body: string): string | undefined {
  const event = JSON.parse(body) as { data?: { object?: { metadata?: { orderId?: string } } } }
  return event.data?.object?.metadata?.orderId
}

function forward(client: HttpClient, { method = 'GET', url = '/', headers }: IncomingMessage, body: string) {
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && !ownHeaders.includes(name) ? [[name, value] as const] : [],
  )
  return client.call(method, url, { headers: Object.fromEntries(passed), ...(body === '' ? {} : { body }) })
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
