import type { Dimensions } from '../../catalog/sku.entity.ts'
import type { Address } from '../../checkouts/address.ts'

/** What a parcel carrier needs to know of an item. */
export type ParcelItem = {
  name: string
  quantity: number
  /** Minor units. */
  unitPrice: number
  weightOz: number
  dimensions: Dimensions | null
  countryOfOrigin: string | null
}

/** A price for moving one parcel. `amount` in minor units of `currency`. */
export type CarrierRate = {
  rateId: string
  carrier: string
  service: string
  amount: number
  currency: string
  deliveryDays: number | null
}

export type Label = {
  carrier: string
  service: string
  cost: number
  currency: string
  labelUrl: string
  trackingNumber: string
  trackingUrl: string | null
  trackerId: string | null
}

export type ParcelRequest = {
  reference: string
  from: Address
  to: Address
  items: readonly ParcelItem[]
  currency: string
}

/** A verified webhook of a carrier. `status` is our word for where the parcel is, or undefined when nothing changed. */
export type CarrierEvent = {
  eventId: string
  type: string
  reference: string | undefined
  occurredAt: Date | undefined
  body: Record<string, unknown>
  relevant: boolean
}

export type ShipmentUpdate = {
  state: 'in_transit' | 'delivered' | 'failed'
  trackingNumber?: string | undefined
  trackingUrl?: string | undefined
  carrier?: string | undefined
}

const ouncesPer = { oz: 1, lb: 16, g: 0.035_273_96, kg: 35.273_96 } as const

/** Weight in ounces; a product without a weight counts as four ounces, the lightest parcel carriers price. */
export const toOunces = (weight: number | null | undefined, unit: keyof typeof ouncesPer | null | undefined): number =>
  weight ? weight * ouncesPer[unit ?? 'oz'] : 4
