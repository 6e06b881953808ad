import type { Context } from 'hono'
import { z } from 'zod'
import { payLink } from '../../../confirmation/pay-link.ts'
import { createOrderTokens } from '../../../links/order-token.ts'
import { offeredMethods, type PublicLink, quantitiesOf, readPublicLink } from '../../../links/public-link.ts'
import { readBrand } from '../../../merchants/brands.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isHosted, paymentMethods } from '../../../providers/payment-methods.ts'
import { isLive } from '../../../providers/providers.ts'
import { readOrderCookie, sendOrderCookie } from '../../order-cookie.ts'
import { branded } from '../../pages/buyer/branded.ts'
import { type BuyerTexts, buyerTextsOf, isBuyerRefusal, type Mistake } from '../../pages/buyer/buyer-texts.ts'
import { checkoutPage } from '../../pages/buyer/checkout-page.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { localeOf, orderLocaleOf } from '../../pages/locale.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { createPrices, type Shown, toPlace, toQuantity, toSeen } from './checkout-prices.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm, type SentForm } from './page-form.ts'
import { cardForm, payAddress, payOrigins } from './pay-onward.ts'
import { readPictures } from './product-pictures.ts'

/** Said in the buyer's language where the page is drawn. */
const mistake = (name: Mistake): string => name

const inputSchema = z.object({
  email: z.email(mistake('emailWrong')).max(254, mistake('emailLong')),
  name: z
    .string()
    .max(200, mistake('nameLong'))
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, mistake('nameLine')),
  method: z.enum(paymentMethods, mistake('methodWrong')).optional(),
})

/** `/c/{slug}`: the page a link leads to, and its form. */
export function registerCheckout(app: PageApp, parts: PageParts): void {
  const tokens = createOrderTokens(parts.config)
  const prices = createPrices(parts)
  /** The browser has its token before it orders, so that two clicks are one order. */
  const takeToken = (c: Context, slug: string): string => {
    const token = tokens.take(readOrderCookie(c))
    sendOrderCookie(c, parts.config, `/c/${slug}`, token)
    return token
  }
  const show = (c: Context, shown: Shown, state: FormState, status: PageStatus = 200) =>
    draw(c, parts, shown, state, status)
  /** Says on the page what a buyer can do something about. */
  const explain = async (c: Context, slug: string, values: FormState['values'], error: unknown) => {
    if (!(error instanceof ApiError) || !isBuyerRefusal(error.code)) throw error
    const words = wordsFor(c)
    const shown = await prices.lookAgain(c, slug, values, error.code)
    const problem = error.code === 'out_of_stock' ? 'fewerLeft' : 'quantityRange'
    const left = error.parameter === 'quantity' ? quantityError(problem, shown.link, words) : undefined
    const errors = left ?? { [fieldOf(error.code)]: words.refusals[error.code] }
    return show(c, shown, { values, errors }, error.status as PageStatus)
  }

  app.get('/c/:slug', async (c) => {
    const slug = slugOf(c.req.param('slug'))
    takeToken(c, slug)
    return show(c, await prices.look(c, slug), emptyForm)
  })

  app.post('/c/:slug', async (c) => {
    const slug = slugOf(c.req.param('slug'))
    const form = await readForm(c)
    const values = valuesOf(form)
    const code = values.coupon_code || undefined
    const place = toPlace(values)
    const link = await readPublicLink(parts.database.sql, slug)
    const { quantity, mistake } = toQuantity(values.quantity, link)
    try {
      const input = inputSchema.safeParse({ ...values, method: values.method || undefined })
      if (!input.success || mistake || form.text('apply')) {
        const wrong = form.text('apply') ? {} : errorsOf(input.error, wordsFor(c))
        const errors = { ...wrong, ...quantityError(mistake, link, wordsFor(c)) }
        const shown = await prices.look(c, slug, { code, email: values.email, place, quantity })
        return await show(c, shown, { values, errors }, Object.keys(errors).length > 0 ? 400 : 200)
      }
      await parts.limits.pay(c)
      const locale = orderLocaleOf(c.req.header('accept-language'))
      const buyer = { ...input.data, name: input.data.name || undefined, locale }
      const wanted = { ...buyer, slug, token: takeToken(c, slug), code, place, quantity, seen: toSeen(values.seen) }
      const { order, payment } = await prices.guessing(c, slug, code, () => payLink(parts, wanted))
      const page = `/c/${slug}/order/${order.orderId}`
      // The card form on the page goes on with what was begun.
      if (c.req.header('accept') === 'application/json') {
        const next = payment?.checkoutUrl ?? `${parts.config.publicUrl}${page}`
        return c.json({ clientSecret: payment?.clientSecret, next }, 200, { 'cache-control': 'no-store' })
      }
      const next = payment ? payAddress(parts, slug, payment) : page
      return c.redirect(next, 303)
    } catch (error) {
      return explain(c, slug, values, error)
    }
  })
}

/** Answers with the page as its buyer sees it now. */
async function draw(c: Context, parts: PageParts, { link, offer }: Shown, state: FormState, status: PageStatus) {
  const methods = offeredMethods(link, parts.providers)
  const hosted = methods.some(isHosted)
  const locale = localeOf(c.req.header('accept-language'))
  const { sql } = parts.database
  const [brand, pictureOf] = await Promise.all([
    readBrand(sql, link.merchantId),
    readPictures(sql, parts.config.publicUrl, [link.imageUrl]),
  ])
  const page = checkoutPage({
    testMode: !isLive(parts.providers),
    link,
    offer,
    picture: pictureOf(link.imageUrl),
    methods,
    locale,
    state,
    publicUrl: parts.config.publicUrl,
    payOrigins: payOrigins(parts.config, hosted),
    card: cardForm(parts),
  })
  return sendPage(c, branded(page, brand, locale), status)
}

const valuesOf = ({ text }: SentForm) => ({
  email: text('email').trim(),
  name: text('name').trim(),
  method: text('method').trim(),
  coupon_code: text('coupon_code').trim(),
  country: text('country').trim(),
  state: text('state').trim(),
  postal_code: text('postal_code').trim(),
  seen: text('seen').trim(),
  quantity: text('quantity').trim(),
})

const wordsFor = (c: Context): BuyerTexts => buyerTextsOf(localeOf(c.req.header('accept-language'))).words

const errorsOf = (error: z.ZodError | undefined, { mistakes }: BuyerTexts): FormState['errors'] =>
  Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [String(path[0]), mistakes[message as Mistake]]))

/** What a buyer reads beside a quantity that cannot be had. */
const quantityError = (
  mistake: 'quantityRange' | 'fewerLeft' | undefined,
  link: PublicLink,
  words: BuyerTexts,
): FormState['errors'] => {
  const { min, max } = quantitiesOf(link)
  if (mistake === undefined) return {}
  return { quantity: mistake === 'fewerLeft' ? words.fewerLeft(max) : words.quantityRange({ min, max }) }
}

const fieldOf = (code: ApiError['code']): string => {
  if (code === 'tax_location_required') return 'country'
  return code.startsWith('coupon_') ? 'coupon_code' : 'form'
}

/** What cannot be a slug is unknown, whatever it would do to a query. */
export function slugOf(slug: string): string {
  if (!/^[a-z0-9-]{1,64}$/.test(slug)) throw new ApiError('not_found')
  return slug
}
