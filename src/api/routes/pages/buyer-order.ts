import type { Context } from 'hono'
import { type StartedPayment, startPayment } from '../../../confirmation/start-payment.ts'
import { readDigitalOrder } from '../../../links/digital-orders.ts'
import { findPublicLink, offeredMethods } from '../../../links/public-link.ts'
import { readBrand } from '../../../merchants/brands.ts'
import { declineWords } from '../../../notifications/decline-words.ts'
import { type OrderView, readOrder } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isHosted, type PaymentMethod, paymentMethods } from '../../../providers/payment-methods.ts'
import { branded } from '../../pages/buyer/branded.ts'
import { buyerTextsOf } from '../../pages/buyer/buyer-texts.ts'
import { buyerOrderPage } from '../../pages/buyer/order-page.ts'
import { payPage } from '../../pages/buyer/pay-page.ts'
import { localeOf } from '../../pages/locale.ts'
import { type Page, sendPage } from '../../pages/page.ts'
import { idParam } from '../../schemas.ts'
import { slugOf } from './checkout.ts'
import { sendPaper } from './order-papers.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'
import { cardForm, payAddress, payOrigins } from './pay-onward.ts'
import { imageOf, readPictures } from './product-pictures.ts'

const localeFor = (c: Context) => localeOf(c.req.header('accept-language'))

/** `/c/{slug}/order/{orderId}`: where a buyer waits, pays again, and finds what was bought. */
export function registerBuyerOrder(app: PageApp, parts: PageParts): void {
  const sendBranded = async (c: Context, merchantId: string, page: Page) =>
    sendPage(c, branded(page, await readBrand(parts.database.sql, merchantId), localeFor(c)))

  app.get('/c/:slug/order/:id', async (c) => {
    const { slug, id } = c.req.param()
    // A provider adds its secrets to the address; they do not stay there, where they would be copied along.
    if (c.req.query('payment_intent_client_secret') !== undefined)
      return c.redirect(`/c/${slugOf(slug)}/order/${id}?back=1`, 303)
    const { order, view, link } = await read(parts, slug, id)
    const { method: former, failureCode } = view.charges.at(-1) ?? {}
    const offered = link ? offeredMethods(link, parts.providers) : []
    const hosted = [...offered, ...view.charges.map(({ method }) => method)].some(isHosted)
    const image = imageOf(view.items[0] ?? { product: {} })
    const pictureOf = await readPictures(parts.database.sql, parts.config.publicUrl, [image])
    return sendBranded(
      c,
      order.merchantId,
      buyerOrderPage({
        picture: pictureOf(image),
        quantity: view.items[0]?.quantity ?? 1,
        order,
        slug,
        cancelReason: view.cancelReason,
        declined: failureCode ? declineWords(buyerTextsOf(localeFor(c)).language, failureCode) : null,
        back: c.req.query('back') === '1',
        claims: openClaims(view),
        documents: buyersDocuments(view),
        otherMethods: offered.filter((method) => method !== former),
        locale: localeFor(c),
        payOrigins: payOrigins(parts.config, hosted),
      }),
    )
  })

  app.get('/c/:slug/order/:id/papers/:fileId/:format', async (c) => {
    const { order, view } = await read(parts, c.req.param('slug'), c.req.param('id'))
    return sendPaper(c, parts, { merchantId: order.merchantId, documents: buyersDocuments(view) })
  })

  app.post('/c/:slug/order/:id/pay', async (c) => {
    const { slug, id } = c.req.param()
    if (c.req.header('accept') !== 'application/json') {
      const wish = (await readForm(c)).text('method')
      return c.redirect(await payOrShow(parts, slug, id, wish), 303)
    }
    try {
      return c.json({ clientSecret: (await pay(parts, slug, id)).clientSecret }, 200, { 'cache-control': 'no-store' })
    } catch (error) {
      if (error instanceof ApiError) return c.json({ message: error.message }, error.status)
      throw error
    }
  })

  app.get('/c/:slug/order/:id/pay', async (c) => {
    const { slug, id } = c.req.param()
    const form = cardForm(parts)
    const { order } = await read(parts, slug, id)
    if (!form) return c.redirect(`/c/${slug}/order/${id}`, 303)
    const { publicUrl } = parts.config
    return sendBranded(c, order.merchantId, payPage({ order, slug, form, locale: localeFor(c), publicUrl }))
  })
}

/** Papers name a person: once that one is to be forgotten, whoever has the address of the page has no more of them. */
const buyersDocuments = ({ documents, requestToBeForgotten }: OrderView) => (requestToBeForgotten ? [] : documents)

/** What its buyer has not fetched yet. Only the order's page has it: who can open that, has the order. */
const openClaims = ({ charges }: OrderView) =>
  charges
    .flatMap(({ entries }) => entries)
    .flatMap(({ state, amount, claimUrl }) =>
      claimUrl && (state === 'pending' || state === 'pending_information') ? [amount] : [],
    )

/** @throws ApiError `not_found`, also for the order of another link */
async function read({ database: { sql } }: PageParts, slug: string, orderId: string) {
  if (!idParam.safeParse(orderId).success) throw new ApiError('not_found')
  const order = await readDigitalOrder(sql, orderId)
  if (!order || order.slug !== slugOf(slug)) throw new ApiError('not_found')
  const [view, link] = await Promise.all([
    readOrder(sql, { merchantId: order.merchantId }, orderId),
    findPublicLink(sql, slug),
  ])
  if (!view) throw new ApiError('not_found')
  return { order, view, link }
}

/** Goes on with the way to pay that was begun, or with another one that the buyer has chosen. */
async function pay(parts: PageParts, slug: string, orderId: string, wish = ''): Promise<StartedPayment> {
  const { order, view, link } = await read(parts, slug, orderId)
  const former = view.charges.at(-1)?.method
  const offered: readonly PaymentMethod[] = link ? offeredMethods(link, parts.providers) : []
  const chosen = offered.find((known) => known === wish)
  const method = chosen ?? paymentMethods.find((known) => known === former) ?? offered[0]
  if (!method) throw new ApiError('payment_method_unavailable')
  return startPayment(parts, {
    orderId,
    method,
    returnUrl: `${parts.config.publicUrl}/c/${slug}/order/${orderId}`,
    visibleTo: { merchantId: order.merchantId },
  })
}

/** Where the pay button leads; an order that was paid or closed meanwhile explains itself. */
async function payOrShow(parts: PageParts, slug: string, orderId: string, wish: string): Promise<string> {
  try {
    return payAddress(parts, slug, await pay(parts, slug, orderId, wish))
  } catch (error) {
    if (error instanceof ApiError && error.code === 'order_not_payable') return `/c/${slug}/order/${orderId}`
    throw error
  }
}
