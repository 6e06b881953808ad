import type { Context } from 'hono'
import type { PrintableVariant } from '../../../carriers/printful-catalogue.ts'
import { mostVariants } from '../../../catalog/options.ts'
import { createProduct } from '../../../catalog/products.ts'
import { createSku, type SkuFields } from '../../../catalog/skus.ts'
import { newId } from '../../../platform/ids.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import { inTransaction, type Transaction } from '../../../tasks/transaction.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { newPrintPage, printablesPage } from '../../pages/seller/print-pages.ts'
import { sendDashboard } from './dashboard-session.ts'
import { newGoodsValues, readPrint } from './goods.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { previewOf, readForm, refusalOf } from './page-form.ts'
import { storedPicture } from './product-pictures.ts'
import { readStock } from './stock-field.ts'

const pageSize = 100
const isDown = 'Printful’s catalogue cannot be read at the moment. Try again shortly, or type the id of the variant.'
const isOff =
  'Printful is not set up here. You can type the id of the variant; nothing is printed until the operator enters a key.'

type Shelf = { variants: PrintableVariant[]; trouble?: string | undefined }

/** `/dashboard/new-print`: a new product that Printful prints, chosen from its catalogue. */
export function registerPrints(app: PageApp, parts: PageParts): void {
  const catalogue = parts.carriers.printer?.catalogue

  /** What Printful says, or why it says nothing. */
  const ask = async <Found>(question: (from: NonNullable<typeof catalogue>) => Promise<Found>) => {
    if (!catalogue) return { trouble: isOff }
    try {
      return { found: await question(catalogue) }
    } catch (error) {
      if (error instanceof ProviderError) return { trouble: isDown }
      throw error
    }
  }
  const variantsOf = async (printable: number | undefined): Promise<Shelf> => {
    if (printable === undefined) return { variants: [] }
    const { found, trouble } = await ask((from) => from.variants(printable))
    return { variants: found ?? [], trouble }
  }
  const showForm = (
    c: Context<PageEnv>,
    form: { state: FormState; printable: number | undefined; chosen: readonly string[]; shelf: Shelf },
    status: PageStatus = 200,
  ) => {
    const { variants, trouble } = form.shelf
    const page = newPrintPage({ ...form, member: c.get('member'), variants, trouble })
    return sendDashboard(c, 'products', page, status)
  }
  const fresh = { state: { ...emptyForm, values: newGoodsValues }, chosen: [] }

  app.get('/dashboard/new-print', async (c) => {
    const product = c.req.query('product')
    if (product !== undefined) {
      const printable = readId(product)
      return showForm(c, { ...fresh, printable, shelf: await variantsOf(printable) })
    }
    const offset = readId(c.req.query('offset')) ?? 0
    const { found, trouble } = await ask((from) => from.products(offset))
    if (!found) return showForm(c, { ...fresh, printable: undefined, shelf: { variants: [], trouble } })
    const nextOffset = offset + pageSize < found.total ? offset + pageSize : undefined
    return sendDashboard(c, 'products', printablesPage({ products: found.products, nextOffset }))
  })

  app.post('/dashboard/new-print', async (c) => {
    const { merchantId } = c.get('member')
    const form = await readForm(c)
    const printable = readId(form.text('product'))
    const shelf = await variantsOf(printable)
    const chosen = form.all('variant')
    const prints = readPrints(chosen, shelf.variants)
    const { stock, ...sent } = readStock(form)
    const [first] = prints
    const goods = readPrint(form, merchantId, first?.id ?? 1)
    const state = {
      values: { ...goods.values, ...sent.values, variant: chosen[0] ?? '', print_file: form.text('print_file') },
      errors: { ...goods.errors, ...sent.errors, ...problemOf(prints) },
    }
    const again = { state, printable, chosen, shelf }
    if (form.text('preview')) return showForm(c, { ...again, state: previewOf(state) })
    // Several were chosen of a catalogue that cannot be read now: nobody guesses which.
    if (shelf.trouble && chosen.length > 1) return showForm(c, again, 400)
    if (!goods.fields || Object.keys(state.errors).length > 0) return showForm(c, again, 400)
    const { fields } = goods
    try {
      const imageUrl = (await storedPicture(parts, { merchantId, picture: form.file('picture') })) ?? null
      const said = { ...fields, imageUrl, inventory: stock.now }
      const path = await inTransaction(parts, (tx) => store(tx, merchantId, said, prints))
      return c.redirect(`${path}?done=product-saved`, 303)
    } catch (error) {
      return showForm(c, { ...again, state: { ...state, errors: refusalOf(error, ['picture', 'name']) } }, 400)
    }
  })
}

const readId = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined

/** The variants that somebody has chosen: of those that there are, or, where none are known, as their id was typed. */
function readPrints(chosen: readonly string[], known: readonly PrintableVariant[]): PrintableVariant[] {
  const ids = new Set(chosen.map((id) => readId(id.trim())))
  if (known.length > 0) return known.filter(({ id }) => ids.has(id))
  return [...ids].flatMap((id) => (id ? [{ id, size: null, color: null }] : [])).slice(0, 1)
}

function problemOf(prints: readonly PrintableVariant[]): FormState['errors'] {
  if (prints.length === 0) return { variant: 'Please choose what is printed on.' }
  return prints.length > mostVariants ? { variant: `Please choose ${mostVariants} at most.` } : {}
}

/** Keeps one SKU, or a product in variants by what tells them apart; returns its page. */
async function store(
  { em }: Transaction,
  merchantId: string,
  fields: SkuFields,
  prints: readonly PrintableVariant[],
): Promise<string> {
  const files = fields.printful?.files ?? []
  const differing = (['size', 'color'] as const).filter((name) => new Set(prints.map((print) => print[name])).size > 1)
  if (differing.length === 0) return `/dashboard/products/${(await createSku(em, merchantId, fields)).id}`
  const optionName = { size: 'Size', color: 'Colour' }
  const wordOf = (print: PrintableVariant, name: 'size' | 'color') => (print[name] ?? 'One').slice(0, 60)
  const options = differing.map((name) => ({
    name: optionName[name],
    values: [...new Set(prints.map((print) => wordOf(print, name)))],
  }))
  const { sellerId, name, description, imageUrl, kind, currency, commissionBps: _, ...own } = fields
  const variants = prints.map((print) => ({
    ...own,
    id: newId('sku'),
    imageUrl: null,
    printful: { variantId: print.id, files },
    options: differing.map((each) => ({ name: optionName[each], value: wordOf(print, each) })),
  }))
  const product = { name, description, imageUrl, kind, currency, sellerId, options }
  return `/dashboard/variants/${(await createProduct(em, merchantId, product, variants)).product.id}`
}
