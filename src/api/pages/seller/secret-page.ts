import { html } from 'hono/html'
import { copyButton } from '../elements.ts'
import type { Page } from '../page.ts'

/** Shows a secret the one time it can be shown. */
export const secretPage = (page: { title: string; sentence: string; secret: string; back: string }): Page => ({
  title: page.title,
  body: html`<div class="shop"><h1>${page.title}</h1>
<p>${page.sentence}</p>
<pre id="secret" tabindex="0" aria-label="${page.title}">${page.secret}</pre>
<p>${copyButton('secret')}</p>
<p class="notice"><strong>This is the only time it is shown.</strong> Keep it somewhere safe before you go on.</p>
<p><a class="button main" href="${page.back}">I have it, go on</a></p></div>`,
})
