import type { Context } from 'hono'
import { everyVariant, mostVariants } from '../../../catalog/options.ts'
import type { ProductOption } from '../../../catalog/product.entity.ts'
import {
  archivedVariants,
  archiveProduct,
  createProduct,
  readProduct,
  replaceProduct,
  restoreProduct,
  type VariantFields,
} from '../../../catalog/products.ts'
import type { SkuFields } from '../../../catalog/skus.ts'
import { newId } from '../../../platform/ids.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { newVariantsPage, variantsPage } from '../../pages/seller/variant-pages.ts'
import { productChangesSchema, toProductFields } from '../products/product-schema.ts'
import { sendDashboard } from './dashboard-session.ts'
import { newGoodsValues, readGoods } from './goods.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, previewOf, readForm, refusalOf, type SentForm, toErrors } from './page-form.ts'
import { storedPicture } from './product-pictures.ts'
import { readStock } from './stock-field.ts'

/** Which of a product's forms was sent, as it was sent. */
export type VariantForms = { product?: FormState; offers?: FormState; another?: FormState }

/** `/dashboard/variants`: products that are sold in variants, such as sizes. */
export function registerVariants(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/new-variants', (c) => showNew(c, { ...emptyForm, values: newGoodsValues }))
  app.post('/dashboard/new-variants', (c) => create(c, parts))
  app.get('/dashboard/variants/:id', (c) => showVariants(c, parts, {}))
  app.post('/dashboard/variants/:id', (c) => saveCommon(c, parts))

  app.get('/dashboard/variants/:id/archive', async (c) => {
    const { product } = await readProduct(parts.database.em(), c.get('member').merchantId, c.req.param('id'))
    const path = `/dashboard/variants/${product.id}`
    const page = confirmPage({
      title: `Take ${product.name} off sale?`,
      sentence: 'Nobody can buy any of its variants any more, and their links end. Orders keep what they bought.',
      button: 'Take it off sale',
      action: `${path}/archive`,
      back: path,
    })
    return sendDashboard(c, 'products', page)
  })
  app.post('/dashboard/variants/:id/archive', (c) =>
    act(c, { path: '/dashboard/products', done: 'product-archived' }, () =>
      inTransaction(parts, ({ em }) => archiveProduct(em, c.get('member').merchantId, c.req.param('id'))),
    ),
  )
  app.post('/dashboard/variants/:id/restore', (c) =>
    act(c, { path: '/dashboard/products', done: 'product-restored' }, () =>
      inTransaction(parts, ({ em }) => restoreProduct(em, c.get('member').merchantId, c.req.param('id'))),
    ),
  )
}

const showNew = (c: Context<PageEnv>, state: FormState, status: PageStatus = 200) =>
  sendDashboard(c, 'products', newVariantsPage({ member: c.get('member'), state }), status)

/** The page of a product with the forms that were sent to it and refused. */
export async function showVariants(
  c: Context<PageEnv>,
  parts: PageParts,
  forms: VariantForms,
  status: PageStatus = 200,
) {
  const member = c.get('member')
  const em = parts.database.em()
  const found = await readProduct(em, member.merchantId, c.req.param('id') ?? '')
  const { name, description, options } = found.product
  const values = { name, description: description ?? '', ...optionValues(options) }
  const archived = await archivedVariants(em, found.product.id)
  const page = variantsPage({ member, found, archived, product: { ...emptyForm, values }, ...forms })
  return sendDashboard(c, 'products', page, status)
}

async function create(c: Context<PageEnv>, parts: PageParts) {
  const { merchantId } = c.get('member')
  const form = await readForm(c)
  const goods = readGoods(form, merchantId, undefined)
  const { stock, ...sent } = readStock(form)
  const { options, ...chosen } = readOptions(form)
  const variants = everyVariant(options)
  const tooMany = variants.length > mostVariants ? { options: `That makes more than ${mostVariants} variants.` } : {}
  const state = {
    values: { ...goods.values, ...sent.values, ...chosen.values },
    errors: { ...goods.errors, ...sent.errors, ...chosen.errors, ...tooMany },
  }
  if (form.text('preview')) return showNew(c, previewOf(state))
  const { fields } = goods
  if (!fields || Object.keys(state.errors).length > 0) return showNew(c, state, 400)
  try {
    const imageUrl = await storedPicture(parts, { merchantId, picture: form.file('picture') })
    const { name, description, kind, currency, sellerId } = fields
    const product = { name, description, imageUrl: imageUrl ?? null, kind, currency, sellerId, options }
    const { product: made } = await inTransaction(parts, ({ em }) =>
      createProduct(
        em,
        merchantId,
        product,
        variants.map((choice) => ({ ...ownFields(fields), options: choice, inventory: stock.now })),
      ),
    )
    return c.redirect(`/dashboard/variants/${made.id}?done=product-saved`, 303)
  } catch (error) {
    return showNew(c, { ...state, errors: refusalOf(error, ['picture', 'options', 'name']) }, 400)
  }
}

/** What a new variant has for itself of what a form says of goods. */
function ownFields(fields: SkuFields): Omit<VariantFields, 'options'> {
  const {
    sellerId: _,
    name: _name,
    description: _words,
    kind: _kind,
    currency: _in,
    commissionBps: _bps,
    ...own
  } = fields
  return { ...own, id: newId('sku'), imageUrl: null }
}

async function saveCommon(c: Context<PageEnv>, parts: PageParts) {
  const { merchantId } = c.get('member')
  const id = c.req.param('id') ?? ''
  const form = await readForm(c)
  const { product } = await readProduct(parts.database.em(), merchantId, id)
  const { options, ...chosen } = readOptions(form)
  const values = { name: form.text('name'), description: form.text('description'), ...chosen.values }
  const input = productChangesSchema.safeParse({
    name: values.name,
    description: values.description.trim() || undefined,
    options,
  })
  const errors = { ...(input.success ? {} : toErrors(input.error)), ...chosen.errors }
  const state = { values, errors }
  if (form.text('preview')) return showVariants(c, parts, { product: previewOf(state) })
  if (!input.success || Object.keys(errors).length > 0) return showVariants(c, parts, { product: state }, 400)
  try {
    const picture = await storedPicture(parts, { merchantId, picture: form.file('picture') })
    const fields = { ...toProductFields(input.data), imageUrl: picture ?? product.imageUrl ?? null }
    await inTransaction(parts, ({ em }) => replaceProduct(em, merchantId, id, fields))
    return c.redirect(`/dashboard/variants/${id}?done=product-saved`, 303)
  } catch (error) {
    const refused = { ...state, errors: refusalOf(error, ['picture', 'options', 'name']) }
    return showVariants(c, parts, { product: refused }, 400)
  }
}

const places = [1, 2, 3] as const

const optionValues = (options: readonly ProductOption[]): FormState['values'] =>
  Object.fromEntries(
    options.flatMap(({ name, values }, at) => [
      [`option_${at + 1}`, name],
      [`values_${at + 1}`, values.join(', ')],
    ]),
  )

/** The options that a form describes, or what is wrong with them. */
function readOptions(form: SentForm): FormState & { options: ProductOption[] } {
  const rows = places.map((at) => ({
    at,
    name: form.text(`option_${at}`).trim(),
    values: form
      .text(`values_${at}`)
      .split(',')
      .map((value) => value.trim())
      .filter(Boolean),
  }))
  const values = Object.fromEntries(
    places.flatMap((at) => [`option_${at}`, `values_${at}`].map((name) => [name, form.text(name)])),
  )
  const said = rows.filter((row) => row.name !== '' || row.values.length > 0)
  const errors = Object.fromEntries(
    said.flatMap(({ at, name, values }) => [
      ...(name === '' ? [[`option_${at}`, 'Please give it a name.']] : []),
      ...(values.length === 0 ? [[`values_${at}`, 'Please enter what there is to choose from.']] : []),
    ]),
  )
  if (said.length === 0) return { options: [], values, errors: { option_1: 'Please say what buyers choose.' } }
  const options = said.map(({ name, values }) => ({ name, values }))
  const checked = productChangesSchema.shape.options.safeParse(options)
  if (checked.success || Object.keys(errors).length > 0) return { options, values, errors }
  const tooLong = 'Please keep it short: 40 letters for what is chosen, 60 for each of its values, 100 values.'
  return { options, values, errors: { options: tooLong } }
}
