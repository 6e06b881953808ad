import type { PrintfulProduct } from '../catalog/sku.entity.ts'
import type { Address } from '../parties/address.ts'
import { toMajor } from '../platform/money.ts'

export type PrintItem = { id: string; name: string; quantity: number; unitPrice: number; product: PrintfulProduct }

/** Who gets the goods, in Printful's words. */
export const toRecipient = ({ name, organization, phone, email, address }: Address) => ({
  name,
  company: organization,
  phone,
  email,
  address1: address.line1,
  address2: address.line2,
  city: address.city,
  state_code: address.state,
  zip: address.postalCode,
  country_code: address.country,
})

/** An item as Printful prints it. */
export const toOrderItem = (item: PrintItem, currency: string) => ({
  external_id: item.id,
  variant_id: item.product.variantId,
  quantity: item.quantity,
  name: item.name,
  retail_price: String(toMajor(item.unitPrice, currency)),
  files: item.product.files,
})
