import { html } from 'hono/html'
import type { Offer } from '../../../links/price-offer.ts'
import type { PublicLink } from '../../../links/public-link.ts'
import { decimalAmount } from '../../../platform/money.ts'
import { plainText } from '../markdown.ts'
import type { Html } from '../page.ts'
import { isShown, type ProductPicture } from './product-picture.ts'

/** About so much of a description is shown below a link somewhere else. */
const longest = 200

type About = { link: PublicLink; offer: Offer; picture: ProductPicture | undefined; locale: string; publicUrl: string }

/** What search engines, and whoever shows a link in a conversation, are told of a checkout link: absolute addresses and plain words. */
export function aboutLink({ link, offer, picture, locale, publicUrl }: About): Html {
  const address = `${publicUrl.replace(/\/+$/, '')}/c/${link.slug}`
  const description = plainText(link.description ?? '', longest) || link.name
  const shown = picture && isShown(picture) ? picture : undefined
  const said: [property: string, content: string | number][] = [
    ['og:type', 'product'],
    ['og:title', link.title],
    ['og:description', description],
    ['og:url', address],
    ['og:site_name', link.merchantName],
    ['og:locale', locale.replace('-', '_')],
    ...pictureOf(shown),
    ['product:price:amount', decimalAmount(offer.price, link.currency)],
    ['product:price:currency', link.currency],
  ]
  return html`<link rel="canonical" href="${address}">
<meta name="description" content="${description}">
<meta name="twitter:card" content="${shown ? 'summary_large_image' : 'summary'}">
${said.map(([property, content]) => html`<meta property="${property}" content="${content}">\n`)}`
}

function pictureOf(picture: ProductPicture | undefined): [property: string, content: string | number][] {
  if (!picture) return []
  const address: [string, string] = ['og:image', picture.url]
  const largest = picture.sizes.at(-1)
  if (!largest) return [address]
  return [address, ['og:image:width', largest.width], ['og:image:height', largest.height]]
}
