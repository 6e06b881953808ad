import type { Sku } from '../../../catalog/sku.entity.ts'
import { adjustInventory } from '../../../catalog/stock.ts'
import { stockSku } from '../../../orders/stock.ts'
import type { Transaction } from '../../../tasks/transaction.ts'
import type { FormState } from '../../pages/elements.ts'
import type { SentForm } from './page-form.ts'

/** What a form says of a stock, and what its seller saw there; null is not counted. */
export type SentStock = { now: number | null; before: number | null }

const wholeNumber = /^\d{1,9}$/
const parse = (text: string): number | null => (wholeNumber.test(text) ? Number(text) : null)

/** A stock as somebody types it: null is not counted, undefined is no number. */
export const parseStock = (text: string): number | null | undefined =>
  text.trim() === '' ? null : (parse(text.trim()) ?? undefined)

/** The stock that a form describes, or what is wrong with it. */
export function readStock(form: SentForm): {
  stock: SentStock
  values: FormState['values']
  errors: FormState['errors']
} {
  const inventory = form.text('inventory').trim()
  const before = form.text('inventory_before').trim()
  const wrong = inventory !== '' && !wholeNumber.test(inventory)
  return {
    stock: { now: parse(inventory), before: parse(before) },
    values: { inventory, inventory_before: before },
    errors: wrong ? { inventory: 'Please enter a whole number, or nothing.' } : {},
  }
}

/** The stock of a product as its form shows it. */
export const stockValues = ({ inventory }: Sku): FormState['values'] => {
  const shown = inventory === null || inventory === undefined ? '' : String(inventory)
  return { inventory: shown, inventory_before: shown }
}

/**
 * Stores what a seller has changed of a stock: by so many pieces, since some may have been sold while the form was open.
 * @throws ApiError `out_of_stock` where more were taken out than are left
 */
export async function saveStock(
  tx: Transaction,
  sku: { merchantId: string; skuId: string },
  { now, before }: SentStock,
): Promise<void> {
  if (now === before) return
  if (now === null || before === null) await stockSku(tx, { ...sku, inventory: now })
  else await adjustInventory(tx, { ...sku, by: now - before })
}
