import { raw } from 'hono/html'
import MarkdownIt from 'markdown-it'
import type { Html } from './page.ts'

/** Links of somebody else's text: they pass on no reputation of ours, and nothing of the page that they are on. */
const foreign = 'nofollow noopener noreferrer'
const allowed = /^(?:https?:\/\/|mailto:)/i

/**
 * What sellers write, as HTML: paragraphs, lists, links, and what else stands in a description. HTML in it is text, pictures are their words,
 * because a page loads nothing from elsewhere, and what is nested deeper than anybody reads is text.
 */
const reader = new MarkdownIt('commonmark', {
  html: false,
  breaks: true,
  linkify: true,
  maxNesting: 20,
  xhtmlOut: false,
})
reader.enable(['linkify', 'strikethrough'])
reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
reader.validateLink = (address) => allowed.test(address.trim())
reader.renderer.rules.image = (tokens, at) => reader.utils.escapeHtml(tokens[at]?.content ?? '')
reader.renderer.rules.link_open = (tokens, at, options, _, self) => {
  tokens[at]?.attrSet('rel', foreign)
  return self.renderToken(tokens, at, options)
}
// The page has its title: what the text calls a title is below that, and no level is left out.
reader.core.ruler.push('headings', ({ tokens }) => {
  let level = 1
  for (const token of tokens) {
    if (token.type === 'heading_open') level = Math.min(Number(token.tag.slice(1)) + 1, level + 1, 6)
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${level}`
  }
})

/** A description as HTML that holds nothing but text and links. */
export const markdownHtml = (text: string): Html => raw(reader.render(text))

/** A description in one line of plain words, for where no HTML may stand; cut at a word where it is longer than that. */
export function plainText(markdown: string, longest: number): string {
  const words = reader
    .parse(markdown, {})
    .flatMap((token) => token.children ?? [token])
    .map(({ type, content }) => (type === 'softbreak' || type === 'hardbreak' || content === '' ? ' ' : content))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (words.length <= longest) return words
  const cut = words.slice(0, longest - 1)
  return `${cut.slice(0, cut.lastIndexOf(' ') > longest / 2 ? cut.lastIndexOf(' ') : undefined)}…`
}
