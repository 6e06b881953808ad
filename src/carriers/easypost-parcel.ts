import type { Address } from '../parties/address.ts'
import { toMajor, toMinor } from '../platform/money.ts'
import type { CarrierRate, ParcelItem, ParcelRequest } from './carrier.ts'
import type { ShipmentAnswer } from './easypost-client.ts'

/** A parcel as EasyPost wants it described. */
export const toShipmentParams = (request: ParcelRequest) => ({
  reference: request.reference,
  to_address: toEasypostAddress(request.to),
  from_address: toEasypostAddress(request.from),
  parcel: toParcel(request.items),
  ...(request.from.address.country === request.to.address.country ? {} : { customs_info: toCustoms(request) }),
})

/** The rate as a list of one, or of none where its currency is unknown here. */
export const toRate = (rate: ShipmentAnswer['rates'][number]): CarrierRate[] => {
  const amount = toMinor(Number(rate.rate), rate.currency)
  return amount === undefined
    ? []
    : [
        {
          rateId: rate.id,
          carrier: rate.carrier,
          service: rate.service,
          amount,
          currency: rate.currency,
          deliveryDays: rate.delivery_days,
        },
      ]
}

const toEasypostAddress = ({ name, organization, phone, email, address }: Address) => ({
  name,
  company: organization,
  phone,
  email,
  street1: address.line1,
  street2: address.line2,
  city: address.city,
  state: address.state,
  zip: address.postalCode,
  country: address.country,
})

/** One parcel holds all items: weights add up, the footprint is the largest item's, heights are stacked. */
function toParcel(items: readonly ParcelItem[]) {
  const inches = (value: number, unit: 'in' | 'cm') => (unit === 'cm' ? value / 2.54 : value)
  const parcel = { length: 0, width: 0, height: 0, weight: 0 }
  for (const { dimensions, quantity, weightOz } of items) {
    parcel.weight += weightOz * quantity
    if (!dimensions) continue
    parcel.length = Math.max(parcel.length, inches(dimensions.length, dimensions.unit))
    parcel.width = Math.max(parcel.width, inches(dimensions.width, dimensions.unit))
    parcel.height += inches(dimensions.height, dimensions.unit) * quantity
  }
  const round = (value: number, minimum: number) => Math.max(minimum, Math.ceil(value * 10) / 10)
  return {
    length: round(parcel.length, 6),
    width: round(parcel.width, 4),
    height: round(parcel.height, 1),
    weight: round(parcel.weight, 1),
  }
}

const toCustoms = ({ items, currency, from }: ParcelRequest) => ({
  contents_type: 'merchandise',
  eel_pfc: 'NOEEI 30.37(a)',
  customs_certify: true,
  customs_signer: from.name,
  non_delivery_option: 'return',
  restriction_type: 'none',
  customs_items: items.map((item) => ({
    description: item.name,
    quantity: item.quantity,
    value: toMajor(item.unitPrice * item.quantity, currency),
    currency,
    weight: item.weightOz * item.quantity,
    origin_country: item.countryOfOrigin ?? from.address.country,
  })),
})
