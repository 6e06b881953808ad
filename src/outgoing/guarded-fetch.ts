import dns from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** What an installation lets merchants point at. */
export type FetchRules = {
  /** Plain http too; outside production. */
  allowHttp: boolean
  /** Loopback and private networks too; never in production. */
  allowPrivate: boolean
}

/** A URL or an address that nothing is sent to. The message is a code. */
export class UnsafeUrl extends Error {
  constructor(code: 'invalid_url' | 'scheme_not_allowed' | 'credentials_not_allowed' | 'address_not_allowed') {
    super(code)
  }
}

export type Answer = { status: number; retryAfter: string | undefined; body: string }

const publicIpv6 = new BlockList()
publicIpv6.addSubnet('2000::', 3, 'ipv6')

const refused = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local: instance metadata at 169.254.169.254.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's platform services, on an address that looks public.
  ['168.63.129.16', 32],
] as const) {
  refused.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  refused.addSubnet(network, prefix, 'ipv6')
}

/**
 * True for an address of the public internet. Everything that leads back into a network is refused: loopback, private,
 * shared, link-local, unique-local, multicast, documentation, and IPv6 forms that carry an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4')
    case 6:
      return publicIpv6.check(address, 'ipv6') && !refused.check(address, 'ipv6')
    default:
      return false
  }
}

/**
 * Reads a URL that somebody else has chosen, and refuses what can be refused without asking the DNS.
 * The URL parser has turned `2130706433`, `0x7f.1` and `0` into the addresses they mean.
 * @throws UnsafeUrl
 */
export function parseSafeUrl(text: string, rules: FetchRules): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || url.hostname === '') throw new UnsafeUrl('invalid_url')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && rules.allowHttp)) {
    throw new UnsafeUrl('scheme_not_allowed')
  }
  if (url.username !== '' || url.password !== '') throw new UnsafeUrl('credentials_not_allowed')
  // A connection to an address asks no lookup, so the guard there would never see it. `localhost` is loopback by its name.
  const host = hostOf(url)
  const inside = isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : !isPublicAddress(host)
  if (inside && !rules.allowPrivate) throw new UnsafeUrl('address_not_allowed')
  return url
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

/** Asks the DNS and refuses a name when any of its addresses is not public: what is checked is what is connected to. */
export const guardedLookup =
  (rules: FetchRules, resolve: typeof dns.lookup = dns.lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      if (
        addresses.length === 0 ||
        (!rules.allowPrivate && !addresses.every(({ address }) => isPublicAddress(address)))
      )
        return callback(new UnsafeUrl('address_not_allowed'), [])
      if (options.all) return callback(null, addresses)
      callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
    })
  }

/**
 * {@link parseSafeUrl}, and the name must not lead to a private address today. A name that does not resolve yet passes:
 * every delivery asks again.
 * @throws UnsafeUrl
 */
export async function checkUrl(text: string, rules: FetchRules): Promise<void> {
  const url = parseSafeUrl(text, rules)
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, lookupPatienceMs)
    guardedLookup(rules)(hostOf(url), { all: true }, (error) => {
      clearTimeout(timer)
      if (error instanceof UnsafeUrl) reject(error)
      else resolve()
    })
  })
}

const lookupPatienceMs = 2_000
const bodyPatienceMs = 1_000
const longestBody = 500

/**
 * POSTs a body to a URL somebody else has chosen: the address is checked where the socket connects, redirects are not
 * followed, connections are not kept, and only the first 500 characters of an answer are read.
 * @throws UnsafeUrl, or the connection's error; an `AbortError` or `TimeoutError` when there is no status in time
 */
export async function guardedPost(
  target: string,
  request: { headers: Record<string, string>; body: string; timeoutMs: number },
  rules: FetchRules,
): Promise<Answer> {
  const url = parseSafeUrl(target, rules)
  const { request: open } = url.protocol === 'https:' ? https : http
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const call = open(url, {
      method: 'POST',
      headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body) },
      lookup: guardedLookup(rules),
      agent: false,
      signal: AbortSignal.timeout(request.timeoutMs),
    })
    call.on('response', resolve)
    call.on('error', reject)
    call.end(request.body)
  })
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    body: await readStart(response),
  }
}

/** The beginning of an answer. Its status counts; a receiver that drips the rest does not hold the delivery up. */
async function readStart(response: http.IncomingMessage): Promise<string> {
  const timer = setTimeout(() => response.destroy(), bodyPatienceMs)
  let text = ''
  try {
    response.setEncoding('utf8')
    for await (const chunk of response) {
      text += chunk
      if (text.length >= longestBody) break
    }
  } catch {
    // The connection was cut after the status; what came until then is kept.
  } finally {
    clearTimeout(timer)
    response.destroy()
  }
  // Postgres stores neither NUL nor half a character.
  return text.slice(0, longestBody).replaceAll('\0', '').toWellFormed()
}
