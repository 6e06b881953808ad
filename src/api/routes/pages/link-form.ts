import type { Context } from 'hono'
import type { z } from 'zod'
import { readSku } from '../../../catalog/skus.ts'
import type { Link } from '../../../links/link.entity.ts'
import { createLink, updateLink } from '../../../links/links.ts'
import { listProducts } from '../../../links/products.ts'
import { linkRevenue } from '../../../links/revenue.ts'
import { ApiError } from '../../../platform/errors.ts'
import { type PaymentMethod, paymentMethods } from '../../../providers/payment-methods.ts'
import { providerOfMethod } from '../../../providers/providers.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { linkFormPage } from '../../pages/seller/link-pages.ts'
import { linkInputSchema } from '../digital/digital-json.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageEnv, PageParts } from './page-app.ts'
import { readForm, type SentForm, toErrors } from './page-form.ts'

const productsToChoose = 100

/** The form of a link, shown and saved: a new one's without `link`. */
export function createLinkForm(parts: PageParts) {
  const methods = paymentMethods.filter((method) => providerOfMethod(parts.providers, method) !== undefined)

  const show = async (
    c: Context<PageEnv>,
    link: Link | undefined,
    form: { state: FormState; chosenMethods: readonly string[] },
    status: PageStatus = 200,
  ) => {
    const member = c.get('member')
    const em = parts.database.em()
    const { products } = await listProducts(em, member.merchantId, { limit: productsToChoose, offset: 0 })
    const saved = link && {
      link,
      revenue: await linkRevenue(parts.database.sql, {
        merchantId: member.merchantId,
        linkId: link.id,
        currency: (await readSku(em, member.merchantId, link.productId)).currency,
      }),
    }
    const { publicUrl } = parts.config
    return sendDashboard(c, 'links', linkFormPage({ member, products, methods, saved, publicUrl, ...form }), status)
  }

  const save = async (c: Context<PageEnv>, link: Link | undefined) => {
    const { merchantId } = c.get('member')
    const form = await readForm(c)
    const values = Object.fromEntries(names.map((name) => [name, form.text(name)]))
    const refuse = (errors: FormState['errors'], status: PageStatus) =>
      show(c, link, { state: { values, errors }, chosenMethods: form.all('payment_methods') }, status)
    const input = readLinkForm(form, methods)
    if (!input.success) return refuse({ ...toErrors(input.error), ...plainErrors(input.error.issues) }, 400)
    const { payment_methods: chosen } = input.data
    // Where there is nothing to choose, the form does not ask, and what was set before stays.
    const fields = toFields(input.data, (methods.length > 1 ? chosen : link?.paymentMethods) ?? null)
    try {
      const { id } = await inTransaction(parts, (tx) =>
        link ? updateLink(tx, merchantId, link.id, fields) : createLink(tx, merchantId, { ...fields, isActive: true }),
      )
      return c.redirect(`/dashboard/links/${id}?done=link-saved`, 303)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500) throw error
      if (error.code === 'not_found') return refuse({ product_id: 'Please choose one of your products.' }, 400)
      return refuse(toErrors(error), error.status as PageStatus)
    }
  }

  return { show, save }
}

const names = ['product_id', 'title', 'slug', 'max_uses', 'min_quantity', 'max_quantity', 'expires_at', 'coupon_code']

/** A link as its form shows it. */
export const toValues = (link: Link): FormState['values'] => ({
  product_id: link.productId,
  title: link.title,
  slug: link.slug,
  max_uses: String(link.maxUses),
  min_quantity: String(link.minQuantity),
  max_quantity: String(link.maxQuantity),
  expires_at: link.expiresAt?.toISOString().slice(0, 16) ?? '',
  coupon_code: link.couponCode ?? '',
})

const toFields = (input: z.infer<typeof linkInputSchema>, paymentMethods: Link['paymentMethods']) => ({
  productId: input.product_id,
  slug: input.slug,
  title: input.title,
  paymentMethods,
  maxUses: input.max_uses,
  minQuantity: input.min_quantity,
  maxQuantity: input.max_quantity,
  expiresAt: input.expires_at ? new Date(input.expires_at) : null,
  couponCode: input.coupon_code ?? null,
})

function readLinkForm(form: SentForm, offered: readonly PaymentMethod[]) {
  const chosen = form.all('payment_methods')
  const ends = form.text('expires_at').trim()
  return linkInputSchema.safeParse({
    product_id: form.text('product_id'),
    slug: form.text('slug').trim(),
    title: form.text('title'),
    payment_methods: chosen.length > 0 && offered.length > 1 ? chosen : undefined,
    max_uses: numberIn(form, 'max_uses', 0),
    min_quantity: numberIn(form, 'min_quantity', 1),
    max_quantity: numberIn(form, 'max_quantity', 1),
    // The browser sends local time without a zone, and the form says that it is UTC.
    coupon_code: form.text('coupon_code').trim() || null,
    expires_at: ends === '' ? null : `${ends.length === 16 ? `${ends}:00` : ends}Z`,
  })
}

const numberIn = (form: SentForm, name: string, empty: number): number =>
  form.text(name).trim() === '' ? empty : Number(form.text(name))

const sentences: Record<string, string> = {
  product_id: 'Please choose one of your products.',
  slug: 'Please use up to 64 lower-case letters, digits and dashes.',
  title: 'Please enter a title.',
  max_uses: 'Please enter a whole number.',
  min_quantity: 'Please enter a whole number from 1 to 10000.',
  max_quantity: 'Please enter a whole number from 1 to 10000.',
  expires_at: 'Please enter a day and a time.',
  coupon_code: 'Please enter the code of one of your coupons.',
}

const plainErrors = (issues: readonly { path: PropertyKey[] }[]): FormState['errors'] =>
  Object.fromEntries(
    issues.flatMap(({ path: [name] }) => {
      const sentence = sentences[String(name)]
      return sentence ? [[String(name), sentence]] : []
    }),
  )
