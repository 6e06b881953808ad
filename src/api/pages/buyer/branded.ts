import { html } from 'hono/html'
import type { Brand } from '../../../merchants/brands.ts'
import { accentStyle } from '../accent.ts'
import type { Html, Page } from '../page.ts'
import { type BuyerTexts, buyerTextsOf } from './buyer-texts.ts'

/** A page as its seller's: with name, logo and colour, and below it what buyers may want to read before they pay. */
export function branded(page: Page, brand: Brand, locale: string): Page {
  const { words } = buyerTextsOf(locale)
  const style = accentStyle(brand.accent)
  return {
    ...page,
    site: brand.name,
    ...(style ? { style } : {}),
    allow: brand.logo
      ? { ...page.allow, 'img-src': ["'self'", ...(page.allow?.['img-src'] ?? [])] }
      : (page.allow ?? {}),
    header: html`<header class="shop brand">${logoOf(brand)}<p>${brand.name}</p></header>`,
    footer: legal(brand, words),
  }
}

/** The name stands beside it, so that it needs no words of its own. */
export const logoOf = ({ logo }: Pick<Brand, 'logo'>): Html | '' =>
  logo ? html`<img src="/pictures/${logo.id}" width="${logo.width}" height="${logo.height}" alt="">` : ''

function legal({ termsUrl, privacyUrl, imprint, supportEmail }: Brand, words: BuyerTexts): Html | '' {
  const links: [string | null, string][] = [
    [termsUrl, words.terms],
    [privacyUrl, words.privacy],
    [supportEmail && `mailto:${encodeURIComponent(supportEmail).replaceAll('%40', '@')}`, words.support],
  ]
  const shown = links.filter(([href]) => href)
  if (shown.length === 0 && !imprint) return ''
  return html`<footer class="shop legal">
${shown.length > 0 ? html`<ul>${shown.map(([href, label]) => html`<li><a href="${href}" rel="noopener">${label}</a></li>`)}</ul>` : ''}
${imprint ? html`<details><summary>${words.imprint}</summary><p class="prose">${imprint}</p></details>` : ''}
</footer>`
}
