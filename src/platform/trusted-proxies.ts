import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/** Whether an address is one of ours, whose `X-Forwarded-For` is believed. */
export type TrustedProxies = (address: ipaddr.IPv4 | ipaddr.IPv6) => boolean

const named: Record<string, readonly string[]> = {
  loopback: ['loopback'],
  private: ['private', 'uniqueLocal', 'linkLocal'],
  none: [],
}

/** `loopback`, `private`, `none`, addresses and networks, as in `loopback,10.1.0.0/16`. */
export const trustedProxiesSchema = z.array(
  z.string().refine((entry) => entry in named || ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry), {
    error: 'is neither an address nor a network, nor loopback, private or none',
  }),
)

export function readTrustedProxies(entries: readonly string[]): TrustedProxies {
  const ranges = new Set(entries.flatMap((entry) => named[entry] ?? []))
  const networks = entries
    .filter((entry) => !(entry in named))
    .map((entry) => {
      if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
      const address = ipaddr.process(entry)
      return [address, address.kind() === 'ipv4' ? 32 : 128] as const
    })
  return (address) =>
    ranges.has(address.range()) ||
    networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
}
