import type dns from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { checkUrl, guardedLookup, guardedPost, isPublicAddress, parseSafeUrl } from './guarded-fetch.ts'

const strict = { allowHttp: true, allowPrivate: false }
const production = { allowHttp: false, allowPrivate: false }
const open = { allowHttp: true, allowPrivate: true }

// Removes the risk that a merchant's URL makes us talk to our own network (S5).
describe('a URL somebody else has chosen', () => {
  it.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://localhost./',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fd00:ec2::254]/latest/meta-data',
    'http://[fe80::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://172.20.0.1/',
    'http://192.168.1.1/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://user:secret@example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'javascript:alert(1)',
    'example.com/hook',
    '',
  ])('%s is refused', async (url) => {
    await expect(checkUrl(url, strict)).rejects.toThrow(
      /^(invalid_url|scheme_not_allowed|credentials_not_allowed|address_not_allowed)$/,
    )
    await expect(guardedPost(url, { headers: {}, body: '{}', timeoutMs: 2_000 }, strict)).rejects.toThrow()
  })

  it('reaches private networks only outside production, and there only while that is not switched off', () => {
    const read = (more: Record<string, string>) =>
      readConfig({ DATABASE_URL: 'postgres://localhost/x', REDIS_URL: 'redis://localhost', ...more }, []).webhooks
    const live = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://orders.example',
      METRICS_TOKEN: 'a token that nobody guesses 7f3b',
      SIGNING_SECRET: 'a secret of thirty-two characters',
    }
    expect(read({})).toEqual(open)
    expect(read({ WEBHOOKS_ALLOW_PRIVATE: 'false' })).toEqual(strict)
    expect(read(live)).toEqual(production)
    expect(() => read({ ...live, WEBHOOKS_ALLOW_PRIVATE: 'true' })).toThrow(/WEBHOOKS_ALLOW_PRIVATE/)
  })

  it('may have a port, and needs https in production', () => {
    expect(parseSafeUrl('https://93.184.216.34:8443/hook', production).port).toBe('8443')
    expect(() => parseSafeUrl('http://93.184.216.34/hook', production)).toThrow('scheme_not_allowed')
  })

  it.each([
    ['93.184.216.34', true],
    ['2606:4700:4700::1111', true],
    ['255.255.255.255', false],
    ['224.0.0.1', false],
    ['198.18.0.1', false],
    ['::', false],
    ['::127.0.0.1', false],
    ['fc00::1', false],
    ['ff02::1', false],
    ['2001:db8::1', false],
    ['2001::1', false],
    ['2002:7f00:1::', false],
    ['example.com', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected)
  })

  it('is refused where it connects when its name leads inside, even beside a public address', async () => {
    const resolve = ((_name: string, _options: object, callback: (error: null, found: dns.LookupAddress[]) => void) =>
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '10.1.2.3', family: 4 },
      ])) as unknown as typeof dns.lookup
    const look = (rules: typeof strict) =>
      new Promise((settle, reject) =>
        guardedLookup(rules, resolve)('rebound.example', { all: true }, (error, found) =>
          error ? reject(error) : settle(found),
        ),
      )
    await expect(look(strict)).rejects.toThrow('address_not_allowed')
    await expect(look(open)).resolves.toHaveLength(2)
  })
})

describe('a request to it', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close()
      server.closeAllConnections()
    }
  })
  const serve = async (listener: RequestListener) => {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const post = (url: string, timeoutMs = 2_000) =>
    guardedPost(url, { headers: { 'content-type': 'application/json' }, body: '{"ü":1}', timeoutMs }, open)

  it('is posted as it is, and the answer is kept to 500 characters', async () => {
    let seen = ''
    const url = await serve(async (request, response) => {
      for await (const chunk of request) seen += chunk
      response.writeHead(201, { 'retry-after': '7' }).end(`\0${'é'.repeat(10_000)}`)
    })
    const answer = await post(url)
    expect(seen).toBe('{"ü":1}')
    expect([answer.status, answer.retryAfter, answer.body]).toEqual([201, '7', 'é'.repeat(499)])
  })

  it('does not follow a redirect', async () => {
    let followed = 0
    const target = await serve((_request, response) => {
      followed += 1
      response.end()
    })
    const url = await serve((_request, response) => response.writeHead(307, { location: target }).end())
    expect((await post(url)).status).toBe(307)
    expect(followed).toBe(0)
  })

  it('ends in time when no status comes, and counts a status whose body never ends', async () => {
    const silent = await serve(() => {})
    await expect(post(silent, 100)).rejects.toThrow(/abort/i)
    const endless = await serve((_request, response) => void response.writeHead(200).write('so far'))
    expect(await post(endless)).toMatchObject({ status: 200, body: 'so far' })
  })

  it('fails as a connection does when nobody listens', async () => {
    const url = await serve(() => {})
    servers.pop()?.close()
    await expect(post(url)).rejects.toThrow(/ECONNREFUSED/)
  })
})
