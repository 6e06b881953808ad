import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { isSecretAddress } from '../secret-address.ts'
import { css } from './styles.ts'

export type Html = ReturnType<typeof html>

/** What a page shows and what it may load beyond itself. */
export type Page = {
  title: string
  narrow?: boolean
  body: Html
  /** BCP 47, and which way it runs; English where nothing is said. */
  language?: string
  direction?: 'ltr' | 'rtl'
  /** The name after the title; the installation's where nobody else is meant. */
  site?: string
  /** Stands before the page's own content: the dashboard's bar. */
  header?: Html
  /** What is said of a page that anybody may find; one without it is private and is kept out of indexes. */
  about?: Html
  /** Stands below the page's own content. */
  footer?: Html | ''
  /** Rules beside the stylesheet of every page, such as a seller's colour. */
  style?: string
  /** Names of our own scripts; a page without any allows none. */
  scripts?: readonly ScriptName[]
  /** Further sources by CSP directive, such as the origin of a product's image. */
  allow?: Partial<Record<'img-src' | 'script-src' | 'frame-src' | 'connect-src' | 'form-action', readonly string[]>>
  /** Whose frames may open the browser's own payment sheet, as for Apple Pay and Google Pay; without it not even this page may. */
  payBy?: readonly string[]
  /** Seconds after which a browser without JavaScript loads the page again. */
  refreshSeconds?: number | undefined
}

export type PageStatus = 200 | 400 | 401 | 402 | 403 | 404 | 409 | 410 | 413 | 416 | 422 | 429 | 500 | 503

/** Our own scripts. Every page works without them. */
export const scriptNames = ['actions', 'card', 'checkout', 'docs', 'order-status', 'pay'] as const
export type ScriptName = (typeof scriptNames)[number]

const hashOf = (style: string): string => `'sha256-${createHash('sha256').update(style).digest('base64')}'`
const styleHash = hashOf(css)

/** Everything is forbidden but our stylesheet, our forms, and what the page says it needs. */
function policyOf({ scripts = [], allow = {}, style }: Pick<Page, 'scripts' | 'allow' | 'style'>): string {
  const own = scripts.length > 0 ? ["'self'"] : []
  const directives: [string, readonly string[]][] = [
    ['default-src', ["'none'"]],
    ['style-src', style ? [styleHash, hashOf(style)] : [styleHash]],
    ['img-src', ['data:', ...(allow['img-src'] ?? [])]],
    ['script-src', [...own, ...(allow['script-src'] ?? [])]],
    ['connect-src', [...own, ...(allow['connect-src'] ?? [])]],
    ['frame-src', allow['frame-src'] ?? []],
    ['form-action', ["'self'", ...(allow['form-action'] ?? [])]],
    ['base-uri', ["'none'"]],
    ['frame-ancestors', ["'none'"]],
  ]
  return directives
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}

/** Headers of everything a browser shows: what the page may load, no frames, no sniffing, no copies left behind. */
export const pageHeaders = (contentSecurityPolicy: string): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
})

/** Answers with one of our own pages: no outside asset unless it is named, light or dark as the browser prefers. */
export function sendPage(c: Context, page: Page, status: PageStatus = 200) {
  const { scripts = [], refreshSeconds, site = 'Ordermill', language = 'en', direction = 'ltr' } = page
  const referrer = isSecretAddress(c.req.path) ? 'no-referrer' : 'same-origin'
  // Some answers get `no-referrer` from a stricter default; the tag keeps `Origin` on forms, which their CSRF check needs.
  const document = html`<!doctype html>
<html lang="${language}"${direction === 'rtl' ? html` dir="rtl"` : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="${referrer}">
${page.about ?? html`<meta name="robots" content="noindex">`}
<title>${page.title} · ${site}</title>
<link rel="icon" href="data:,">
<style>${raw(css)}</style>
${page.style ? html`<style>${raw(page.style)}</style>` : ''}
${refreshSeconds ? html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>` : ''}
${scripts.map((name) => html`<script src="/assets/${name}.js" defer></script>`)}
</head>
<body>
${page.header ?? ''}
<main id="main"${page.narrow ? html` class="narrow"` : ''}>
${page.body}
</main>
${page.footer ?? ''}
</body>
</html>`
  const sheets = page.payBy ? ['self', ...page.payBy.map((origin) => `"${origin}"`)].join(' ') : ''
  return c.html(document, status, {
    ...pageHeaders(policyOf(page)),
    'referrer-policy': referrer,
    'permissions-policy': `payment=(${sheets})`,
  })
}
