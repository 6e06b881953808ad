import type { z } from '@hono/zod-openapi'
import type { CartChanges, CartItemInput } from '../../../checkouts/cart.ts'
import type { Discount } from '../../../checkouts/discount.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { cartChangesSchema, itemInputSchema } from '../../cart-json.ts'
import { type discountSchema, toDiscount } from '../../checkout-json.ts'
import { minorUnits } from '../../schemas.ts'

/**
 * What a caller wants changed. A shipping amount of its own, a discount and who earns by the sale are the merchant's server's to say; a
 * storefront chooses an offer, and names a code.
 * @throws ApiError `not_allowed_with_publishable_key`, `invalid_amount`, `invalid_shipping_choice`
 */
export function toCartChanges(
  input: z.infer<typeof cartChangesSchema>,
  caller: KeyOwner,
  currency: string,
): CartChanges {
  const { shippingChoice, discount: given, ...plain } = input
  const changes = { ...plain, discount: toOwnDiscount(given, caller, currency, 'discount') }
  if (changes.attribution && caller.kind !== 'secret')
    throw new ApiError('not_allowed_with_publishable_key', { parameter: 'attribution' })
  if (!shippingChoice) return changes
  const { id, amount, description, serviceLevel } = shippingChoice
  if (amount === undefined) {
    if (!id) throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice.id' })
    return { ...changes, shippingChoice: { id } }
  }
  if (caller.kind !== 'secret')
    throw new ApiError('not_allowed_with_publishable_key', { parameter: 'shippingChoice.amount' })
  return {
    ...changes,
    shippingChoice: {
      id,
      amount: minorUnits(amount, currency, 'shippingChoice.amount'),
      description: description ?? 'Shipping',
      serviceLevel: serviceLevel ?? 'standard',
      parts: [],
    },
  }
}

/** The lines that a caller wants. @throws ApiError `not_allowed_with_publishable_key` for a discount, `invalid_amount` */
export const toCartItems = (
  items: readonly z.infer<typeof itemInputSchema>[],
  caller: KeyOwner,
  currency: string,
): CartItemInput[] =>
  items.map(({ discount, ...item }, index) => ({
    ...item,
    discount: toOwnDiscount(discount, caller, currency, `items[${index}].discount`) ?? undefined,
  }))

/**
 * What the merchant's server takes off; null where it takes nothing off any more. A browser gives itself nothing.
 * @throws ApiError `not_allowed_with_publishable_key`, `invalid_amount`
 */
export function toOwnDiscount(
  discount: z.infer<typeof discountSchema> | null | undefined,
  caller: KeyOwner,
  currency: string,
  parameter: string,
): Discount | null | undefined {
  if (discount === undefined) return undefined
  if (caller.kind !== 'secret') throw new ApiError('not_allowed_with_publishable_key', { parameter })
  return discount && toDiscount(discount, currency, parameter)
}
