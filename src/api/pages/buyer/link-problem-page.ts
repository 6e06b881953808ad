import { html } from 'hono/html'
import type { Page } from '../page.ts'
import { type BuyerTexts, buyerTextsOf } from './buyer-texts.ts'

/** Why nothing can be bought by a link, where that is no mistake of the buyer's. */
export type LinkProblem = 'not_found' | 'link_expired' | 'link_used_up' | 'out_of_stock'

const known: readonly string[] = ['not_found', 'link_expired', 'link_used_up', 'out_of_stock'] satisfies LinkProblem[]
export const isLinkProblem = (code: string): code is LinkProblem => known.includes(code)

const wordsOf = (words: BuyerTexts, problem: LinkProblem): readonly [title: string, sentence: string] => {
  if (problem === 'not_found') return words.noOffer
  return problem === 'link_expired' ? words.offerEnded : words.offerSoldOut
}

/** What a buyer can do where a link sells nothing (any more), in the buyer's language. */
export function linkProblemPage(problem: LinkProblem, locale: string): Page {
  const { language, direction, words } = buyerTextsOf(locale)
  const [title, sentence] = wordsOf(words, problem)
  return {
    title,
    language,
    direction,
    body: html`<div class="shop">
<h1>${title}</h1>
<p>${sentence}</p>
<p><a href="/o">${words.findOrders}</a></p>
</div>`,
  }
}
