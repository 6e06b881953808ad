import { html } from 'hono/html'

/** A line of goods, ready to be read. */
type GoodsRow = { name: string; quantity: number; amount?: string }

export type MailBlock =
  | { type: 'text'; text: string }
  /** Labels with what belongs to them; a value may have several lines. */
  | { type: 'facts'; rows: readonly (readonly [label: string, value: string])[] }
  | { type: 'goods'; rows: readonly GoodsRow[]; totals: readonly (readonly [label: string, amount: string])[] }
  | { type: 'link'; label: string; url: string }

/** What a mail says, in the reader's language, before it has a form. */
export type MailContent = {
  language: string
  direction: 'ltr' | 'rtl'
  subject: string
  blocks: readonly MailBlock[]
}

/** A mail's two forms, which say the same. */
export const renderContent = (content: MailContent): { subject: string; text: string; html: string } => ({
  subject: oneLine(content.subject),
  text: content.blocks.map(blockText).join('\n\n'),
  html: contentHtml(content),
})

/**
 * A name as a mail may greet with: nobody writes a mail of his own to somebody else by what he calls himself. Undefined for what is no
 * name: an address of a page, several lines, a sentence.
 */
export const nameToGreet = (name: string | null | undefined): string | undefined =>
  name && name.length <= 80 && !/[\p{Cc}\u2028\u2029]|:\/\/|www\.|\.[a-z]{2,}(\/|$)|@/iu.test(name) ? name : undefined

/** A header must not contain what a name could smuggle into it. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)

function blockText(block: MailBlock): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${value.replaceAll('\n', '\n  ')}`).join('\n')
    case 'goods':
      return [
        ...block.rows.map(({ name, quantity, amount }) =>
          [`${quantity} × ${oneLine(name)}`, ...(amount ? [amount] : [])].join(': '),
        ),
        ...block.totals.map(([label, amount]) => `${label}: ${amount}`),
      ].join('\n')
    case 'link':
      return `${block.label}: ${block.url}`
  }
}

const contentHtml = ({ language, direction, subject, blocks }: MailContent): string =>
  String(html`<!doctype html>
<html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><title>${oneLine(subject)}</title></head>
<body>
${blocks.map(blockHtml)}
</body></html>`)

function blockHtml(block: MailBlock) {
  switch (block.type) {
    case 'text':
      return html`<p>${lines(block.text)}</p>`
    case 'facts':
      return html`<table role="presentation" cellpadding="4">${block.rows.map(
        ([label, value]) => html`<tr><td valign="top">${label}</td><td><bdi>${lines(value)}</bdi></td></tr>`,
      )}</table>`
    case 'goods':
      return html`<table cellpadding="4">
${block.rows.map(
  ({ name, quantity, amount }) =>
    html`<tr><td><bdi>${quantity} × ${name}</bdi></td><td><bdi>${amount ?? ''}</bdi></td></tr>`,
)}
${block.totals.map(([label, amount]) => html`<tr><th align="start">${label}</th><td><bdi>${amount}</bdi></td></tr>`)}
</table>`
    case 'link':
      return html`<p><a href="${block.url}">${block.label}</a></p>`
  }
}

const lines = (value: string) => value.split('\n').map((line, index) => (index === 0 ? line : html`<br>${line}`))
