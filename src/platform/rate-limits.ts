/** How often something may be done: `points` in `seconds`. */
export type RateLimit = { points: number; seconds: number }

/**
 * What is counted, and how much of it is everybody's good right. By address unless it says otherwise; a merchant's server, with its
 * secret key, is never counted.
 */
const defaults = {
  /** Carts made with a publishable key. */
  carts: { points: 300, seconds: 60 },
  /** Questions to carriers and about taxes. */
  quotes: { points: 60, seconds: 60 },
  /** Payments started with a publishable key. */
  payments: { points: 300, seconds: 60 },
  /** Orders of checkout links, on the page and by the API. */
  pays: { points: 30, seconds: 60 },
  /** Means of payment made with a publishable key: each tries a card. */
  sources: { points: 20, seconds: 600 },
  /** The same of all addresses together, by key: cards are tested from many. */
  sourcesOfKey: { points: 600, seconds: 600 },
  /** Coupon codes that were wrong, by cart and by checkout link. */
  codes: { points: 10, seconds: 600 },
  /** The same of all addresses together, by key or link. */
  codesOfShop: { points: 600, seconds: 600 },
  /** Mails about orders that nobody has paid, by recipient. */
  mails: { points: 10, seconds: 3_600 },
} satisfies Record<string, RateLimit>

export type LimitKind = keyof typeof defaults
export type RateLimits = Record<LimitKind, RateLimit>

const kinds = Object.keys(defaults).join('|')
const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `kind:count/time`, separated by commas. */
export const rateLimitsPattern = new RegExp(`^(((${kinds}):[1-9]\\d{0,8}/[1-9]\\d{0,4}[smhd])(,(?=\\w)|$))*$`)

/** The limits with those replaced that a setting such as `carts:1000/1m,sources:50/10m` names. */
export function readRateLimits(text: string): RateLimits {
  const given = [...text.matchAll(/(\w+):(\d+)\/(\d+)([smhd])/g)].map(([, kind, points, count, unit]) => [
    kind,
    { points: Number(points), seconds: Number(count) * unitSeconds[unit as keyof typeof unitSeconds] },
  ])
  return { ...defaults, ...Object.fromEntries(given) }
}
