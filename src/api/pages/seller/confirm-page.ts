import { html } from 'hono/html'
import type { Page } from '../page.ts'

/** Asks before something that cannot be taken back. */
export const confirmPage = (page: {
  title: string
  sentence: string
  button: string
  action: string
  back: string
  /** What may be said besides yes or no. */
}): Page => ({
  title: page.title,
  body: html`<div class="shop"><h1>${page.title}</h1>
<p>${page.sentence}</p>
<form method="post" action="${page.action}" class="actions"><button class="danger">${page.button}</button> <a href="${page.back}">No, go back</a></form></div>`,
})
