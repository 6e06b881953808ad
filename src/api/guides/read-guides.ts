import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Marked } from 'marked'
import sanitize from 'sanitize-html'

/** A part of a guide below one of its headings, as plain text to be searched. */
export type Section = { anchor: string; title: string; text: string }
export type Guide = { name: string; title: string; html: string; sections: readonly Section[] }

const docs = path.resolve(import.meta.dirname, '../../../docs')
const folder = path.join(docs, 'guides')

/** Stand beside the guides and are shown among them. */
const besides = ['configuration.md']

/** The order in which they are read; others come after these. */
const order = [
  'first-order',
  'selling',
  'going-live',
  'webhooks',
  'idempotency',
  'errors',
  'testing',
  'several-sellers',
  'configuration',
  'adding-a-provider',
]
const placeOf = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)

/** Every guide of `docs/guides` and what stands beside them, in their order; none where the program was copied without them. */
export function readGuides(): readonly Guide[] {
  const files = existsSync(folder) ? readdirSync(folder).map((file) => path.join(folder, file)) : []
  const others = besides.map((file) => path.join(docs, file)).filter((file) => existsSync(file))
  return [...files, ...others]
    .filter((file) => file.endsWith('.md'))
    .map((file) => toGuide(path.basename(file, '.md'), readFileSync(file, 'utf8')))
    .sort((a, b) => placeOf(a.name) - placeOf(b.name))
}

/** A picture of a guide; undefined for what there is not. */
export const readPicture = (name: string): string | undefined =>
  /^[a-z-]+\.svg$/.test(name) && existsSync(path.join(folder, name))
    ? readFileSync(path.join(folder, name), 'utf8')
    : undefined

/** The page of a Markdown text, with an address for each heading. What a page of ours may not hold is left out, whoever wrote it. */
export function toGuide(name: string, markdown: string): Guide {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      table(token) {
        const row = (cells: typeof token.header, tag: string) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`
        const body = token.rows.map((cells) => row(cells, 'td')).join('')
        return `<div class="scroll" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>`
      },
    },
  })
  const html = sanitize(marked.parse(markdown, { async: false }), {
    allowedTags: [...sanitize.defaults.allowedTags, 'img'],
    allowedAttributes: {
      a: ['href'],
      img: ['src', 'alt'],
      div: ['class', 'tabindex'],
      ...Object.fromEntries(['h1', 'h2', 'h3'].map((tag) => [tag, ['id']])),
    },
    allowedClasses: { div: ['scroll'] },
  })
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? name
  return { name, title, html, sections: sectionsOf(title, markdown) }
}

function sectionsOf(title: string, markdown: string): Section[] {
  return markdown.split(/^(?=##? )/m).flatMap((part) => {
    const [heading = '', ...lines] = part.split('\n')
    const name = heading.replace(/^#+ /, '').trim()
    const text = lines.join(' ').replace(/[`*|#]|\]\([^)]*\)/g, ' ')
    if (!name) return []
    return [{ anchor: anchorOf(name), title: name === title ? title : `${title}: ${name}`, text }]
  })
}

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
