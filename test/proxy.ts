import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy in front of a database or cache: takes it away and gives it back, as an outage would. */
export async function startProxy(targetUrl: string) {
  const target = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let open = true
  let cutAfter: RegExp | undefined
  const server = createServer((client) => {
    if (!open) return void client.destroy()
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      const cut = cutAfter?.test(chunk.toString('latin1'))
      upstream.write(chunk)
      if (!cut) return
      cutAfter = undefined
      // The server's answer proves that it has carried the statement out; the client never sees it.
      upstream.unpipe(client)
      upstream.once('data', () => client.destroy())
      upstream.resume()
    })
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(targetUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    /** Breaks every connection and refuses new ones. */
    down() {
      open = false
      for (const socket of sockets) socket.destroy()
    },
    up() {
      open = true
    },
    /** Loses the answer to the next request that matches, once. */
    loseAnswerTo(pattern: RegExp) {
      cutAfter = pattern
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
