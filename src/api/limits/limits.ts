import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Config } from '../../platform/config.ts'
import { ApiError } from '../../platform/errors.ts'
import type { ApiEnv } from '../env.ts'
import type { AddressReader } from './client-address.ts'
import type { Counter, Counters } from './counters.ts'

/** What a browser may do so many times; see `rate-limits.ts`. */
type BrowserKind = 'carts' | 'quotes' | 'payments' | 'sources'

export type Limits = {
  /** Counts what a browser does with a publishable key, by key and address. A secret key's server is not counted. */
  ofBrowsers(kind: BrowserKind): ReturnType<typeof createMiddleware<ApiEnv>>
  /** Counts what a stranger asks about a checkout link that somebody outside is asked for, by address. @throws ApiError as {@link pay} does */
  quote(c: Context): Promise<void>
  /** Counts an order of a checkout link by address. @throws ApiError `too_many_requests`, with `Retry-After` set */
  pay(c: Context): Promise<void>
  /**
   * Does what a coupon code was given for, and counts it where the code was not valid: by the shop, which is a publishable key or a link, and
   * address. @throws ApiError `too_many_requests`, with `Retry-After` set
   */
  guess<T>(c: Context, shop: string, work: () => Promise<T>): Promise<T>
}

/** Stops floods: of carts, of questions to carriers, of cards that are tried, of codes that are guessed, of orders that nobody pays. */
export function createLimits(counters: Counters, addressOf: AddressReader, { rateLimits }: Config): Limits {
  const shared = (kind: Exclude<keyof typeof rateLimits, 'mails' | 'payments'>) =>
    counters.shared(kind, rateLimits[kind])
  const ofAddress: Record<BrowserKind, Counter> = {
    carts: shared('carts'),
    quotes: shared('quotes'),
    sources: shared('sources'),
    // Starting a payment is waited for by a buyer; it is counted where it costs nothing.
    payments: counters.local('payments', rateLimits.payments),
  }
  const sourcesOfKey = shared('sourcesOfKey')
  const pays = shared('pays')
  const [codes, codesOfShop] = [shared('codes'), shared('codesOfShop')]
  return {
    ofBrowsers: (kind) =>
      createMiddleware<ApiEnv>(async (c, next) => {
        const { kind: keyKind, apiKeyId } = c.get('caller')
        if (keyKind === 'publishable') {
          refuse(c, await ofAddress[kind].count(`${apiKeyId} ${addressOf(c)}`))
          if (kind === 'sources') refuse(c, await sourcesOfKey.count(apiKeyId))
        }
        await next()
      }),
    quote: async (c) => refuse(c, await ofAddress.quotes.count(addressOf(c))),
    pay: async (c) => refuse(c, await pays.count(addressOf(c))),
    guess: async (c, shop, work) => {
      const guesser = `${shop} ${addressOf(c)}`
      // Counted before it is tried, so that guesses at the same time are as many as they are.
      refuse(c, await codes.count(guesser))
      refuse(c, await codesOfShop.count(shop))
      const right = () => Promise.all([codes.forget(guesser, 'one'), codesOfShop.forget(shop, 'one')])
      try {
        const done = await work()
        await right()
        return done
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'coupon_not_valid') await right()
        throw error
      }
    },
  }
}

/** @throws ApiError `too_many_requests` when there is something to wait for, with `Retry-After` set on the answer */
export function refuse(c: Context, waitMs: number): void {
  if (waitMs === 0) return
  c.header('retry-after', String(Math.ceil(waitMs / 1000)))
  throw new ApiError('too_many_requests')
}
