import { html } from 'hono/html'
import type { Sql } from '../database/database.ts'
import { deliveryStateSql } from '../orders/held-by-dispute.ts'
import { nameToGreet, oneLine } from './mail-content.ts'

export type DeliveredGoods = {
  orderId: string
  buyerName: string | null
  merchantName: string
  slug: string
  items: { name: string; contentType: 'file' | 'link' | 'text'; content: string }[]
}

/** The mail that hands digital goods to their buyer: texts and keys inside, files and links behind the order's page. */
export function deliveryMail(
  goods: DeliveredGoods,
  publicUrl: string,
): { subject: string; text: string; html: string } {
  const page = `${publicUrl}/c/${goods.slug}/order/${goods.orderId}`
  const names = goods.items.map((item) => item.name).join(', ')
  const name = nameToGreet(goods.buyerName)
  const greeting = name ? `Hello ${name},` : 'Hello,'
  const lines = goods.items.map((item) =>
    item.contentType === 'text' ? `${item.name}:\n${item.content}` : `${item.name}: ${page}`,
  )
  return {
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

/** Reads what an order's buyer was handed and writes the mail about it; undefined when nothing is delivered (any more). */
export async function writeDeliveryMail(sql: Sql, orderId: string, publicUrl: string) {
  const [goods] = await sql<DeliveredGoods>(
    `select o.id as "orderId", o.buyer_name as "buyerName", mer.name as "merchantName", l.slug,
       (select coalesce(json_agg(json_build_object('name', i.product ->> 'name', 'contentType', d.content_type, 'content', d.content)
           order by i.position), '[]')
         from order_items i join deliveries d on d.order_item_id = i.id and ${deliveryStateSql('o', 'd')} = 'delivered' where i.order_id = o.id) as items
     from orders o join merchants mer on mer.id = o.merchant_id join links l on l.id = o.link_id
     where o.id = $1`,
    [orderId],
  )
  return goods && goods.items.length > 0 ? deliveryMail(goods, publicUrl) : undefined
}
