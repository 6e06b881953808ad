import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ApiError } from '../../platform/errors.ts'

const windowSeconds = 15 * 60
const perEmail = 10
// Everybody behind one reverse proxy shares its address, so this one only stops floods.
const perAddress = 100

/** Slows down guessing of passwords, in this process's memory. */
export type SignInLimit = {
  /** Counts an attempt before it is made. @throws ApiError `too_many_requests`, with `Retry-After` set on the answer */
  spend(c: Context, email: string): Promise<void>
  /** Takes the attempt back and forgets the failures of somebody who knew the password in the end. */
  forgive(c: Context, email: string): Promise<void>
}

/** Ten failures an e-mail address and a hundred a network address in fifteen minutes. */
export function createSignInLimit(): SignInLimit {
  const emails = new RateLimiterMemory({ keyPrefix: 'email', points: perEmail, duration: windowSeconds })
  const addresses = new RateLimiterMemory({ keyPrefix: 'address', points: perAddress, duration: windowSeconds })
  return {
    async spend(c, email) {
      try {
        await addresses.consume(remoteAddress(c) ?? 'unknown')
        await emails.consume(email.toLowerCase())
      } catch (refusal) {
        refuse(c, refusal)
      }
    },
    async forgive(c, email) {
      await addresses.reward(remoteAddress(c) ?? 'unknown')
      await emails.delete(email.toLowerCase())
    },
  }
}

const ordersPerMinute = 30

/** Counts orders made on checkout pages, by network address. @throws ApiError `too_many_requests`, with `Retry-After` set */
export type OrderLimit = { spend(c: Context): Promise<void> }

/** Thirty orders an address and minute: whoever makes more fills the seller's list, and buys nothing. */
export function createOrderLimit(): OrderLimit {
  const addresses = new RateLimiterMemory({ keyPrefix: 'orders', points: ordersPerMinute, duration: 60 })
  return {
    async spend(c) {
      try {
        await addresses.consume(remoteAddress(c) ?? 'unknown')
      } catch (refusal) {
        refuse(c, refusal)
      }
    },
  }
}

function refuse(c: Context, refusal: unknown): never {
  if (!(refusal instanceof RateLimiterRes)) throw refusal
  c.header('retry-after', String(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))))
  throw new ApiError('too_many_requests')
}

/** The address at the other end of the socket, never what a header claims; undefined outside a server. */
export function remoteAddress(c: Context): string | undefined {
  const bindings = c.env as Partial<HttpBindings> | undefined
  return bindings?.incoming ? getConnInfo(c).remote.address : undefined
}
