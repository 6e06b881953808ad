import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { TaxCalculator } from '../tax/tax-calculator.ts'
import { askAbout, type TaxQuote } from './cart-tax.ts'
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
 * bear none. @throws ApiError `tax_location_required` without an address, `selling_entity_not_found`, `provider_unavailable`
 */
export async function quoteTax(parts: Pick<Parts, 'database' | 'tax'>, cart: CartToTax): Promise<TaxQuote | undefined> {
  const { toTax, taxState, taxQuote } = priceCart(cart)
  if (taxState === 'none') return undefined
  if (taxState === 'calculated') return taxQuote ?? undefined
  if (!toTax) throw new ApiError('tax_location_required', { parameter: 'billTo' })
  const { sql } = parts.database
  const physical = cart.items.some(({ kind }) => kind !== 'digital')
  const sellers = physical ? await readShipFrom(sql, { sellerIds: cart.items.map(({ sellerId }) => sellerId) }) : []
  const chosen = chooseSellingEntity(await loadSellingEntities(sql, cart.merchantId), {
    physical,
    shipFrom: sellers.flatMap(({ shipFrom }) => shipFrom?.address.country ?? []),
    shipTo: cart.shipTo?.address?.country,
    billTo: cart.billTo?.address?.country ?? cart.shipTo?.address?.country,
  })
  if (chosen.outcome === 'not_found') throw new ApiError('selling_entity_not_found')
  const sellingEntity = chosen.outcome === 'chosen' ? snapshotOf(chosen.entity) : null
  const { request, of } = askAbout({ ...toTax, sellingEntityCountry: sellingEntity?.country ?? '' })
  const result = await parts.tax.calculate(request).catch((error: unknown) => {
    // Nothing is paid yet, so that nothing was refused to the buyer.
    throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
  })
  return { of, sellingEntity, result }
}

/** Asks for the tax of a cart and keeps it. @throws ApiError `cart_locked` once an order was made of it, and what {@link quoteTax} throws */
export async function taxCart(parts: Parts, cart: CartToTax & { id: string; lockedAt: Date | null }): Promise<void> {
  if (cart.lockedAt !== null) throw new ApiError('cart_locked')
  const quote = await quoteTax(parts, cart)
  if (!quote) return
  const stored = await inTransaction(parts, (tx) => storeQuote(tx, { cartId: cart.id, quote }))
  if (stored.length === 0) throw new ApiError('cart_locked')
}
