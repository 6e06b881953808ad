import { asRecord } from '../http.ts'
import { decimal, orderIn, textOrNull } from '../json-provider.ts'
import type { Relation } from '../relation.ts'
import type { Table } from '../table.ts'
import type { World } from '../world.ts'
import { sendEvent } from './events.ts'
import {
  type Address,
  addressFrom,
  customsFrom,
  isoNow,
  type Parcel,
  parcelFrom,
  type Rate,
  ratesFor,
  zoneBetween,
} from './shapes.ts'
import type { Tracker, Trackers } from './trackers.ts'

export type Shipment = Record<string, unknown> & {
  id: string
  created_at: string
  options: Record<string, unknown>
  reference: string | null
  tracking_code: string | null
  from_address: Address
  to_address: Address
  parcel: Parcel
  postage_label: Record<string, unknown> | null
  rates: Rate[]
  selected_rate: Rate | null
  refund_status: string | null
  tracker: Tracker | null
  fees: Record<string, unknown>[]
}

/** Postage that was paid for: the effect that must happen once per parcel. */
type Label = {
  id: string
  amount: number
  currency: string
  shipment_id: string
  reference: string | null
  tracking_code: string
  rate: string
}

/** EasyPost's shipments, from rates to a bought label. */
export class Shipments {
  readonly #world: World
  readonly #trackers: Trackers
  readonly #shipments: Table<Shipment>
  readonly #labels: Table<Label>
  readonly #addresses: Table<Address>
  readonly #byReference: Relation

  constructor(world: World, trackers: Trackers) {
    this.#world = world
    this.#trackers = trackers
    this.#shipments = world.store.table('easypost.shipments')
    this.#labels = world.store.table('easypost.labels')
    this.#addresses = world.store.table('easypost.addresses')
    this.#byReference = world.store.relation('easypost.shipmentsByReference')
  }

  get(id: string): Shipment | undefined {
    return this.#shipments.get(id)
  }

  /** The newest shipment with a reference, which may stand in place of an id. */
  withReference(reference: string): Shipment | undefined {
    return this.#shipments.get(this.#byReference.newest(reference) ?? '')
  }

  /** From the newest on, or from the one before the given one. */
  newestFirst(beforeId?: string): Iterable<Readonly<Shipment>> {
    return this.#shipments.newestFirst(beforeId)
  }

  /** Shows on the shipment, if there is one, how far its parcel got. */
  follow(tracker: Tracker): void {
    const shipment = this.#shipments.get(tracker.shipment_id ?? '')
    if (shipment) shipment.tracker = tracker
  }

  /** An address of its own, kept so that a shipment may name it by id. */
  createAddress(fields: Record<string, unknown>): Address {
    const address = addressFrom(fields, this.#world.mintId('adr'))
    this.#addresses.set(address.id, address)
    return address
  }

  getAddress(id: string): Address | undefined {
    return this.#addresses.get(id)
  }

  /** A shipment with the carriers' offers. References need not be unique: nothing stops a caller from making two. */
  create(fields: Record<string, unknown>): Shipment {
    const { mintId, books } = this.#world
    const id = mintId('shp')
    const now = isoNow()
    const from = this.#addressOf(fields.from_address)
    const to = this.#addressOf(fields.to_address)
    const parcel = parcelFrom(asRecord(fields.parcel), mintId('prcl'))
    const reference = textOrNull(fields, 'reference')
    const rates = ratesFor({ from, to, weight: parcel.weight, shipmentId: id }, mintId)
    const message = 'Unable to retrieve rates: the weight is missing or above 70 lbs.'
    const shipment: Shipment = {
      created_at: now,
      is_return: fields.is_return === true,
      messages:
        rates.length > 0
          ? []
          : [{ carrier: 'USPS', carrier_account_id: 'ca_sandbox_usps', type: 'rate_error', message }],
      mode: 'test',
      options: { ...asRecord(fields.options), currency: 'USD', payment: { type: 'SENDER' }, date_advance: 0 },
      reference,
      status: 'unknown',
      tracking_code: null,
      updated_at: now,
      batch_id: null,
      batch_status: null,
      batch_message: null,
      customs_info: customsFrom(fields.customs_info, mintId),
      from_address: from,
      insurance: null,
      order_id: null,
      parcel,
      postage_label: null,
      rates,
      refund_status: null,
      scan_form: null,
      selected_rate: null,
      tracker: null,
      to_address: to,
      usps_zone: zoneBetween(from, to),
      return_address: from,
      buyer_address: to,
      forms: [],
      fees: [],
      id,
      object: 'Shipment',
    }
    this.#shipments.set(id, shipment)
    if (reference) this.#byReference.append(reference, id)
    books.record('easypost', 'shipments', {
      id,
      orderId: orderIn(reference),
      idempotencyKey: null,
      countedBy: reference,
    })
    return shipment
  }

  /** Fresh offers with new ids; the old ids can no longer be bought. */
  rerate(shipment: Shipment): Rate[] {
    const { from_address: from, to_address: to, parcel, id } = shipment
    shipment.rates = ratesFor({ from, to, weight: parcel.weight, shipmentId: id }, this.#world.mintId)
    return shipment.rates
  }

  /** Pays for the postage. The caller has checked that none was bought yet. */
  buy(shipment: Shipment, rate: Rate, insurance: string | null): void {
    const { mintId, books } = this.#world
    const labelId = mintId('pl')
    const code = trackingCode(labelId, rate.carrier)
    const orderId = orderIn(shipment.reference)
    shipment.selected_rate = rate
    shipment.tracking_code = code
    shipment.insurance = insurance
    shipment.updated_at = isoNow()
    shipment.postage_label = this.#label(shipment, labelId)
    shipment.fees = fees(rate, insurance)
    const amount = Math.round(Number(rate.rate) * 100)
    const { id: shipment_id, reference } = shipment
    this.#labels.set(labelId, {
      id: labelId,
      amount,
      currency: 'usd',
      shipment_id,
      reference,
      tracking_code: code,
      rate: rate.id,
    })
    const countedBy = reference ?? shipment_id
    books.record('easypost', 'labels', { id: labelId, orderId, idempotencyKey: null, countedBy })
    const { weight } = shipment.parcel
    shipment.tracker = this.#trackers.open(code, rate.carrier, { shipmentId: shipment_id, orderId, weight })
  }

  /** Asks the carrier for the money of an unused label back; the carrier answers days later. */
  refund(shipment: Shipment): void {
    shipment.refund_status = 'submitted'
    shipment.updated_at = isoNow()
  }

  /** The carrier's answer to that: it pays, or it says that the label was used. */
  answerRefund(shipment: Shipment, status: 'refunded' | 'rejected'): void {
    shipment.refund_status = status
    shipment.updated_at = isoNow()
    sendEvent(this.#world, 'refund.successful', {
      id: this.#world.mintId('rfnd'),
      object: 'Refund',
      created_at: shipment.updated_at,
      updated_at: shipment.updated_at,
      tracking_code: shipment.tracking_code,
      confirmation_number: null,
      status,
      carrier: shipment.selected_rate?.carrier ?? null,
      shipment_id: shipment.id,
    })
  }

  #addressOf(value: unknown): Address {
    const fields = asRecord(value)
    const known = typeof fields.id === 'string' ? this.#addresses.get(fields.id) : undefined
    return known ?? this.createAddress(fields)
  }

  #label(shipment: Shipment, id: string): Record<string, unknown> {
    const now = isoNow()
    const asPdf = String(shipment.options.label_format ?? 'PNG').toUpperCase() === 'PDF'
    const url = `${this.#world.baseUrl()}/easypost/labels/${shipment.id}`
    return {
      object: 'PostageLabel',
      id,
      created_at: now,
      updated_at: now,
      date_advance: 0,
      integrated_form: 'none',
      label_date: now,
      label_resolution: 300,
      label_size: '4x6',
      label_type: 'default',
      label_file_type: asPdf ? 'application/pdf' : 'image/png',
      label_url: asPdf ? `${url}.pdf` : `${url}.png`,
      label_pdf_url: asPdf ? `${url}.pdf` : null,
      label_zpl_url: null,
      label_epl2_url: null,
      label_file: null,
    }
  }
}

function trackingCode(labelId: string, carrier: string): string {
  const serial = Number.parseInt(labelId.slice(-8), 36) % 1_000_000_000
  const digits = String(serial).padStart(9, '0')
  return carrier === 'USPS' ? `9400100110368${digits}` : `1ZSANDBOX${digits}`
}

function fees(rate: Rate, insurance: string | null): Record<string, unknown>[] {
  const fee = (type: string, amount: string) => ({ object: 'Fee', type, amount, charged: true, refunded: false })
  const insured = insurance === null ? [] : [fee('InsuranceFee', `${decimal(Math.round(Number(insurance)))}000`)]
  return [fee('LabelFee', '0.00000'), fee('PostageFee', `${rate.rate}000`), ...insured]
}
