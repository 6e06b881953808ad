import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import type { Config } from '../../platform/config.ts'
import type { Log } from '../../platform/log.ts'

/** The address at the other end of the socket, never what a header claims; undefined outside a server. */
export function remoteAddress(c: Context): string | undefined {
  const bindings = c.env as Partial<HttpBindings> | undefined
  return bindings?.incoming ? getConnInfo(c).remote.address : undefined
}

/** Who calls, as far as that can be known. */
export type AddressReader = (c: Context) => string

/**
 * Reads who calls behind the proxies that are trusted: `X-Forwarded-For` from its end, where the nearest proxy writes, and as far as
 * those who wrote are trusted. What stands before that anybody may have written. An IPv6 caller is its network of 64 bits, which is
 * what one customer has. A proxy that nobody has named is one caller, and said so once.
 */
export function createAddressReader({ trustedProxies }: Pick<Config, 'trustedProxies'>, log: Log): AddressReader {
  let warned = false
  return (c) => {
    const header = c.req.header('x-forwarded-for')
    const claimed = (header ?? '').split(',')
    let address = parse(remoteAddress(c))
    if (header !== undefined && address && !trustedProxies(address) && !warned) {
      warned = true
      log.warn('X-Forwarded-For from an address that TRUSTED_PROXIES does not name: everybody behind it counts as one')
    }
    while (address && trustedProxies(address)) {
      const next = parse(claimed.pop())
      if (!next) break
      address = next
    }
    if (!address) return 'unknown'
    return 'parts' in address ? `${address.parts.slice(0, 4).join(':')}/64` : address.toString()
  }
}

/** Some proxies write a port behind the address. */
function parse(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const plain = (text ?? '')
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return ipaddr.isValid(plain) ? ipaddr.process(plain) : undefined
}
