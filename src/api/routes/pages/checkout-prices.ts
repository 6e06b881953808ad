import type { Context } from 'hono'
import { type Offer, priceWithTax } from '../../../links/price-offer.ts'
import { type PublicLink, quantitiesOf, readPublicLink } from '../../../links/public-link.ts'
import type { Party } from '../../../parties/address.ts'
import type { FormState } from '../../pages/elements.ts'
import type { PageParts } from './page-app.ts'

/** A link with what it costs whoever looks at it. */
export type Shown = { link: PublicLink; offer: Offer }

type Named = {
  code?: string | undefined
  email?: string | undefined
  place?: Party | undefined
  quantity?: number | undefined
}

/** The prices that a link's page shows. */
export function createPrices(parts: PageParts) {
  /** Does what a code was typed for: whoever guesses is slowed down. */
  const guessing = <T>(c: Context, slug: string, code: string | undefined, work: () => Promise<T>) =>
    code === undefined ? work() : parts.limits.guess(c, `link ${slug}`, work)

  /** What it costs, with the code that the buyer has typed. @throws ApiError what {@link readPublicLink} and {@link priceWithTax} throw */
  const look = async (c: Context, slug: string, { code, email, place, quantity }: Named = {}): Promise<Shown> => {
    const link = await readPublicLink(parts.database.sql, slug)
    if (place && link.tax !== 'none') await parts.limits.quote(c)
    const price = () => priceWithTax(parts, link, { code, email: email || null, place, quantity })
    return { link, offer: await guessing(c, slug, code, price) }
  }

  /** The price beside a problem: anew where the problem is the price, else what the buyer has seen, as it may be that of an order begun. */
  const lookAgain = async (c: Context, slug: string, typed: FormState['values'], problem: string): Promise<Shown> => {
    const { email, coupon_code: code, seen } = typed
    const place = toPlace(typed)
    const link = await readPublicLink(parts.database.sql, slug)
    const { quantity } = toQuantity(typed.quantity, link)
    if (problem.startsWith('coupon_')) return look(c, slug, { email, place, quantity })
    if (pricesAnew.includes(problem)) return look(c, slug, { code: code || undefined, email, place, quantity })
    const price = toSeen(seen) ?? link.price * quantity
    const offer = { ...nothingElse, quantity, subtotal: price, price, couponCode: undefined }
    return { link, offer: link.tax === 'none' ? offer : { ...offer, taxState: 'needed' } }
  }

  return { guessing, look, lookAgain }
}

/** What is wrong with what the page has shown. */
const pricesAnew = ['price_changed', 'out_of_stock', 'quantity_not_sold']

const nothingElse = { totalDiscount: 0, totalShipping: 0, totalTax: 0, taxState: 'none' as const, taxQuote: null }

/** The quantity that a buyer asks for, or what is nearest to it of what the link sells, and why it is not what was asked for. */
export function toQuantity(
  text: string | undefined,
  link: PublicLink,
): { quantity: number; mistake?: 'quantityRange' | 'fewerLeft' } {
  const { min, max } = quantitiesOf(link)
  if (!text) return { quantity: min }
  const asked = /^\d{1,6}$/.test(text) ? Number(text) : undefined
  if (asked === undefined || asked < min) return { quantity: min, mistake: 'quantityRange' }
  if (asked > link.maxQuantity) return { quantity: max, mistake: 'quantityRange' }
  return asked > max ? { quantity: max, mistake: 'fewerLeft' } : { quantity: asked }
}

/** Where a buyer says to be; undefined for none, and for what is no country. */
export const toPlace = ({ country, state, postal_code: postalCode }: FormState['values']): Party | undefined =>
  country && /^[A-Z]{2}$/.test(country)
    ? {
        address: {
          country,
          ...(state ? { state: state.slice(0, 100) } : {}),
          ...(postalCode ? { postalCode: postalCode.slice(0, 20) } : {}),
        },
      }
    : undefined

/** The price, in minor units, that a page says it has shown. */
export const toSeen = (text: string | undefined): number | undefined =>
  text && /^\d{1,15}$/.test(text) ? Number(text) : undefined
