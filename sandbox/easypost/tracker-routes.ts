import { control } from '../control-routes.ts'
import { type Answer, asRecord, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { type JsonEndpoint, textOrNull } from '../json-provider.ts'
import { missingParameter, notFound } from './refusals.ts'
import type { Shipments } from './shipments.ts'
import { type Trackers, trackerStatuses } from './trackers.ts'

/** The endpoints of trackers, and the control that moves parcels. */
export function trackerRoutes(trackers: Trackers, shipments: Shipments, endpoint: JsonEndpoint): Route[] {
  return [
    endpoint('POST', 'trackers', 'trackers.create', ({ body }) => {
      const fields = asRecord(body.tracker)
      const code = textOrNull(fields, 'tracking_code')
      if (!code) throw missingParameter('tracker.tracking_code')
      return json(trackers.open(code, textOrNull(fields, 'carrier') ?? 'USPS'))
    }),
    endpoint('GET', 'trackers/:id', 'trackers.retrieve', ({ id }) => {
      const tracker = trackers.get(id)
      if (!tracker) throw notFound()
      return json(tracker)
    }),
    control('POST', '/sandbox/easypost/trackers/:id', (exchange) => moveParcel(trackers, shipments, exchange)),
  ]
}

function moveParcel(trackers: Trackers, shipments: Shipments, exchange: Exchange): Answer {
  // A tracker by its id, or the tracker of a shipment by the shipment's.
  const id = exchange.params.id ?? ''
  const tracker = trackers.get(id) ?? trackers.get(shipments.get(id)?.tracker?.id ?? '')
  const status = String(jsonBody(exchange).status)
  if (!tracker) return json({ error: { message: `There is no tracker ${id}` } }, 404)
  if (!trackerStatuses.includes(status))
    return json({ error: { message: `status must be one of ${trackerStatuses.join(', ')}` } }, 400)
  trackers.move(tracker, status)
  shipments.follow(tracker)
  return json(tracker)
}
