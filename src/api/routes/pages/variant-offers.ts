import type { Context } from 'hono'
import { addVariant, archivedVariants, type ProductWithVariants, readProduct } from '../../../catalog/products.ts'
import type { Sku } from '../../../catalog/sku.entity.ts'
import { changeSku, readSku } from '../../../catalog/skus.ts'
import { ApiError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { toMinor } from '../../../platform/money.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { FormState } from '../../pages/elements.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm, refusalOf, type SentForm } from './page-form.ts'
import { parseStock, saveStock } from './stock-field.ts'
import { showVariants } from './variants.ts'

/** The prices and stocks of a product's variants, and another variant. */
export function registerOffers(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/variants/:id/offers', (c) => saveOffers(c, parts))
  app.post('/dashboard/variants/:id/add', (c) => add(c, parts))
}

const amountSentence = 'Please enter an amount such as 12.50.'
const piecesSentence = 'Please enter a whole number, or nothing.'

/** An amount as somebody types it, in minor units; undefined for none. */
function readAmount(text: string, currency: string): number | undefined {
  const plain = text.trim().replace(',', '.')
  return /^\d{1,12}(\.\d{1,4})?$/.test(plain) ? toMinor(Number(plain), currency) : undefined
}

/** What a form says of a variant; undefined for one that it does not name, which was added after it was drawn. */
function readOffer(form: SentForm, { id, currency }: Sku) {
  const [price, inventory, before] = [`price_${id}`, `inventory_${id}`, `before_${id}`]
  if (form.all(price).length === 0) return undefined
  const amount = readAmount(form.text(price), currency)
  const stock = { now: parseStock(form.text(inventory)), before: parseStock(form.text(before)) ?? null }
  return {
    id,
    amount,
    stock,
    values: Object.fromEntries([price, inventory, before].map((name) => [name, form.text(name)])),
    errors: {
      ...(amount === undefined ? { [price]: amountSentence } : {}),
      ...(stock.now === undefined ? { [inventory]: piecesSentence } : {}),
    },
  }
}

async function saveOffers(c: Context<PageEnv>, parts: PageParts) {
  const { merchantId } = c.get('member')
  const id = c.req.param('id') ?? ''
  const form = await readForm(c)
  const { variants } = await readProduct(parts.database.em(), merchantId, id)
  const offers = variants.flatMap((variant) => readOffer(form, variant) ?? [])
  const state: FormState = {
    values: Object.assign({}, ...offers.map(({ values }) => values)),
    errors: Object.assign({}, ...offers.map(({ errors }) => errors)),
  }
  if (Object.keys(state.errors).length > 0) return showVariants(c, parts, { offers: state }, 400)
  let current = ''
  try {
    await inTransaction(parts, async (tx) => {
      for (const { id: skuId, amount, stock } of offers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
        current = skuId
        const sku = await readSku(tx.em, merchantId, skuId)
        if (amount !== undefined && amount !== sku.price) await changeSku(tx.em, sku, { price: amount })
        await saveStock(tx, { merchantId, skuId }, { now: stock.now ?? null, before: stock.before })
      }
    })
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error
    return showVariants(c, parts, { offers: { ...state, errors: { [`inventory_${current}`]: error.message } } }, 400)
  }
  return c.redirect(`/dashboard/variants/${id}?done=offers-saved`, 303)
}

/** Adds a variant that begins as the first one is; one that is off sale serves, too. */
async function add(c: Context<PageEnv>, parts: PageParts) {
  const { merchantId } = c.get('member')
  const id = c.req.param('id') ?? ''
  const form = await readForm(c)
  const found = await readProduct(parts.database.em(), merchantId, id)
  const names = ['another_price', 'another_inventory', ...found.product.options.map((_, at) => `value_${at + 1}`)]
  const values = Object.fromEntries(names.map((name) => [name, form.text(name)]))
  const price = readAmount(form.text('another_price'), found.product.currency)
  const inventory = parseStock(form.text('another_inventory'))
  const options = found.product.options.map(({ name }, at) => ({ name, value: form.text(`value_${at + 1}`).trim() }))
  const errors = Object.fromEntries([
    ...(price === undefined ? [['another_price', amountSentence]] : []),
    ...(inventory === undefined ? [['another_inventory', piecesSentence]] : []),
    ...options.flatMap(({ value }, at) =>
      value === '' || value.length > 60 ? [[`value_${at + 1}`, 'Please say it in 60 letters.']] : [],
    ),
  ])
  if (Object.keys(errors).length > 0) return showVariants(c, parts, { another: { values, errors } }, 400)
  try {
    const example = await exampleOf(parts, found)
    await inTransaction(parts, ({ em }) =>
      addVariant(em, merchantId, id, { ...example, options, price: price ?? 0, inventory: inventory ?? null }),
    )
  } catch (error) {
    return showVariants(c, parts, { another: { values, errors: refusalOf(error, ['options']) } }, 400)
  }
  return c.redirect(`/dashboard/variants/${id}?done=variant-added`, 303)
}

async function exampleOf(parts: PageParts, { product, variants }: ProductWithVariants) {
  const [sku] = variants.length > 0 ? variants : await archivedVariants(parts.database.em(), product.id)
  return {
    id: newId('sku'),
    price: 0,
    imageUrl: null,
    taxCode: sku?.taxCode ?? null,
    weight: sku?.weight ?? null,
    weightUnit: sku?.weightUnit ?? null,
    dimensions: sku?.dimensions ?? null,
    countryOfOrigin: sku?.countryOfOrigin ?? null,
    printful: sku?.printful ?? null,
    delivery: sku?.delivery ?? null,
    licensed: sku?.licensed ?? false,
    downloadLimit: sku?.downloadLimit ?? null,
    affiliateBps: sku?.affiliateBps ?? null,
    listed: sku?.listed ?? true,
    metadata: {},
  }
}
