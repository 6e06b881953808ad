import { asRecord } from '../http.ts'
import type { MintId } from '../ids.ts'
import { decimal, records, textOrNull } from '../json-provider.ts'

/** The objects of EasyPost's API as far as the sandbox fills them. */
export type Address = Record<string, unknown> & { id: string; zip: string | null; country: string }
export type Parcel = Record<string, unknown> & { id: string; weight: number | null }
export type Rate = {
  id: string
  object: 'Rate'
  created_at: string
  updated_at: string
  mode: 'test'
  service: string
  carrier: string
  rate: string
  currency: string
  retail_rate: string
  retail_currency: string
  list_rate: string
  list_currency: string
  billing_type: string
  delivery_days: number
  delivery_date: null
  delivery_date_guaranteed: boolean
  est_delivery_days: number
  shipment_id: string
  carrier_account_id: string
}

/** Now as EasyPost writes it. */
export const isoNow = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z')

/** An address object from the fields of a request. */
export function addressFrom(fields: Record<string, unknown>, id: string): Address {
  const now = isoNow().replace('Z', '+00:00')
  const field = (name: string) => textOrNull(fields, name)
  return {
    id,
    object: 'Address',
    created_at: now,
    updated_at: now,
    name: field('name'),
    company: field('company'),
    street1: field('street1'),
    street2: field('street2'),
    city: field('city'),
    state: field('state'),
    zip: field('zip'),
    country: field('country') ?? 'US',
    phone: field('phone'),
    email: field('email'),
    mode: 'test',
    carrier_facility: null,
    residential: null,
    federal_tax_id: null,
    state_tax_id: null,
    verifications: {},
  }
}

/** A parcel object: ounces and inches. */
export function parcelFrom(fields: Record<string, unknown>, id: string): Parcel {
  const now = isoNow()
  const field = (name: string) => (fields[name] === undefined || fields[name] === null ? null : Number(fields[name]))
  return {
    id,
    object: 'Parcel',
    created_at: now,
    updated_at: now,
    length: field('length'),
    width: field('width'),
    height: field('height'),
    predefined_package: textOrNull(fields, 'predefined_package'),
    weight: field('weight'),
    mode: 'test',
  }
}

/** Customs information with its items, or null when the request has none. */
export function customsFrom(value: unknown, mintId: MintId): Record<string, unknown> | null {
  if (value === undefined || value === null) return null
  const fields = asRecord(value)
  const now = isoNow()
  const field = (name: string) => textOrNull(fields, name)
  const customs_items = records(fields.customs_items).map((item) => ({
    id: mintId('cstitem'),
    object: 'CustomsItem',
    created_at: now,
    updated_at: now,
    description: textOrNull(item, 'description'),
    hs_tariff_number: textOrNull(item, 'hs_tariff_number'),
    origin_country: textOrNull(item, 'origin_country'),
    quantity: Number(item.quantity ?? 1),
    value: String(item.value ?? '0'),
    weight: Number(item.weight ?? 0),
    code: textOrNull(item, 'code'),
    mode: 'test',
    manufacturer: null,
    currency: textOrNull(item, 'currency'),
    eccn: null,
    printed_commodity_identifier: null,
  }))
  return {
    id: mintId('cstinfo'),
    object: 'CustomsInfo',
    created_at: now,
    updated_at: now,
    contents_explanation: field('contents_explanation') ?? '',
    contents_type: field('contents_type') ?? 'merchandise',
    customs_certify: fields.customs_certify === true || fields.customs_certify === 'true',
    customs_signer: field('customs_signer'),
    eel_pfc: field('eel_pfc'),
    non_delivery_option: field('non_delivery_option') ?? 'return',
    restriction_comments: field('restriction_comments'),
    restriction_type: field('restriction_type') ?? 'none',
    mode: 'test',
    declaration: null,
    customs_items,
  }
}

type Service = {
  carrier: string
  service: string
  baseCents: number
  perZoneCents: number
  perOunceCents: number
  days: number
}

const domestic: Service[] = [
  { carrier: 'USPS', service: 'GroundAdvantage', baseCents: 450, perZoneCents: 35, perOunceCents: 6, days: 5 },
  { carrier: 'USPS', service: 'Priority', baseCents: 720, perZoneCents: 55, perOunceCents: 11, days: 3 },
  { carrier: 'USPS', service: 'Express', baseCents: 2_800, perZoneCents: 180, perOunceCents: 25, days: 1 },
  { carrier: 'UPS', service: 'Ground', baseCents: 990, perZoneCents: 40, perOunceCents: 8, days: 4 },
]
const international: Service[] = [
  {
    carrier: 'USPS',
    service: 'FirstClassPackageInternationalService',
    baseCents: 1_425,
    perZoneCents: 0,
    perOunceCents: 42,
    days: 14,
  },
  {
    carrier: 'USPS',
    service: 'PriorityMailInternational',
    baseCents: 3_890,
    perZoneCents: 0,
    perOunceCents: 65,
    days: 8,
  },
  { carrier: 'UPS', service: 'UPSSaver', baseCents: 6_150, perZoneCents: 0, perOunceCents: 90, days: 3 },
]
const heaviestOunces = 70 * 16

/** Distance in postal zones 1–8, from the first digits of the two codes. */
export function zoneBetween(from: Address, to: Address): number {
  const digit = (address: Address) => Number(/^\d/.exec(address.zip ?? '')?.[0] ?? 5)
  return Math.min(8, 1 + Math.abs(digit(from) - digit(to)))
}

/** The carriers' offers: always the same for the same weight and route; none for what no carrier takes. */
export function ratesFor(
  route: { from: Address; to: Address; weight: number | null; shipmentId: string },
  mintId: MintId,
): Rate[] {
  const { from, to, weight, shipmentId } = route
  if (weight === null || !(weight > 0) || weight > heaviestOunces) return []
  const now = isoNow()
  const zone = zoneBetween(from, to)
  const services = from.country === to.country ? domestic : international
  return services.map(({ carrier, service, baseCents, perZoneCents, perOunceCents, days }) => {
    const cents = baseCents + perZoneCents * zone + Math.ceil(perOunceCents * weight)
    return {
      id: mintId('rate'),
      object: 'Rate',
      created_at: now,
      updated_at: now,
      mode: 'test',
      service,
      carrier,
      rate: decimal(cents),
      currency: 'USD',
      retail_rate: decimal(Math.round(cents * 1.2)),
      retail_currency: 'USD',
      list_rate: decimal(Math.round(cents * 1.1)),
      list_currency: 'USD',
      billing_type: 'easypost',
      delivery_days: days,
      delivery_date: null,
      delivery_date_guaranteed: false,
      est_delivery_days: days,
      shipment_id: shipmentId,
      carrier_account_id: `ca_sandbox_${carrier.toLowerCase()}`,
    }
  })
}
