import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../system.ts'

// Removes the risk that somebody who sends a byte now and then holds every connection.
describe('a request that does not come to its end', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem({ workers: false, env: { REQUEST_TIMEOUT_MS: '800' } })
  })
  afterAll(() => system?.close())

  /** Milliseconds until the server hangs up on somebody who sends these lines and then a byte every 50 ms. */
  const heldFor = (head: string, deadlineMs: number) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(system.url)
      const startedAt = performance.now()
      const socket = connect(Number(port), hostname, () => socket.write(head))
      const drip = setInterval(() => socket.write('x'), 50)
      const give = setTimeout(() => {
        socket.destroy()
        reject(new Error(`still connected after ${deadlineMs} ms`))
      }, deadlineMs)
      socket.on('error', () => {})
      // What is answered is read, so that the end is seen.
      socket.resume()
      socket.on('close', () => {
        clearInterval(drip)
        clearTimeout(give)
        resolve(performance.now() - startedAt)
      })
    })
  const post = (path: string, more = '') =>
    `POST ${path} HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n${more}\r\n{`

  it.each([
    ['its headers', 'GET / HTTP/1.1\r\nhost: shop\r\nx-slow: '],
    ['a webhook', post('/webhooks/stripe')],
    ['a cart', post('/v2/carts', 'authorization: Bearer pk_test_system\r\n')],
    ['a sign-in', post('/v2/sessions')],
    ['an order of a link', post('/v2/public/checkout/guide/pay')],
    ['a body for a route that does not exist', post('/nothing')],
  ])('is given up: %s', async (_what, head) => {
    expect(await heldFor(head, 4_000)).toBeLessThan(3_000)
  })

  it.each(['/v2/digital/upload', '/v2/files', '/files', '/api/v2/files', '/dashboard/files'])(
    'is given up when it is an upload that was refused: %s',
    async (path) => {
      const head = post(path).replace('application/json', 'multipart/form-data; boundary=x')
      expect(await heldFor(head, 12_000)).toBeLessThan(10_000)
    },
  )

  it('does not end who is only slow', async () => {
    const { hostname, port } = new URL(system.url)
    const body = '{"email":"nobody@example.com","password":"x"}'
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, async () => {
        socket.write(
          `POST /v2/sessions HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`,
        )
        for (const part of [body.slice(0, 10), body.slice(10)]) {
          await new Promise((next) => setTimeout(next, 150))
          socket.write(part)
        }
      })
      let seen = ''
      socket.on('data', (chunk) => {
        seen += chunk
      })
      socket.on('close', () => resolve(seen))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 401/)
  })
})
