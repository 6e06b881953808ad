import type { SkuKind } from '../catalog/sku.entity.ts'
import type { Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import { isCurrent } from '../tax/tax-certificate.ts'
import type { CheckoutDetails, SellerSnapshot, ShippingChoice } from './checkout.entity.ts'

/** What a checkout must have before it can become an order. */
export type CheckoutToSubmit = {
  email: string | null
  shipTo: Party | null
  billTo: Party | null
  details: CheckoutDetails | null
  shippingChoice: ShippingChoice | null
  sellingEntity: SellerSnapshot | null
  items: readonly { kind: SkuKind; shipFrom: Party | null }[]
}

/**
 * Refuses a checkout whose requirements for addresses and shipping are not met. Digital goods need a billing address
 * only; parcels need to know where from, where to and how.
 * @throws ApiError `cart_empty`, `order_create_failed`, `missing_parameter`, `invalid_shipping_choice`, `selling_entity_not_found`, `price_changed`
 */
export function checkSubmittable(checkout: CheckoutToSubmit): void {
  if (checkout.items.length === 0) throw new ApiError('cart_empty', { parameter: 'items' })
  if (!checkout.email) throw new ApiError('order_create_failed', { parameter: 'email' })
  requireParty(checkout.billTo, 'billTo')
  const physical = checkout.items.filter((item) => item.kind !== 'digital')
  if (physical.length > 0) {
    const from = checkout.details?.shipFrom
    if (physical.some((item) => !(item.shipFrom ?? from)?.address?.country))
      throw new ApiError('missing_parameter', { parameter: 'shipFrom.address' })
    requireParty(checkout.shipTo, 'shipTo')
    if (!checkout.shippingChoice) throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice' })
  }
  // What has lapsed since it was priced frees nobody any more.
  if (checkout.details?.taxExemption?.some((certificate) => !isCurrent(certificate, new Date())))
    throw new ApiError('price_changed', { parameter: 'checkoutId' })
  if (!checkout.sellingEntity) throw new ApiError('selling_entity_not_found')
}

function requireParty(party: Party | null, parameter: string): void {
  if (!party?.address) throw new ApiError('missing_parameter', { parameter: `${parameter}.address` })
  for (const part of ['line1', 'city', 'postalCode', 'country'] as const) {
    if (!party.address[part]) throw new ApiError('missing_parameter', { parameter: `${parameter}.address.${part}` })
  }
  if (!party.name) throw new ApiError('missing_parameter', { parameter: `${parameter}.name` })
}
