import { z } from 'zod'
import { addressOfDelivery, requireOpen } from '../../../goods/download-grants.ts'
import { readItemDelivery } from '../../../goods/item-delivery.ts'
import { readBrand } from '../../../merchants/brands.ts'
import { sendOrdersAgain } from '../../../notifications/buyers-orders.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { createOrderPages } from '../../../orders/order-page-address.ts'
import { readSeller } from '../../../orders/order-seller.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { branded } from '../../pages/buyer/branded.ts'
import { emailProblem, findOrdersPage } from '../../pages/buyer/find-orders-page.ts'
import { wholeOrderPage } from '../../pages/buyer/whole-order-page.ts'
import { emptyForm } from '../../pages/elements.ts'
import { localeOf } from '../../pages/locale.ts'
import { sendPage } from '../../pages/page.ts'
import { sendPaper } from './order-papers.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'
import { imageOf, readPictures } from './product-pictures.ts'

const emailSchema = z.email().max(254)

/** `/o/{token}`: an order for its buyer, whatever was sold, and `/o`: where its address is asked for again. */
export function registerWholeOrder(app: PageApp, parts: PageParts): void {
  const pages = createOrderPages(parts.config)

  app.get('/o', (c) => {
    const locale = localeOf(c.req.header('accept-language'))
    return sendPage(c, findOrdersPage({ locale, state: emptyForm, sent: false }))
  })

  app.post('/o', async (c) => {
    await parts.limits.pay(c)
    const locale = localeOf(c.req.header('accept-language'))
    const email = emailSchema.safeParse((await readForm(c)).text('email').trim())
    if (!email.success) {
      const state = { values: {}, errors: { email: emailProblem(locale) } }
      return sendPage(c, findOrdersPage({ locale, state, sent: false }), 400)
    }
    await inTransaction(parts, (tx) => sendOrdersAgain(tx, email.data))
    return sendPage(c, findOrdersPage({ locale, state: emptyForm, sent: true }))
  })

  /** @throws ApiError `not_found`, also for the order of a person who is to be forgotten */
  const read = async (token: string) => {
    const orderId = pages.open(token)
    const seller = orderId === undefined ? undefined : await readSeller(parts.database.sql, orderId)
    const order = orderId && seller && (await readOrder(parts.database.sql, seller, orderId))
    if (!order || order.requestToBeForgotten) throw new ApiError('not_found')
    return { order, ...seller }
  }

  app.get('/o/:token', async (c) => {
    const token = c.req.param('token')
    const { order, merchantId } = await read(token)
    const { sql } = parts.database
    const shown = await readPictures(sql, parts.config.publicUrl, order.items.map(imageOf))
    const page = wholeOrderPage({
      order,
      address: `/o/${token}`,
      documents: order.documents,
      pictureOf: (item) => shown(imageOf(item)),
    })
    return sendPage(c, branded(page, await readBrand(sql, merchantId), page.language ?? 'en'))
  })

  app.get('/o/:token/items/:itemId', async (c) => {
    const { order } = await read(c.req.param('token'))
    return c.redirect(await openItem(parts, order.id, c.req.param('itemId')), 302)
  })

  app.get('/o/:token/papers/:fileId/:format', async (c) => {
    const { order, merchantId } = await read(c.req.param('token'))
    return sendPaper(c, parts, { merchantId, documents: order.documents })
  })
}

/** Where what was handed over of an item is fetched. @throws ApiError `not_found`, and what {@link requireOpen} throws */
async function openItem(parts: PageParts, orderId: string, itemId: string): Promise<string> {
  const { sql } = parts.database
  const delivery = await readItemDelivery(sql, { orderId, itemId })
  if (!delivery || delivery.contentType === 'text') throw new ApiError('not_found')
  const { deliveryId, contentType, content } = delivery
  await requireOpen(sql, deliveryId)
  return addressOfDelivery(parts, { deliveryId, contentType, content })
}
