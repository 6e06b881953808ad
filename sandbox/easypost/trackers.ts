import type { Table } from '../table.ts'
import type { World } from '../world.ts'
import { sendEvent } from './events.ts'
import { isoNow } from './shapes.ts'

export type Tracker = {
  id: string
  object: 'Tracker'
  mode: 'test'
  tracking_code: string
  status: string
  status_detail: string
  created_at: string
  updated_at: string
  signed_by: string | null
  weight: number | null
  est_delivery_date: string | null
  shipment_id: string | null
  carrier: string
  tracking_details: Record<string, unknown>[]
  fees: unknown[]
  carrier_detail: null
  finalized: boolean
  is_return: boolean
  public_url: string
}

/** The statuses a tracker may have; `cancelled` has two l. */
export const trackerStatuses = [
  'unknown',
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'available_for_pickup',
  'return_to_sender',
  'failure',
  'cancelled',
  'error',
]

/** EasyPost's test codes, which are born with a status. */
const bornWith: Record<string, string> = {
  EZ1000000001: 'pre_transit',
  EZ2000000002: 'in_transit',
  EZ3000000003: 'out_for_delivery',
  EZ4000000004: 'delivered',
  EZ5000000005: 'return_to_sender',
  EZ6000000006: 'failure',
  EZ7000000007: 'unknown',
}

const ended = new Set(['delivered', 'return_to_sender', 'failure', 'cancelled', 'error'])

/** EasyPost's trackers and the events it sends about them. */
export class Trackers {
  readonly #world: World
  readonly #trackers: Table<Tracker>
  readonly #byCode: Table<string>

  constructor(world: World) {
    this.#world = world
    this.#trackers = world.store.table('easypost.trackers')
    this.#byCode = world.store.table('easypost.trackersByCode')
  }

  /** The tracker of a code and carrier, made on first sight. */
  open(
    code: string,
    carrier: string,
    parcel?: { shipmentId: string; orderId: string | null; weight: number | null },
  ): Tracker {
    const known = this.#trackers.get(this.#byCode.get(`${carrier} ${code}`) ?? '')
    if (known) return known
    const now = isoNow()
    const id = this.#world.mintId('trk')
    const status = bornWith[code] ?? 'unknown'
    const tracker: Tracker = {
      id,
      object: 'Tracker',
      mode: 'test',
      tracking_code: code,
      status,
      status_detail: status === 'unknown' ? 'unknown' : 'status_update',
      created_at: now,
      updated_at: now,
      signed_by: null,
      weight: parcel?.weight ?? null,
      est_delivery_date: null,
      shipment_id: parcel?.shipmentId ?? null,
      carrier,
      tracking_details: [],
      fees: [],
      carrier_detail: null,
      finalized: ended.has(status),
      is_return: false,
      public_url: `${this.#world.baseUrl()}/easypost/track/${id}`,
    }
    this.#trackers.set(id, tracker)
    this.#byCode.set(`${carrier} ${code}`, id)
    const orderId = parcel?.orderId ?? null
    this.#world.books.record('easypost', 'trackers', { id, orderId, idempotencyKey: null, countedBy: null })
    sendEvent(this.#world, 'tracker.created', tracker)
    return tracker
  }

  get(id: string): Tracker | undefined {
    return this.#trackers.get(id)
  }

  byCode(code: string, carrier: string): Tracker | undefined {
    return this.#trackers.get(this.#byCode.get(`${carrier} ${code}`) ?? '')
  }

  /** Moves a parcel: the control surface plays the carrier. */
  move(tracker: Tracker, status: string): void {
    const before = tracker.status
    tracker.status = status
    tracker.status_detail = 'status_update'
    tracker.updated_at = isoNow()
    tracker.finalized = ended.has(status)
    if (status === 'delivered') tracker.signed_by = 'Sandbox Tester'
    tracker.tracking_details.push({
      object: 'TrackingDetail',
      message: status.replaceAll('_', ' ').toUpperCase(),
      description: '',
      status,
      status_detail: 'status_update',
      datetime: tracker.updated_at,
      source: tracker.carrier,
      carrier_code: '',
      tracking_location: { object: 'TrackingLocation', city: null, state: null, country: null, zip: null },
      est_delivery_date: null,
    })
    sendEvent(this.#world, 'tracker.updated', tracker, { status: before })
  }
}
