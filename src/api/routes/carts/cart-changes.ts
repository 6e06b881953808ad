import type { z } from '@hono/zod-openapi'
import type { CartChanges } from '../../../checkouts/cart.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { cartChangesSchema } from '../../cart-json.ts'
import { minorUnits } from '../../schemas.ts'

/**
 * What a caller wants changed. A shipping amount of its own and who earns by the sale are the merchant's server's to say; a storefront
 * chooses an offer.
 * @throws ApiError `not_allowed_with_publishable_key`, `invalid_amount`, `invalid_shipping_choice`
 */
export function toCartChanges(
  input: z.infer<typeof cartChangesSchema>,
  caller: KeyOwner,
  currency: string,
): CartChanges {
  const { shippingChoice, ...changes } = input
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
