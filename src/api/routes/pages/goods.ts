import type { Context } from 'hono'
import type { PrintfulProduct, Sku } from '../../../catalog/sku.entity.ts'
import {
  createSku,
  deleteSku,
  findSku,
  readSku,
  replaceSku,
  restoreSku,
  type SkuFields,
} from '../../../catalog/skus.ts'
import { askMockUp } from '../../../goods/make-mock-up.ts'
import { ApiError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { decimalAmount } from '../../../platform/money.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { goodsFormPage, type ShownMockUp } from '../../pages/seller/goods-pages.ts'
import { skuInputSchema, toSkuFields } from '../skus/sku-schema.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, previewOf, readForm, type SentForm, toErrors } from './page-form.ts'
import { storedPicture } from './product-pictures.ts'
import { readStock, saveStock, stockValues } from './stock-field.ts'

/** `/dashboard/new-goods`: a new product that is shipped; and how products of every kind are taken off sale. */
export function registerGoods(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/new-goods', (c) => showGoods(c, undefined, { ...emptyForm, values: newGoodsValues }))
  app.post('/dashboard/new-goods', (c) => saveGoods(c, parts, undefined))

  app.get('/dashboard/products/:id/archive', async (c) => {
    const { id, name } = await readSku(parts.database.em(), c.get('member').merchantId, c.req.param('id'))
    const page = confirmPage({
      title: `Take ${name} off sale?`,
      sentence: 'Nobody can buy it any more, and its links end. Orders that were made keep what they bought.',
      button: 'Take it off sale',
      action: `/dashboard/products/${id}/archive`,
      back: `/dashboard/products/${id}`,
    })
    return sendDashboard(c, 'products', page)
  })
  /** Where a seller sees what is left: the variants beside it, or all products. */
  const listOf = async (c: Context<PageEnv>) => {
    const sku = await findSku(parts.database.em(), c.get('member').merchantId, c.req.param('id') ?? '')
    return sku?.productId ? `/dashboard/variants/${sku.productId}` : '/dashboard/products'
  }
  app.post('/dashboard/products/:id/archive', async (c) =>
    act(c, { path: await listOf(c), done: 'product-archived' }, () =>
      deleteSku(parts.database.em(), c.get('member').merchantId, c.req.param('id')),
    ),
  )
  app.post('/dashboard/products/:id/mock-up', (c) => {
    const skuId = c.req.param('id')
    return act(c, { path: `/dashboard/products/${skuId}`, done: 'mock-up-asked' }, () =>
      inTransaction(parts, (tx) => askMockUp(tx, { merchantId: c.get('member').merchantId, skuId })),
    )
  })
  app.post('/dashboard/products/:id/restore', async (c) =>
    act(c, { path: await listOf(c), done: 'product-restored' }, () =>
      inTransaction(parts, ({ em }) => restoreSku(em, c.get('member').merchantId, c.req.param('id'))),
    ),
  )
}

/** What the form of new goods begins with. */
export const newGoodsValues = { currency: 'USD', weight_unit: 'g', size_unit: 'cm', listed: '1' }

const showGoods = (
  c: Context<PageEnv>,
  product: Sku | undefined,
  state: FormState,
  { status = 200, mockUp }: { status?: PageStatus; mockUp?: ShownMockUp } = {},
) => sendDashboard(c, 'products', goodsFormPage({ member: c.get('member'), state, product, mockUp }), status)

/** A product that is shipped or printed, in its form. `mockUp` is a picture of it that its seller waits for. */
export const showGoodsAsTheyAre = (c: Context<PageEnv>, product: Sku, mockUp: ShownMockUp) =>
  showGoods(c, product, { ...emptyForm, values: toValues(product) }, { mockUp })

/** Stores what the form says of a product that is shipped or printed, or shows what is wrong with it. */
export async function saveGoods(c: Context<PageEnv>, parts: PageParts, product: Sku | undefined) {
  const { merchantId } = c.get('member')
  const form = await readForm(c)
  const { values, errors, fields } = readGoods(form, merchantId, product)
  const { stock, ...sent } = readStock(form)
  const state = { values: { ...values, ...sent.values }, errors: { ...errors, ...sent.errors } }
  if (form.text('preview')) return showGoods(c, product, previewOf(state))
  if (!fields || Object.keys(state.errors).length > 0) return showGoods(c, product, state, { status: 400 })
  try {
    const sent = await storedPicture(parts, { merchantId, picture: form.file('picture') })
    const imageUrl = sent ?? product?.imageUrl ?? null
    await inTransaction(parts, async (tx) => {
      if (product) await replaceSku(tx.em, merchantId, { ...fields, imageUrl })
      else await createSku(tx.em, merchantId, { ...fields, imageUrl })
      await saveStock(tx, { merchantId, skuId: fields.id }, stock)
    })
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || error.status === 404) throw error
    const field = { picture_refused: 'picture', out_of_stock: 'inventory' }[error.code as string] ?? 'form'
    return showGoods(c, product, { ...state, errors: { [field]: error.message } }, { status: 400 })
  }
  return c.redirect(`/dashboard/products/${fields.id}?done=product-saved`, 303)
}

const toText = (value: number | string | null | undefined): string => String(value ?? '')

function toValues(product: Sku): FormState['values'] {
  const { dimensions } = product
  return {
    name: product.name,
    price: decimalAmount(product.price, product.currency),
    currency: product.currency,
    description: product.description ?? '',
    weight: toText(product.weight),
    weight_unit: product.weightUnit ?? 'g',
    length: toText(dimensions?.length),
    width: toText(dimensions?.width),
    height: toText(dimensions?.height),
    size_unit: dimensions?.unit ?? 'cm',
    country_of_origin: product.countryOfOrigin ?? '',
    tax_code: product.taxCode ?? '',
    listed: product.listed ? '1' : '',
    ...stockValues(product),
  }
}

const names = [
  'name',
  'price',
  'currency',
  'description',
  'weight',
  'weight_unit',
  'length',
  'width',
  'height',
  'size_unit',
  'country_of_origin',
  'tax_code',
  'listed',
]

/** How the form calls what the schema calls otherwise. */
const fieldNames = {
  printful: 'print_file',
  weightUnit: 'weight_unit',
  countryOfOrigin: 'country_of_origin',
  taxCode: 'tax_code',
}

const decimal = (text: string): number | undefined => {
  const plain = text.trim().replace(',', '.')
  return /^\d{1,13}(\.\d{1,4})?$/.test(plain) ? Number(plain) : undefined
}

type Read = { values: FormState['values']; errors: FormState['errors']; fields?: SkuFields }

/** The product that a form describes, or what is wrong with it. */
export const readGoods = (form: SentForm, merchantId: string, product: Sku | undefined): Read =>
  readFields(form, merchantId, { product, printful: product?.printful ?? undefined, printed: product?.kind === 'pod' })

/** The product that is printed as a form describes it, or what is wrong with that. */
export const readPrint = (form: SentForm, merchantId: string, variantId: number): Read =>
  readFields(form, merchantId, {
    product: undefined,
    printful: { variantId, files: [{ url: form.text('print_file').trim() }] },
    printed: true,
  })

type Known = { product: Sku | undefined; printful: PrintfulProduct | undefined; printed: boolean }

function readFields(form: SentForm, merchantId: string, { product, printful, printed }: Known): Read {
  const values = Object.fromEntries(names.map((name) => [name, form.text(name)]))
  const size = { length: decimal(form.text('length')), width: decimal(form.text('width')) }
  const input = skuInputSchema.safeParse({
    name: form.text('name'),
    kind: printed ? 'pod' : 'physical',
    price: decimal(form.text('price')),
    currency: form.text('currency').trim().toUpperCase(),
    description: form.text('description').trim() || undefined,
    printful,
    countryOfOrigin: form.text('country_of_origin').trim().toUpperCase() || undefined,
    taxCode: form.text('tax_code').trim() || undefined,
    listed: form.text('listed') === '1',
    ...(printed
      ? {}
      : {
          weight: decimal(form.text('weight')) ?? '',
          weightUnit: form.text('weight_unit'),
          dimensions: { ...size, height: decimal(form.text('height')), unit: form.text('size_unit') },
        }),
  })
  if (!input.success) {
    const errors = toErrors(input.error, fieldNames)
    return { values, errors: { ...errors, ...plainErrors(errors) } }
  }
  try {
    const fields = toSkuFields(input.data, product?.id ?? newId('sku'), product?.sellerId ?? merchantId)
    return { values, errors: {}, fields: product ? keepUnsaid(fields, product) : fields }
  } catch (error) {
    if (error instanceof ApiError) return { values, errors: toErrors(error, fieldNames) }
    throw error
  }
}

/** What the form has no field for stays as it is. */
function keepUnsaid(fields: SkuFields, product: Sku): SkuFields {
  const { metadata, affiliateBps, commissionBps, delivery, downloadLimit, licensed } = product
  const parcel =
    product.kind === 'pod'
      ? { weight: product.weight, weightUnit: product.weightUnit, dimensions: product.dimensions }
      : {}
  return { ...fields, ...parcel, metadata, affiliateBps, commissionBps, delivery, downloadLimit, licensed }
}

const sentences: Record<string, string> = {
  name: 'Please give it a name.',
  price: 'Please enter an amount such as 12.50.',
  currency: 'Please enter a currency code such as USD.',
  weight: 'Please enter what one piece weighs.',
  print_file: 'Please enter the address of a picture.',
  dimensions: 'Please enter length, width and height of one piece.',
  country_of_origin: 'Please enter two letters, such as DE.',
}

/** Sentences for people in place of the schema's. */
const plainErrors = (errors: FormState['errors']): FormState['errors'] =>
  Object.fromEntries(Object.keys(errors).flatMap((name) => (sentences[name] ? [[name, sentences[name]]] : [])))
