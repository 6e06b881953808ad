import type { Context } from 'hono'
import { type Offer, priceOffer } from '../../../links/price-offer.ts'
import { type PublicLink, readPublicLink } from '../../../links/public-link.ts'
import type { FormState } from '../../pages/elements.ts'
import type { PageParts } from './page-app.ts'

/** A link with what it costs whoever looks at it. */
export type Shown = { link: PublicLink; offer: Offer }

type Named = { code?: string | undefined; email?: string | undefined }

/** The prices that a link's page shows. */
export function createPrices(parts: PageParts) {
  /** Does what a code was typed for: whoever guesses is slowed down. */
  const guessing = <T>(c: Context, slug: string, code: string | undefined, work: () => Promise<T>) =>
    code === undefined ? work() : parts.limits.guess(c, `link ${slug}`, work)

  /** What it costs, with the code that the buyer has typed. @throws ApiError what {@link readPublicLink} and {@link priceOffer} throw */
  const look = async (c: Context, slug: string, { code, email }: Named = {}): Promise<Shown> => {
    const link = await readPublicLink(parts.database.sql, slug)
    const price = () => priceOffer(parts.database.sql, link, { code, email: email || null })
    return { link, offer: await guessing(c, slug, code, price) }
  }

  /** The price beside a problem: anew where the problem is the price, else what the buyer has seen, as it may be that of an order begun. */
  const lookAgain = async (c: Context, slug: string, typed: FormState['values'], problem: string): Promise<Shown> => {
    const { email, coupon_code: code, seen } = typed
    if (problem.startsWith('coupon_')) return look(c, slug, { email })
    if (problem === 'price_changed') return look(c, slug, { code: code || undefined, email })
    const link = await readPublicLink(parts.database.sql, slug)
    return { link, offer: { price: toSeen(seen) ?? link.price, couponCode: undefined } }
  }

  return { guessing, look, lookAgain }
}

/** The price, in minor units, that a page says it has shown. */
export const toSeen = (text: string | undefined): number | undefined =>
  text && /^\d{1,15}$/.test(text) ? Number(text) : undefined
