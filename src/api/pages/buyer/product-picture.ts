import { html } from 'hono/html'
import type { PictureSize } from '../../../files/picture-sizes.ts'
import type { Html } from '../page.ts'

/** A picture of a product as a page shows it: where it comes from, and in which sizes, the smallest first. */
export type ProductPicture = { url: string; sizes: readonly PictureSize[] }

/** Whether a browser is asked to load it. */
export const isShown = ({ url, sizes }: ProductPicture): boolean => sizes.length > 0 || originOf(url) !== undefined

/** Where a page has to allow pictures from. Of other sites only https, so that it stays free of mixed and of local content. */
export function pictureOrigins(pictures: readonly (ProductPicture | undefined)[]): string[] {
  const origins = pictures.flatMap((picture) => {
    if (!picture) return []
    if (picture.sizes.length > 0) return ["'self'"]
    const origin = originOf(picture.url)
    return origin ? [origin] : []
  })
  return [...new Set(origins)]
}

function originOf(url: string): string | undefined {
  const address = URL.parse(url)
  return address?.protocol === 'https:' ? address.origin : undefined
}

/** How a picture is shown: the widest that it gets, as CSS says it, and whether the buyer sees it before scrolling. */
type Look = { shown: string; first: boolean; style: 'picture' | 'thumb' }

/** A picture with its size, so that nothing jumps when it arrives; nothing for one that no page may load. What it shows is said beside it. */
export function productPicture(picture: ProductPicture | undefined, { shown, first, style }: Look): Html | '' {
  if (!picture) return ''
  const urgency = first ? html` fetchpriority="high"` : html` loading="lazy" decoding="async"`
  const largest = picture.sizes.at(-1)
  if (largest)
    return html`<img class="${style}" src="/pictures/${largest.fileId}" srcset="${picture.sizes
      .map(({ fileId, width }) => `/pictures/${fileId} ${width}w`)
      .join(', ')}" sizes="${shown}" width="${largest.width}" height="${largest.height}"${urgency} alt="">`
  const origin = originOf(picture.url)
  return origin ? html`<img class="${style} unsized" src="${URL.parse(picture.url)?.href ?? ''}"${urgency} alt="">` : ''
}
