import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { TaxCalculator } from '../tax/tax-calculator.ts'
import { askAbout, type TaxQuote } from './cart-tax.ts'
import type { SellerSnapshot } from './checkout.entity.ts'
import type { CartToPrice } from './price-cart.ts'
import { priceCart } from './price-cart.ts'
import { chooseSellingEntity, loadSellingEntities } from './selling-entity.ts'
import { snapshotOf } from './selling-entity-snapshot.ts'

type Parts = UnitOfWork & { tax: TaxCalculator }

const storeQuote = statement<{ cartId: string; quote: TaxQuote }>()((db, $) =>
  db
    .updateTable('checkouts')
    .set({ tax_quote: $.quote.json })
    .where('id', '=', $.cartId)
    .where('locked_at', 'is', null)
    .returning('id'),
)

const readShipFrom = statement<{ sellerIds: readonly string[] }>()((db, $) =>
  db
    .selectFrom('merchants')
    .select('ship_from as shipFrom')
    .where((m) => m('id', '=', m.fn.any($.sellerIds.typed('text[]'))))
    .where('ship_from', 'is not', null),
)

/** A cart with what its tax depends on. */
export type CartToTax = Omit<CartToPrice, 'items'> & {
  merchantId: string
  items: readonly (CartToPrice['items'][number] & { sellerId: string })[]
}

/**
 * Asks for the tax of a cart as it stands, outside any transaction, because a provider may be called. Undefined where its merchant's prices
 * bear none. @throws ApiError `tax_location_required` without an address that decides, `selling_entity_not_found`, `selling_entity_missing`, `tax_rates_missing`,
 * `provider_unavailable`
 */
export async function quoteTax(parts: Pick<Parts, 'database' | 'tax'>, cart: CartToTax): Promise<TaxQuote | undefined> {
  const { toTax, taxState, taxQuote } = priceCart(cart)
  if (taxState === 'none') return undefined
  const { sql } = parts.database
  if (taxState === 'calculated' && taxQuote && (await stillSells(sql, cart.merchantId, taxQuote))) return taxQuote
  if (!toTax) throw new ApiError('tax_location_required', { parameter: 'billTo' })
  const sellingEntity = await sellerOf(sql, cart)
  const { request, of } = askAbout({ ...toTax, sellingEntityCountry: sellingEntity.country })
  const result = await parts.tax.calculate(request).catch((error: unknown) => {
    // Nothing is paid yet, so that nothing was refused to the buyer.
    throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
  })
  return { of, sellingEntity, result }
}

/** Whether the entity that a cart was taxed with has not been removed since. */
async function stillSells(sql: Sql, merchantId: string, { sellingEntity }: TaxQuote): Promise<boolean> {
  const entities = await loadSellingEntities(sql, merchantId)
  return entities.some(({ id, ownerId }) => id === sellingEntity?.id && ownerId === (sellingEntity.ownerId ?? null))
}

/** Who sells a cart and owes its tax: without one no tax is anybody's. */
async function sellerOf(sql: Sql, cart: CartToTax): Promise<SellerSnapshot> {
  const physical = cart.items.some(({ kind }) => kind !== 'digital')
  const sellers = physical ? await readShipFrom(sql, { sellerIds: cart.items.map(({ sellerId }) => sellerId) }) : []
  const chosen = chooseSellingEntity(await loadSellingEntities(sql, cart.merchantId), {
    physical,
    shipFrom: sellers.flatMap(({ shipFrom }) => shipFrom?.address.country ?? []),
    shipTo: cart.shipTo?.address?.country,
    billTo: cart.billTo?.address?.country ?? cart.shipTo?.address?.country,
  })
  if (chosen.outcome === 'not_found') throw new ApiError('selling_entity_not_found')
  if (chosen.outcome === 'chosen') return snapshotOf(chosen.entity)
  // The country is known, so that goods are what lacks a place: one to go to, or its seller's, where they are.
  if (!cart.shipTo?.address?.country) throw new ApiError('tax_location_required', { parameter: 'shipTo' })
  throw new ApiError('selling_entity_not_found', {
    message: 'Nobody can be said to sell these goods, because their merchant has no shipFrom address.',
  })
}

/** Asks for the tax of a cart and keeps it. @throws ApiError `cart_locked` once an order was made of it, and what {@link quoteTax} throws */
export async function taxCart(parts: Parts, cart: CartToTax & { id: string; lockedAt: Date | null }): Promise<void> {
  if (cart.lockedAt !== null) throw new ApiError('cart_locked')
  const quote = await quoteTax(parts, cart)
  if (!quote) return
  const stored = await inTransaction(parts, (tx) => storeQuote(tx, { cartId: cart.id, quote }))
  if (stored.length === 0) throw new ApiError('cart_locked')
}
