import { html } from 'hono/html'
import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Sql } from '../database/database.ts'
import { jsonList, scalar, statement } from '../database/statement.ts'
import { deliveryState } from '../orders/held-by-dispute.ts'
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

const readGoods = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('merchants as mer', 'mer.id', 'o.merchant_id')
    .innerJoin('links as l', 'l.id', 'o.link_id')
    .select((o) => [
      'o.id as orderId',
      'o.buyer_name as buyerName',
      'mer.name as merchantName',
      'l.slug',
      scalar(
        o
          .selectFrom('order_items as i')
          .innerJoin('deliveries as d', 'd.order_item_id', 'i.id')
          .select((i) =>
            jsonList(
              jsonBuildObject({
                name: sql<string>`${i.ref('i.product')} ->> 'name'`,
                contentType: i.ref('d.content_type'),
                content: i.ref('d.content'),
              }),
              i.ref('i.position'),
            ).as('list'),
          )
          .where((i) => i(deliveryState(i.ref('d.state')), '=', 'delivered'))
          .whereRef('i.order_id', '=', 'o.id'),
      ).as('items'),
    ])
    .where('o.id', '=', $.orderId),
)

/** Reads what an order's buyer was handed and writes the mail about it; undefined when nothing is delivered (any more). */
export async function writeDeliveryMail(on: Sql, orderId: string, publicUrl: string) {
  const [goods] = await readGoods(on, { orderId })
  return goods && goods.items.length > 0 ? deliveryMail(goods, publicUrl) : undefined
}
