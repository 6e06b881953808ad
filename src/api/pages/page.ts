import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

type Html = ReturnType<typeof html>

const css = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de; --accent: #0a58ca; --warn: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #12161c; --soft: #9da7b1; --line: #3a424c; --accent: #7db3ff; --warn: #ff9a91 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
main.narrow { max-width: 24rem; margin: 10vh auto 0 }
header { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: baseline }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
a { color: var(--accent) }
nav ul { display: flex; flex-wrap: wrap; gap: 1.5rem; list-style: none; padding: 0 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 0 }
dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem }
dt { color: var(--soft) } dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums }
label { display: block; margin: 1rem 0 .25rem }
input, button { font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; color: inherit; background: var(--paper) }
input { width: 100% }
button { cursor: pointer; border-color: var(--accent) }
main.narrow button { width: 100%; margin-top: 1.5rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
[role=alert] { color: var(--warn); border: 1px solid; border-radius: .4rem; padding: .5rem .75rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: middle }
code { font-size: .9em }
form.inline { display: inline }
`

const styleHash = createHash('sha256').update(css).digest('base64')

const ownPagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** Headers of everything a browser shows: what the page may load, no frames, no sniffing, no copies left behind. */
export const pageHeaders = (contentSecurityPolicy: string): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
})

/** Answers with one of our own pages: no script, no outside asset, light or dark as the browser prefers. */
export function sendPage(
  c: Context,
  page: { title: string; narrow?: boolean; body: Html },
  status: 200 | 401 | 429 = 200,
) {
  // Some answers get `no-referrer` from a stricter default; the tag keeps `Origin` on forms, which their CSRF check needs.
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<meta name="robots" content="noindex">
<title>${page.title} · Ordermill</title>
<link rel="icon" href="data:,">
<style>${raw(css)}</style>
</head>
<body>
<main${page.narrow ? html` class="narrow"` : ''}>
${page.body}
</main>
</body>
</html>`
  return c.html(document, status, pageHeaders(ownPagePolicy))
}
