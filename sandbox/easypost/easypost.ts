import { control } from '../control-routes.ts'
import { asRecord, credential, json, jsonBody, type Route } from '../http.ts'
import { jsonEndpoints, Refusal, textOrNull } from '../json-provider.ts'
import type { World } from '../world.ts'
import { labelPdf, labelPng } from './labels.ts'
import { type Shipment, Shipments } from './shipments.ts'
import { easypostError, Trackers, trackerStatuses } from './trackers.ts'

const notFound = () => new Refusal(easypostError(404, 'NOT_FOUND', 'The requested resource could not be found.'))

const missingParameter = (field: string) =>
  new Refusal(
    easypostError(422, 'PARAMETER.REQUIRED', 'Missing required parameter.', [{ field, message: 'cannot be blank' }]),
  )

/** EasyPost under `/easypost/v2`, its labels, and the control that moves parcels. It knows no idempotency keys. */
export function easypostRoutes(world: World): Route[] {
  const trackers = new Trackers(world)
  const shipments = new Shipments(world, trackers)
  const endpoint = jsonEndpoints(world, 'easypost', {
    prefix: '/easypost/v2',
    unauthorized: ({ headers }) =>
      credential(headers)
        ? undefined
        : easypostError(
            401,
            'APIKEY.INACTIVE',
            'This api key is no longer active. Please use a different api key or reactivate this key.',
          ),
    trouble: (status) =>
      status === 429
        ? easypostError(429, 'RATE_LIMITED', 'You have sent too many requests in a given amount of time.')
        : easypostError(status, 'INTERNAL_SERVER_ERROR', 'We are sorry, but something went wrong.'),
  })
  const shipmentById = (id: string): Shipment => {
    const shipment = shipments.get(id)
    if (!shipment) throw notFound()
    return shipment
  }
  return [
    endpoint('POST', 'addresses', 'addresses.create', ({ body }) => {
      if (body.address === undefined) throw missingParameter('address')
      return json(shipments.createAddress(asRecord(body.address)), 201)
    }),
    endpoint('GET', 'addresses/:id', 'addresses.retrieve', ({ id }) => {
      const address = shipments.getAddress(id)
      if (!address) throw notFound()
      return json(address)
    }),
    endpoint('POST', 'shipments', 'shipments.create', ({ body }) => {
      if (body.shipment === undefined) throw missingParameter('shipment')
      const fields = asRecord(body.shipment)
      for (const name of ['to_address', 'from_address', 'parcel'])
        if (!fields[name]) throw missingParameter(`shipment.${name}`)
      return json(shipments.create(fields), 201)
    }),
    endpoint('GET', 'shipments', 'shipments.list', ({ query }) => {
      // The real list leaves unbought shipments out unless it is asked for them.
      const onlyPurchased = query.get('purchased') !== 'false'
      const since = Date.parse(query.get('start_datetime') ?? '') || 0
      const newestFirst = shipments
        .all()
        .filter(({ postage_label, created_at }) => (!onlyPurchased || postage_label) && Date.parse(created_at) >= since)
        .reverse()
      const before = query.get('before_id')
      const start = before ? newestFirst.findIndex(({ id }) => id === before) + 1 : 0
      const size = Number(query.get('page_size') ?? 20)
      return json({ shipments: newestFirst.slice(start, start + size), has_more: newestFirst.length > start + size })
    }),
    endpoint('GET', 'shipments/:id', 'shipments.retrieve', ({ id }) =>
      json(shipments.withReference(id) ?? shipmentById(id)),
    ),
    endpoint('POST', 'shipments/:id/buy', 'shipments.buy', ({ id, body }) => {
      const shipment = shipmentById(id)
      if (shipment.postage_label) {
        throw new Refusal(easypostError(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.'))
      }
      const wanted = asRecord(body.rate).id
      if (wanted === undefined) throw missingParameter('rate')
      const rate = shipment.rates.find((offer) => offer.id === wanted)
      if (!rate) throw notFound()
      shipments.buy(shipment, rate, textOrNull(body, 'insurance'))
      return json(shipment)
    }),
    endpoint('POST', 'shipments/:id/rerate', 'shipments.rerate', ({ id }) =>
      json({ rates: shipments.rerate(shipmentById(id)) }),
    ),
    endpoint('GET', 'shipments/:id/label', 'shipments.label', ({ id, query }) => {
      const shipment = shipmentById(id)
      if (!shipment.postage_label)
        throw new Refusal(easypostError(422, 'SHIPMENT.POSTAGE.REQUIRED', 'Postage is required.'))
      if (query.get('file_format') === 'PDF')
        shipment.postage_label.label_pdf_url = `${world.baseUrl()}/easypost/labels/${id}.pdf`
      return json(shipment)
    }),
    endpoint('POST', 'shipments/:id/refund', 'shipments.refund', ({ id }) => {
      const shipment = shipmentById(id)
      if (!shipment.postage_label) {
        throw new Refusal(
          easypostError(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'Refund is not available: no postage was bought.'),
        )
      }
      if (shipment.refund_status) {
        throw new Refusal(easypostError(422, 'SHIPMENT.REFUND.REQUESTED', 'Refund has already been requested.'))
      }
      // A label that was scanned is used.
      if (!['unknown', 'pre_transit'].includes(String(shipment.tracker?.status ?? 'unknown'))) {
        throw new Refusal(
          easypostError(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'Refund is not available: the label was used.'),
        )
      }
      shipments.refund(shipment)
      return json(shipment)
    }),
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
    control('GET', '/easypost/labels/:file', ({ params }) => {
      const [id = '', format] = (params.file ?? '').split('.')
      const shipment = shipments.get(id)
      if (!shipment?.tracking_code) return easypostError(404, 'NOT_FOUND', 'There is no such label.')
      const { carrier = '', service = '' } = shipment.selected_rate ?? {}
      const lines = [
        'SANDBOX LABEL - NOT FOR POSTAGE',
        `${carrier} ${service}`,
        shipment.tracking_code,
        shipment.reference ?? '',
      ]
      return format === 'pdf'
        ? { status: 200, body: labelPdf(lines), headers: { 'content-type': 'application/pdf' } }
        : { status: 200, body: labelPng(shipment.tracking_code), headers: { 'content-type': 'image/png' } }
    }),
    control('POST', '/sandbox/easypost/trackers/:id', (exchange) => {
      // A tracker by its id, or the tracker of a shipment by the shipment's.
      const id = exchange.params.id ?? ''
      const tracker = trackers.get(id) ?? trackers.get(shipments.get(id)?.tracker?.id ?? '')
      const status = String(jsonBody(exchange).status)
      if (!tracker) return json({ error: { message: `There is no tracker ${id}` } }, 404)
      if (!trackerStatuses.includes(status))
        return json({ error: { message: `status must be one of ${trackerStatuses.join(', ')}` } }, 400)
      trackers.move(tracker, status)
      return json(tracker)
    }),
  ]
}
