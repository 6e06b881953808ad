import type { z } from '@hono/zod-openapi'
import type { orderSchema } from './order-json.ts'

type OrderJson = z.infer<typeof orderSchema>

/** Of a product a buyer sees what the shop shows: neither its artwork nor what its merchant notes about it. */
const shownOfProduct = [
  'id',
  'name',
  'description',
  'image',
  'physical',
  'weight',
  'weightUnit',
  'dimensions',
  'countryOfOrigin',
] as const

/**
 * An order as a buyer's browser may see it: without what fraud screen, disputes, provider and merchant say about it among
 * themselves. Whatever is added to an order's answer is looked at here.
 */
export function toBuyerView(order: OrderJson): OrderJson {
  const {
    fraudState: _fraud,
    disputeState: _dispute,
    attention: _attention,
    cancelReason: _reason,
    browserIp: _ip,
    applicationId: _application,
    purchaseLocation: _location,
    taxExemption: _exemption,
    ...shown
  } = order
  const charges = order.charges.map(withoutProvider)
  return {
    ...shown,
    upstreamId: null,
    customerId: null,
    fraudStateTransitions: {},
    metadata: {},
    items: order.items.map(({ metadata: _metadata, productDetails, ...item }) => ({
      ...item,
      productDetails: pick(productDetails),
    })),
    charges,
    payment: {
      ...order.payment,
      charges,
      sources: order.payment.sources.map(({ upstreamId: _upstream, ...source }) => source),
    },
    shipments: order.shipments.map(({ labelUrl: _label, ...shipment }) => shipment),
  }
}

const withoutProvider = (charge: OrderJson['charges'][number]): OrderJson['charges'][number] => {
  const { failureCode: _code, ...shown } = charge
  const withoutCodes = (entries: typeof charge.captures) => entries.map(({ failureCode: _entry, ...entry }) => entry)
  return {
    ...shown,
    providerReference: null,
    captures: withoutCodes(charge.captures),
    cancels: withoutCodes(charge.cancels),
    // Whoever has read a page of the shop has its key, and an address where money waits is for one buyer only.
    refunds: withoutCodes(charge.refunds).map(({ claimUrl: _claim, ...entry }) => entry),
  }
}

function pick(product: OrderJson['items'][number]['productDetails']): OrderJson['items'][number]['productDetails'] {
  const shown = shownOfProduct.flatMap((name) => (name in product ? [[name, product[name]]] : []))
  return Object.fromEntries(shown) as typeof product
}
