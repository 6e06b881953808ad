import { control } from '../control-routes.ts'
import { type Answer, asRecord, type Exchange, json, jsonBody, type Route } from '../http.ts'
import { type JsonEndpoint, textOrNull } from '../json-provider.ts'
import { missingParameter, notFound, notPossible } from './refusals.ts'
import type { Shipment, Shipments } from './shipments.ts'

/** The endpoints of shipments, from rates to a label that is given back. */
export function shipmentRoutes(shipments: Shipments, endpoint: JsonEndpoint, baseUrl: () => string): Route[] {
  const shipmentById = (id: string): Shipment => {
    const shipment = shipments.get(id)
    if (!shipment) throw notFound()
    return shipment
  }
  return [
    endpoint('POST', 'shipments', 'shipments.create', ({ body }) => create(shipments, body)),
    endpoint('GET', 'shipments', 'shipments.list', ({ query }) => list(shipments, query)),
    endpoint('GET', 'shipments/:id', 'shipments.retrieve', ({ id }) =>
      json(shipments.withReference(id) ?? shipmentById(id)),
    ),
    endpoint('POST', 'shipments/:id/buy', 'shipments.buy', ({ id, body }) => buy(shipments, shipmentById(id), body)),
    endpoint('POST', 'shipments/:id/rerate', 'shipments.rerate', ({ id }) =>
      json({ rates: shipments.rerate(shipmentById(id)) }),
    ),
    endpoint('GET', 'shipments/:id/label', 'shipments.label', ({ id, query }) => {
      const shipment = shipmentById(id)
      if (!shipment.postage_label) throw notPossible('SHIPMENT.POSTAGE.REQUIRED', 'Postage is required.')
      if (query.get('file_format') === 'PDF')
        shipment.postage_label.label_pdf_url = `${baseUrl()}/easypost/labels/${id}.pdf`
      return json(shipment)
    }),
    endpoint('POST', 'shipments/:id/refund', 'shipments.refund', ({ id }) => refund(shipments, shipmentById(id))),
    control('POST', '/sandbox/easypost/shipments/:id/refund', (exchange) => answerRefund(shipments, exchange)),
  ]
}

function create(shipments: Shipments, body: Record<string, unknown>): Answer {
  if (body.shipment === undefined) throw missingParameter('shipment')
  const fields = asRecord(body.shipment)
  for (const name of ['to_address', 'from_address', 'parcel'])
    if (!fields[name]) throw missingParameter(`shipment.${name}`)
  return json(shipments.create(fields), 201)
}

function list(shipments: Shipments, query: URLSearchParams): Answer {
  // The real list leaves unbought shipments out unless it is asked for them.
  const onlyPurchased = query.get('purchased') !== 'false'
  const since = Date.parse(query.get('start_datetime') ?? '') || 0
  const size = Number(query.get('page_size') ?? 20)
  const found: Readonly<Shipment>[] = []
  for (const shipment of shipments.newestFirst(query.get('before_id') || undefined)) {
    if (Date.parse(shipment.created_at) < since) break
    if (!onlyPurchased || shipment.postage_label) found.push(shipment)
    if (found.length > size) break
  }
  return json({ shipments: found.slice(0, size), has_more: found.length > size })
}

function buy(shipments: Shipments, shipment: Shipment, body: Record<string, unknown>): Answer {
  if (shipment.postage_label) throw notPossible('SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.')
  const wanted = asRecord(body.rate).id
  if (wanted === undefined) throw missingParameter('rate')
  const rate = shipment.rates.find((offer) => offer.id === wanted)
  if (!rate) throw notFound()
  shipments.buy(shipment, rate, textOrNull(body, 'insurance'))
  return json(shipment)
}

function refund(shipments: Shipments, shipment: Shipment): Answer {
  if (!shipment.postage_label)
    throw notPossible('SHIPMENT.REFUND.UNAVAILABLE', 'Refund is not available: no postage was bought.')
  if (shipment.refund_status) throw notPossible('SHIPMENT.REFUND.REQUESTED', 'Refund has already been requested.')
  // A label that was scanned is used.
  if (!['unknown', 'pre_transit'].includes(String(shipment.tracker?.status ?? 'unknown')))
    throw notPossible('SHIPMENT.REFUND.UNAVAILABLE', 'Refund is not available: the label was used.')
  shipments.refund(shipment)
  return json(shipment)
}

/** The control surface plays the carrier that pays for an unused label days later, or does not. */
function answerRefund(shipments: Shipments, exchange: Exchange): Answer {
  const shipment = shipments.get(exchange.params.id ?? '')
  const { status } = jsonBody(exchange)
  if (shipment?.refund_status !== 'submitted')
    return json({ error: { message: 'No refund was asked for of such a shipment.' } }, 404)
  if (status !== 'refunded' && status !== 'rejected')
    return json({ error: { message: 'status must be refunded or rejected' } }, 400)
  shipments.answerRefund(shipment, status)
  return json(shipment)
}
