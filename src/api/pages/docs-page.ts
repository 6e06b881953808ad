import { html } from 'hono/html'

/** The document drawn by swagger-ui from our own files, to send requests from the page. */
export const tryPage = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Try it out · Ordermill</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<nav aria-label="Documents"><ul>
<li><a href="/docs">Documentation</a></li>
<li><a href="/docs/try">Ordermill</a></li>
<li><a href="/docs/try?of=digital-river">Digital River’s paths</a></li>
<li><a href="/docs/try?of=checkout-links">Checkout links</a></li>
</ul></nav>
<div id="docs"></div>
<noscript><p>This page needs JavaScript. The same is at <a href="/docs">/docs</a> and <a href="/openapi.json">/openapi.json</a>,
<a href="/openapi/digital-river.json">/openapi/digital-river.json</a> and <a href="/openapi/checkout-links.json">/openapi/checkout-links.json</a>.</p></noscript>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>`

/** Starts swagger-ui. A file of its own, because the page allows no inline script. */
export const tryScript = `const of = new URLSearchParams(location.search).get('of')
window.SwaggerUIBundle({
  url: ['digital-river', 'checkout-links'].includes(of) ? '/openapi/' + of + '.json' : '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
  tryItOutEnabled: false,
})
`

/** swagger-ui sets styles on elements and draws data: images; everything comes from this server. */
export const tryPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
