import type { Context } from 'hono'
import { z } from 'zod'
import { payLink } from '../../../confirmation/pay-link.ts'
import { createOrderTokens } from '../../../links/order-token.ts'
import { offeredMethods } from '../../../links/public-link.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isHosted, paymentMethods } from '../../../providers/payment-methods.ts'
import { readOrderCookie, sendOrderCookie } from '../../order-cookie.ts'
import { checkoutPage } from '../../pages/buyer/checkout-page.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { localeOf } from '../../pages/locale.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { createPrices, type Shown, toPlace, toSeen } from './checkout-prices.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'
import { payAddress, payOrigins } from './pay-onward.ts'

const inputSchema = z.object({
  email: z.email('Please enter an email address, such as ada@example.com.').max(254, 'This address is too long.'),
  name: z
    .string()
    .max(200, 'Please use at most 200 characters.')
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'Please use one line.'),
  method: z.enum(paymentMethods, 'Please choose how to pay.').optional(),
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
  const show = async (c: Context, { link, offer }: Shown, state: FormState, status: PageStatus = 200) => {
    const methods = offeredMethods(link, parts.providers)
    const hosted = methods.some(isHosted)
    const locale = localeOf(c.req.header('accept-language'))
    return sendPage(
      c,
      checkoutPage({ link, offer, methods, locale, state, payOrigins: payOrigins(parts.config, hosted) }),
      status,
    )
  }
  /** Says on the page what a buyer can do something about. */
  const explain = async (c: Context, slug: string, values: FormState['values'], error: unknown) => {
    const message = error instanceof ApiError ? buyerMessages[error.code] : undefined
    if (!(error instanceof ApiError) || !message) throw error
    const field = fieldOf(error.code)
    const shown = await prices.lookAgain(c, slug, values, error.code)
    return show(c, shown, { values, errors: { [field]: message } }, error.status as PageStatus)
  }

  app.get('/c/:slug', async (c) => {
    const slug = slugOf(c.req.param('slug'))
    takeToken(c, slug)
    return show(c, await prices.look(c, slug), emptyForm)
  })

  app.post('/c/:slug', async (c) => {
    const slug = slugOf(c.req.param('slug'))
    const form = await readForm(c)
    const text = (name: string) => form.text(name).trim()
    const values = {
      email: text('email'),
      name: text('name'),
      method: text('method'),
      coupon_code: text('coupon_code'),
      country: text('country'),
      state: text('state'),
      postal_code: text('postal_code'),
      seen: text('seen'),
    }
    const code = values.coupon_code || undefined
    const place = toPlace(values)
    try {
      const input = inputSchema.safeParse({ ...values, method: values.method || undefined })
      if (!input.success || text('apply')) {
        const errors = text('apply') ? {} : errorsOf(input.error)
        const shown = await prices.look(c, slug, { code, email: values.email, place })
        return await show(c, shown, { values, errors }, text('apply') ? 200 : 400)
      }
      await parts.limits.pay(c)
      const { email, name, method } = input.data
      const token = takeToken(c, slug)
      const wanted = { slug, email, name: name || undefined, method, token, code, place, seen: toSeen(values.seen) }
      const { order, payment } = await prices.guessing(c, slug, code, () => payLink(parts, wanted))
      const next = payment ? payAddress(parts, slug, payment) : `/c/${slug}/order/${order.orderId}`
      return c.redirect(next, 303)
    } catch (error) {
      return explain(c, slug, values, error)
    }
  })
}

const errorsOf = (error: z.ZodError | undefined): FormState['errors'] =>
  Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [String(path[0]), message]))

const buyerMessages: Partial<Record<ApiError['code'], string>> = {
  payment_method_unavailable: 'This way to pay is not available at the moment. Please choose another one.',
  payment_under_way: 'Your payment is on its way. Your order goes on by itself as soon as it has arrived.',
  payment_refused: 'The payment could not be started. Nothing was charged; please try again.',
  provider_unavailable: 'The payment provider does not answer. Nothing was charged; please try again in a moment.',
  price_changed: 'This is what it costs now. Please have a look, and press the button again.',
  coupon_not_valid: 'This code is not valid.',
  coupon_minimum_not_met: 'This costs less than the code asks for.',
  coupon_not_applicable: 'This code is for something else.',
  tax_location_required: 'Please choose your country: the tax depends on it.',
  selling_entity_not_found: 'This is not sold in your country.',
  merchant_share_negative: 'This cannot be sold at the moment. Please tell the seller.',
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
