import type { Context } from 'hono'
import { countFreeLicenceKeys } from '../../../catalog/count-licence-keys.ts'
import { listShelf } from '../../../catalog/shelf.ts'
import type { Sku } from '../../../catalog/sku.entity.ts'
import { readSku } from '../../../catalog/skus.ts'
import { fileUrl } from '../../../files/files.ts'
import { listFiles } from '../../../files/list-files.ts'
import { readMockUp } from '../../../goods/make-mock-up.ts'
import { createProduct, type ProductFields, updateProduct } from '../../../links/products.ts'
import { ApiError } from '../../../platform/errors.ts'
import { decimalAmount } from '../../../platform/money.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { emptyForm, type FormState, type Option } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { productFormPage, productListPage } from '../../pages/seller/product-pages.ts'
import { productInputSchema, toProductFields } from '../digital/digital-json.ts'
import { sendDashboard } from './dashboard-session.ts'
import { saveGoods, showGoodsAsTheyAre } from './goods.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { previewOf, readForm, type SentForm, toErrors } from './page-form.ts'
import { storedPicture } from './product-pictures.ts'
import { readStock, saveStock, stockValues } from './stock-field.ts'

const pageSize = 25
const filesToChoose = 100

/** `/dashboard/products`: what a seller sells. */
export function registerProducts(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  const show = async (c: Context<PageEnv>, product: Sku | undefined, state: FormState, status: PageStatus = 200) => {
    const { merchantId } = c.get('member')
    const [{ files }, freeKeys] = await Promise.all([
      listFiles(sql, merchantId, { limit: filesToChoose }),
      product?.licensed ? countFreeLicenceKeys(sql, merchantId, product.id) : undefined,
    ])
    const options = files.map(({ id, filename }) => ({ value: fileUrl(parts, id), label: filename }))
    const page = productFormPage({
      member: c.get('member'),
      state,
      files: withPresent(options, state.values.file),
      product,
      freeKeys,
    })
    return sendDashboard(c, 'products', page, status)
  }

  const save = async (c: Context<PageEnv>, product: Sku | undefined) => {
    const { merchantId } = c.get('member')
    const form = await readForm(c)
    const { fields, ...read } = readProduct(form)
    const { stock, ...sent } = readStock(form)
    const state = { values: { ...read.values, ...sent.values }, errors: { ...read.errors, ...sent.errors } }
    if (form.text('preview')) return show(c, product, previewOf(state))
    if (!fields || Object.keys(state.errors).length > 0) return show(c, product, state, 400)
    try {
      const id = await store(parts, { merchantId, product, fields, stock, picture: form.file('picture') })
      return c.redirect(`/dashboard/products/${id}?done=product-saved`, 303)
    } catch (error) {
      const field =
        error instanceof ApiError && { picture_refused: 'picture', out_of_stock: 'inventory' }[error.code as string]
      if (!field) throw error
      return show(c, product, { ...state, errors: { [field]: (error as ApiError).message } }, 400)
    }
  }

  const readOwn = (c: Context<PageEnv>) =>
    readSku(parts.database.em(), c.get('member').merchantId, c.req.param('id') ?? '')

  app.get('/dashboard/products', async (c) => {
    const member = c.get('member')
    const offset = Math.min(Math.max(0, Math.trunc(Number(c.req.query('offset') ?? 0)) || 0), 1_000_000)
    const archived = c.req.query('archived') === 'yes'
    const page = { merchantId: member.merchantId, limit: pageSize, offset, archived }
    const { hasMore, goods } = await listShelf({ sql, em: parts.database.em() }, page)
    const nextOffset = hasMore ? offset + pageSize : undefined
    return sendDashboard(c, 'products', productListPage({ member, goods, nextOffset, offset, archived }))
  })

  app.get('/dashboard/products/new', (c) => {
    const file = c.req.query('file')
    const values: FormState['values'] = file
      ? { currency: 'USD', content_type: 'file', file: fileUrl(parts, file) }
      : { currency: 'USD' }
    return show(c, undefined, { ...emptyForm, values })
  })
  app.post('/dashboard/products/new', (c) => save(c, undefined))
  app.get('/dashboard/products/:id', async (c) => {
    const product = await readOwn(c)
    if (product.kind !== 'digital') {
      const { merchantId } = c.get('member')
      const mockUp =
        product.kind === 'pod' ? await readMockUp(parts.database, { merchantId, skuId: product.id }) : undefined
      return showGoodsAsTheyAre(c, product, mockUp)
    }
    return show(c, product, { ...emptyForm, values: toValues(product) })
  })
  app.post('/dashboard/products/:id', async (c) => {
    const product = await readOwn(c)
    return product.kind === 'digital' ? save(c, product) : saveGoods(c, parts, product)
  })
}

type Given = {
  merchantId: string
  product: Sku | undefined
  fields: ProductFields
  stock: ReturnType<typeof readStock>['stock']
  picture: File | undefined
}

/** Keeps a product with its picture and its stock; returns its id. */
async function store(parts: PageParts, { merchantId, product, fields, stock, picture }: Given): Promise<string> {
  const imageUrl = (await storedPicture(parts, { merchantId, picture })) ?? fields.imageUrl
  return inTransaction(parts, async (tx) => {
    const said = { ...fields, imageUrl }
    const { id } = await (product
      ? updateProduct(tx.em, merchantId, product.id, said)
      : createProduct(tx.em, merchantId, said))
    await saveStock(tx, { merchantId, skuId: id }, stock)
    return id
  })
}

/** A file that is not among the listed ones, because it is old or kept elsewhere, can stay chosen. */
const withPresent = (options: Option[], present: string | undefined): Option[] =>
  !present || options.some(({ value }) => value === present)
    ? options
    : [...options, { value: present, label: present }]

function toValues(product: Sku): FormState['values'] {
  const { name, price, currency, description, imageUrl, delivery, licensed } = product
  const kind = delivery?.contentType ?? 'text'
  return {
    name,
    price: decimalAmount(price, currency),
    currency,
    description: description ?? '',
    image_url: imageUrl ?? '',
    content_type: kind,
    [kind]: delivery?.content ?? '',
    licensed: licensed ? '1' : '',
    ...stockValues(product),
  }
}

const names = [
  'name',
  'price',
  'currency',
  'description',
  'image_url',
  'content_type',
  'text',
  'link',
  'file',
  'licensed',
]

/** The product a form describes, or what is wrong with it. */
function readProduct(form: SentForm): {
  values: FormState['values']
  errors: FormState['errors']
  fields?: ProductFields
} {
  const values = Object.fromEntries(names.map((name) => [name, form.text(name)]))
  const kind = form.text('content_type')
  const contentField = { delivery_content: kind }
  const price = form.text('price').trim().replace(',', '.')
  const input = productInputSchema.safeParse({
    name: form.text('name'),
    price: /^\d{1,13}(\.\d{1,4})?$/.test(price) ? Number(price) : undefined,
    currency: form.text('currency').trim().toUpperCase(),
    description: form.text('description').trim() || undefined,
    image_url: form.text('image_url').trim() || undefined,
    content_type: kind,
    delivery_content: kind === 'text' ? form.text('text') : form.text(kind).trim(),
    licensed: kind === 'text' && form.text('licensed') === '1',
  })
  if (!input.success) {
    const errors = toErrors(input.error, contentField)
    return { values, errors: { ...errors, ...plainErrors(errors, kind) } }
  }
  try {
    return { values, errors: {}, fields: toProductFields(input.data) }
  } catch (error) {
    if (error instanceof ApiError) return { values, errors: toErrors(error, contentField) }
    throw error
  }
}

const sentences: Record<string, string> = {
  name: 'Please give it a name.',
  price: 'Please enter an amount such as 12.50.',
  currency: 'Please enter a currency code such as USD.',
  image_url: 'Please enter an https address.',
  text: 'Please enter what the buyer gets.',
  file: 'Please choose a file.',
  link: 'Please enter an http or https address.',
  content_type: 'Please choose what the buyer gets.',
}

/** Sentences for people in place of the schema's. */
const plainErrors = (errors: FormState['errors'], kind: string): FormState['errors'] =>
  Object.fromEntries(
    Object.keys(errors).flatMap((name) => {
      const sentence = sentences[name] ?? (name === kind ? sentences[kind] : undefined)
      return sentence ? [[name, sentence]] : []
    }),
  )
