import { html, raw } from 'hono/html'
import type { Guide } from '../guides/read-guides.ts'
import type { Found } from '../guides/search-docs.ts'
import type { Page } from './page.ts'

const excerptLength = 160

/** What is above every page of the documentation. `words` are what was looked for. */
export const docsBar = (words: string) => html`<header class="bar"><nav aria-label="Documentation"><ul>
<li><a href="/docs">Documentation</a></li><li><a href="/docs/guides">Guides</a></li></ul></nav>
<form class="side" role="search" action="/docs/search"><label for="q">Search</label><input id="q" name="q" type="search" maxlength="200" value="${words}"><button>Find</button></form></header>`

/** The list of guides. */
export const guidesPage = (guides: readonly Guide[]): Page => ({
  title: 'Guides',
  header: docsBar(''),
  body: html`<h1>Guides</h1>
<ul class="rows">${guides.map(({ name, title }) => html`<li><a href="/docs/guides/${name}">${title}</a></li>`)}</ul>
<p>Every endpoint with its fields: <a href="/docs">the API</a>.</p>`,
})

/** One guide. Its text was sanitized when it was read. */
export const guidePage = (guide: Guide): Page => ({
  title: guide.title,
  header: docsBar(''),
  allow: { 'img-src': ["'self'"] },
  body: html`${raw(guide.html)}`,
})

/** What was found, the best first. */
export const foundPage = (words: string, found: readonly Found[]): Page => ({
  title: 'Search',
  header: docsBar(words),
  body: html`<h1>Search</h1>
<div id="found">${found.length === 0 ? html`<p role="status">Nothing was found. Try another word.</p>` : ''}
<ul class="rows">${found.map(
    ({ address, title, text }) =>
      html`<li><div><a href="${address}">${title}</a><p class="soft small">${
        text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text
      }</p></div></li>`,
  )}</ul></div>`,
})
