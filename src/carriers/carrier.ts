import { createHash } from 'node:crypto'
import type { Dimensions } from '../catalog/sku.entity.ts'
import type { Address } from '../parties/address.ts'

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

/** What is sent from where to where. */
export type Parcel = {
  from: Address
  to: Address
  items: readonly ParcelItem[]
  currency: string
}

export type ParcelRequest = Parcel & {
  /** What its shipment is found by in the carrier's dashboard. */
  reference: string
}

/** A shipment and a rate of it that a carrier has offered for the parcel with this fingerprint. */
export type ParcelQuote = { reference: string; rateId: string; fingerprint: string }

/** The same for two parcels that a carrier cannot tell apart. */
export const fingerprintOf = ({ from, to, items, currency }: Parcel): string =>
  createHash('sha256')
    .update(JSON.stringify([from, to, items, currency]))
    .digest('base64url')

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
  /** Absent where the goods are where they were. */
  state?: 'in_transit' | 'delivered' | 'failed' | undefined
  /** What it cost was paid back. */
  repaid?: true
  trackingNumber?: string | undefined
  trackingUrl?: string | undefined
  carrier?: string | undefined
}

/** Goods as a SKU or an order's snapshot of one describes them. */
type Goods = {
  name: string
  weight?: number | null
  weightUnit?: keyof typeof ouncesPer | null
  dimensions?: Dimensions | null
  countryOfOrigin?: string | null
}

/** A line of goods as a carrier wants to know it. */
export const toParcelItem = (
  goods: Goods,
  { quantity, unitPrice }: { quantity: number; unitPrice: number },
): ParcelItem => ({
  name: goods.name,
  quantity,
  unitPrice,
  weightOz: toOunces(goods.weight, goods.weightUnit),
  dimensions: goods.dimensions ?? null,
  countryOfOrigin: goods.countryOfOrigin ?? null,
})

const ouncesPer = { oz: 1, lb: 16, g: 0.035_273_96, kg: 35.273_96 } as const

/** Weight in ounces; a product without a weight counts as four ounces, the lightest parcel carriers price. */
const toOunces = (weight: number | null | undefined, unit: keyof typeof ouncesPer | null | undefined): number =>
  weight ? weight * ouncesPer[unit ?? 'oz'] : 4
