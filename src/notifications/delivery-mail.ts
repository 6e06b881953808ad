import { html } from 'hono/html'
import type { MailMessage } from './mailer.ts'

export type DeliveredGoods = {
  mailId: string
  orderId: string
  email: string
  buyerName: string | null
  merchantName: string
  slug: string
  items: { name: string; contentType: 'file' | 'link' | 'text'; content: string }[]
}

/** The mail that hands digital goods to their buyer: texts and keys inside, files and links behind the order's page. */
export function deliveryMail(goods: DeliveredGoods, publicUrl: string): MailMessage {
  const page = `${publicUrl}/c/${goods.slug}/order/${goods.orderId}`
  const names = goods.items.map((item) => item.name).join(', ')
  const greeting = goods.buyerName ? `Hello ${goods.buyerName},` : 'Hello,'
  const lines = goods.items.map((item) =>
    item.contentType === 'text' ? `${item.name}:\n${item.content}` : `${item.name}: ${page}`,
  )
  return {
    id: goods.mailId,
    to: goods.email,
    subject: oneLine(`Your order from ${goods.merchantName}: ${names}`),
    text: [greeting, 'Thank you for your order. Here it is:', ...lines, `Your order: ${page}`, goods.merchantName].join(
      '\n\n',
    ),
    html: String(
      html`<p>${greeting}</p><p>Thank you for your order. Here it is:</p>
${goods.items.map((item) =>
  item.contentType === 'text'
    ? html`<p><strong>${item.name}</strong></p><pre>${item.content}</pre>`
    : html`<p><strong>${item.name}</strong>: <a href="${page}">open it on your order page</a></p>`,
)}
<p><a href="${page}">Your order ${goods.orderId}</a></p><p>${goods.merchantName}</p>`,
    ),
  }
}

/** A header must not contain what a product's name could smuggle into it. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 200)
