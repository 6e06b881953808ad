import { control } from '../control-routes.ts'
import { type Answer, asRecord, credential, json, type Route } from '../http.ts'
import { type JsonEndpoint, jsonEndpoints } from '../json-provider.ts'
import type { World } from '../world.ts'
import { labelPdf, labelPng } from './labels.ts'
import { easypostError, missingParameter, notFound } from './refusals.ts'
import { shipmentRoutes } from './shipment-routes.ts'
import { Shipments } from './shipments.ts'
import { trackerRoutes } from './tracker-routes.ts'
import { Trackers } from './trackers.ts'

/** EasyPost under `/easypost/v2`, its labels, and the control that moves parcels. It knows no idempotency keys. */
export function easypostRoutes(world: World): Route[] {
  const trackers = new Trackers(world)
  const shipments = new Shipments(world, trackers)
  const endpoint = easypostEndpoints(world)
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
    ...shipmentRoutes(shipments, endpoint, world.baseUrl),
    ...trackerRoutes(trackers, shipments, endpoint),
    control('GET', '/easypost/labels/:file', ({ params }) => labelFile(shipments, params.file ?? '')),
  ]
}

/** EasyPost's ways of refusing a caller, around each of its endpoints. */
function easypostEndpoints(world: World): JsonEndpoint {
  return jsonEndpoints(world, 'easypost', {
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
}

function labelFile(shipments: Shipments, file: string): Answer {
  const [id = '', format] = file.split('.')
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
}
