import { html } from 'hono/html'
import { languageOf } from '../../../notifications/mail-texts.ts'
import { type FormState, inputField } from '../elements.ts'
import type { Page } from '../page.ts'
import { orderPageTexts } from './order-page-texts.ts'

/** Where a buyer who has lost the address of an order asks for it; it says the same whoever asks. */
export function findOrdersPage({ locale, state, sent }: { locale: string; state: FormState; sent: boolean }): Page {
  const { language, direction } = languageOf(locale)
  const texts = orderPageTexts({ language })
  return {
    title: texts.findTitle,
    narrow: true,
    language,
    direction,
    body: html`<h1>${texts.findTitle}</h1>
${sent ? html`<p class="notice good" role="status">${texts.findDone}</p>` : html`<p>${texts.findHint}</p>`}
<form method="post" action="/o">
${inputField({ name: 'email', label: texts.email, state, attributes: { type: 'email', autocomplete: 'email', required: true, maxlength: 254 } })}
<button class="main">${texts.findButton}</button>
</form>`,
  }
}

/** What is wrong with an address, in the reader's language. */
export const emailProblem = (locale: string): string => orderPageTexts(languageOf(locale)).emailWrong
