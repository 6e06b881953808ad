import { address } from '../storefront.ts'
import type { Things } from './things.ts'

/** Who passes the gate of an operation. */
export type Circle = 'anyone' | 'provider' | 'server' | 'storefront' | 'seller' | 'operator' | 'bookkeeper' | 'owner'

/** `path` says which of a caller's things stand in the address, `body` what is sent. `destroys` is tried on the own thing at the end. */
export type Row = {
  to: Circle
  path?: Record<string, string>
  body?: (things: Things) => unknown
  query?: (things: Things) => string
  destroys?: true
  contentType?: string
}

const server = (path: Record<string, string> = {}, body?: Row['body']): Row => ({
  to: 'server',
  path,
  ...(body ? { body } : {}),
})
const storefront = (path: Record<string, string> = {}, body?: Row['body']): Row => ({
  ...server(path, body),
  to: 'storefront',
})
const seller = (path: Record<string, string> = {}, body?: Row['body']): Row => ({ ...server(path, body), to: 'seller' })
const operator = (path: Record<string, string> = {}, body?: Row['body']): Row => ({
  ...server(path, body),
  to: 'operator',
})
const bookkeeper = (path: Record<string, string> = {}, body?: Row['body']): Row => ({
  ...server(path, body),
  to: 'bookkeeper',
})
const owner = (path: Record<string, string> = {}, body?: Row['body']): Row => ({ ...server(path, body), to: 'owner' })
const anyone = (path: Record<string, string> = {}, body?: Row['body']): Row => ({ ...server(path, body), to: 'anyone' })
const last = (row: Row): Row => ({ ...row, destroys: true })
const nothing = () => ({})
const sku = ({ sku: skuId = '' }: Things) => ({ skuId, quantity: 1 })
const product = () => ({ name: 'x', price: 0, currency: 'USD', content_type: 'text', delivery_content: 'x' })

/** Every operation of the OpenAPI document, and who may call it. An operation without a row fails the suite. */
export const accessTable: Record<string, Row> = {
  'GET /healthz': anyone(),
  'GET /readyz': anyone(),
  'POST /webhooks/{provider}': { to: 'provider', path: { provider: '=stripe' }, body: nothing },

  'GET /v2/skus': storefront(),
  'POST /v2/skus': server({}, nothing),
  'GET /v2/skus/{id}': storefront({ id: 'sku' }),
  'POST /v2/skus/{id}': server({ id: 'sku' }, () => ({ name: 'y', kind: 'digital', price: 20, currency: 'USD' })),
  'POST /v2/skus/{id}/inventory': server({ id: 'sku' }, () => ({ inventory: 7 })),
  'POST /v2/skus/{id}/restore': server({ id: 'sku' }),
  'DELETE /v2/skus/{id}': last(server({ id: 'sku' })),
  'GET /v2/products': storefront(),
  'POST /v2/products': server({}, nothing),
  'GET /v2/products/{id}': storefront({ id: 'shirt' }),
  'POST /v2/products/{id}': server({ id: 'shirt' }, () => ({
    name: 'y',
    options: [{ name: 'Size', values: ['S', 'M'] }],
  })),
  'POST /v2/products/{id}/variants': server({ id: 'shirt' }, () => ({
    options: [{ name: 'Size', value: 'M' }],
    price: 1,
  })),
  'POST /v2/products/{id}/restore': server({ id: 'shirt' }),
  'DELETE /v2/products/{id}': last(server({ id: 'shirt' })),
  'GET /skus': server(),
  'POST /skus': server({}, nothing),
  'GET /skus/{id}': server({ id: 'rootSku' }),
  'POST /skus/{id}': server({ id: 'rootSku' }, () => ({ metadata: { seen: true } })),
  'PUT /skus/{id}': server({ id: '=not-there' }, nothing),
  'DELETE /skus/{id}': last(server({ id: 'rootSku' })),
  'GET /sku-groups': server(),
  'POST /shipping-quotes': server({}, nothing),
  'POST /checkout/shipping-quotes': server({}, nothing),
  'POST /v2/merchants': server({}, nothing),
  'GET /v2/merchants': server(),
  'GET /v2/merchants/{id}': server({ id: 'merchant' }),
  'POST /v2/merchants/{id}': server({ id: 'merchant' }, () => ({ name: 'Renamed' })),
  'GET /v2/brand': server(),
  'PATCH /v2/brand': server({}, () => ({ accent: '#1a6b34' })),

  'POST /v2/carts': storefront({}, nothing),
  'GET /v2/carts/{id}': storefront({ id: 'cart' }),
  'POST /v2/carts/{id}': storefront({ id: 'cart' }, () => ({ email: 'x@example.com' })),
  'POST /v2/carts/{id}/items': storefront({ id: 'cart' }, sku),
  'PATCH /v2/carts/{id}/items/{itemId}': storefront({ id: 'cart', itemId: 'cartItem' }, () => ({ quantity: 2 })),
  'DELETE /v2/carts/{id}/items/{itemId}': last(storefront({ id: 'cart', itemId: 'cartItem' })),
  'GET /v2/carts/{id}/shipping-rates': storefront({ id: 'cart' }),
  'POST /v2/carts/{id}/tax': storefront({ id: 'cart' }),

  'POST /v2/coupons': server({}, nothing),
  'GET /v2/coupons': server(),
  'GET /v2/coupons/{id}': server({ id: 'coupon' }),
  'POST /v2/coupons/{id}': server({ id: 'coupon' }, () => ({ maxRedemptions: 9 })),
  'DELETE /v2/coupons/{id}': last(server({ id: 'coupon' })),

  'POST /v2/checkouts': server({}, nothing),
  'GET /v2/checkouts': { ...server(), query: ({ customer }) => `customerId=${customer}` },
  'GET /v2/checkouts/{id}': server({ id: 'checkout' }),
  'POST /v2/checkouts/{id}': server({ id: 'checkout' }, () => ({ metadata: { seen: true } })),
  'POST /v2/checkouts/{id}/sources/{sourceId}': server({ id: 'checkout', sourceId: 'source' }),
  'DELETE /v2/checkouts/{id}/sources/{sourceId}': last(server({ id: 'checkout', sourceId: 'source' })),
  'DELETE /v2/checkouts/{id}': last(server({ id: 'checkout' })),

  'POST /v2/customers': server({}, nothing),
  'GET /v2/customers': server(),
  'GET /v2/customers/{id}': server({ id: 'customer' }),
  'POST /v2/customers/{id}': server({ id: 'customer' }, () => ({ email: 'x@example.com' })),
  'POST /v2/customers/{id}/sources/{sourceId}': server({ id: 'customer', sourceId: 'savedSource' }),
  'DELETE /v2/customers/{id}/sources/{sourceId}': last(server({ id: 'customer', sourceId: 'savedSource' })),
  'POST /v2/customers/{id}/tax-identifiers/{taxId}': server({ id: 'customer', taxId: 'taxIdentifier' }),
  'GET /v2/payment-methods': storefront(),
  'POST /v2/sources': storefront({}, nothing),
  'GET /v2/sources/{id}': storefront({ id: 'source' }),
  'GET /v2/selling-entities': owner(),
  'POST /v2/selling-entities': owner({}, nothing),
  'GET /v2/selling-entities/{id}': owner({ id: 'sellingEntity' }),
  'POST /v2/selling-entities/{id}': owner({ id: 'sellingEntity' }, () => ({ position: 1 })),
  'DELETE /v2/selling-entities/{id}': last(owner({ id: 'sellingEntity' })),
  'GET /v2/tax-rates': bookkeeper(),
  'GET /v2/tax-rates.csv': bookkeeper(),
  'POST /v2/tax-rates': { ...bookkeeper({}, () => 'country,category,rate,validFrom\n'), contentType: 'text/csv' },
  'POST /v2/tax-identifiers': server({}, nothing),
  'GET /v2/tax-identifiers': server(),
  'GET /v2/tax-identifiers/{id}': server({ id: 'taxIdentifier' }),

  'POST /v2/orders': storefront({}, ({ cart }) => ({ cartId: cart })),
  'GET /v2/orders': server(),
  'GET /v2/orders/{id}': storefront({ id: 'order' }),
  'POST /v2/orders/{id}': server({ id: 'order' }, () => ({ metadata: { seen: true } })),
  'POST /v2/orders/{id}/payment-intent': storefront({ id: 'order' }, () => ({ paymentMethod: 'STRIPE' })),
  'POST /v2/orders/{id}/confirm-payment': server({ id: 'order' }),
  'POST /v2/orders/{id}/refresh': server({ id: 'order' }),
  'POST /v2/orders/{id}/cancel': server({ id: 'order' }, nothing),
  'GET /v2/orders/{id}/annotations': server({ id: 'order' }),
  'POST /v2/orders/{id}/annotations': server({ id: 'order' }, () => ({ note: 'Seen', tags: ['seen'] })),
  'POST /v2/orders/{id}/ship-to': server({ id: 'order' }, () => address),
  'POST /v2/orders/{id}/shipments/{shipmentId}/call-off': server({ id: 'order', shipmentId: '=shp_nobodys' }),
  'POST /v2/orders/{id}/shipments/{shipmentId}/send-again': server({ id: 'order', shipmentId: '=shp_nobodys' }),
  'GET /v2/orders/{id}/fraud': server({ id: 'order' }),
  'POST /v2/orders/{id}/review': server({ id: 'order' }, () => ({ decision: 'approve' })),
  'GET /v2/orders/{id}/distribution': server({ id: 'order' }),
  'GET /v2/orders/{id}/timeline': server({ id: 'order' }),
  'GET /v2/settlements': server(),
  'POST /v2/settlements': bookkeeper({}, () => ({
    provider: 'bonum',
    lines: [{ reference: 'a-line', amount: 1, currency: 'MNT', at: '2026-10-05T10:00:00Z' }],
  })),
  'GET /v2/settlements/statements': bookkeeper(),
  'GET /v2/settlements/statements/{id}': bookkeeper({ id: '=stm_nobodys' }),
  'POST /v2/settlements/refunds': bookkeeper({}, ({ order = '', charge = '' }) => ({
    orderId: order,
    chargeId: charge,
    reference: 'bank 2',
  })),
  'POST /v2/settlements/payout': server({}, ({ split }) => ({ splitIds: [split], reference: 'bank 1' })),
  'GET /v2/balances': { ...server(), query: ({ merchant = '' }) => `merchantId=${merchant}` },
  'GET /v2/balances/statement': {
    ...server(),
    query: ({ merchant = '' }) => `month=2026-11&currency=USD&merchantId=${merchant}`,
  },
  'GET /v2/balances/entries': { ...server(), query: ({ merchant = '' }) => `merchantId=${merchant}` },
  'POST /v2/payouts': server({}, ({ recipient }) => ({ recipientId: recipient, currency: 'USD', method: 'manual' })),
  'GET /v2/payouts': { ...server(), query: ({ merchant = '' }) => `merchantId=${merchant}` },
  'GET /v2/payouts/{id}': server({ id: 'payout' }),
  'POST /v2/payouts/{id}/pay': server({ id: 'payout' }, () => ({ reference: 'bank 1' })),
  'POST /v2/payouts/{id}/fail': last(server({ id: 'payout' }, () => ({ reason: 'a test' }))),
  'GET /v2/disputes': server(),
  'GET /v2/disputes/{id}': server({ id: '=dsp_nobodys' }),
  'POST /v2/disputes/{id}/evidence': server({ id: '=dsp_nobodys' }, () => ({ other: 'a test' })),
  'POST /v2/recipients': server({}, nothing),
  'GET /v2/recipients': server(),
  'GET /v2/recipients/{id}': server({ id: 'recipient' }),
  'POST /v2/recipients/{id}': server({ id: 'recipient' }, () => ({ name: 'Blog' })),
  'DELETE /v2/recipients/{id}': last(server({ id: 'recipient' })),

  'GET /v2/charges/{id}': server({ id: 'charge' }),
  'POST /v2/fulfillments': server({}, ({ merchantOrder, merchantItem }) => ({
    orderId: merchantOrder,
    items: [{ itemId: merchantItem, quantity: 1 }],
  })),
  'GET /v2/fulfillments': { ...server(), query: ({ merchantOrder }) => `orderId=${merchantOrder}` },
  'GET /v2/fulfillments/{id}': server({ id: 'fulfillment' }),
  'POST /v2/refunds': server({}, ({ order }) => ({ orderId: order, amount: 1 })),
  'GET /v2/refunds': { ...server(), query: ({ order }) => `orderId=${order}` },
  'GET /v2/refunds/{id}': server({ id: 'refund' }),
  'POST /v2/refunds/{id}': server({ id: 'refund' }, () => ({ metadata: { seen: true } })),
  'POST /v2/returns': server({}, ({ merchantOrder, merchantItem }) => ({
    orderId: merchantOrder,
    items: [{ itemId: merchantItem, quantity: 1 }],
  })),
  'GET /v2/returns': { ...server(), query: ({ merchantOrder }) => `orderId=${merchantOrder}` },
  'GET /v2/returns/{id}': server({ id: 'return' }),
  'POST /v2/returns/{id}': server({ id: 'return' }, () => ({ state: 'accepted' })),

  'POST /v2/digital/products': seller({}, nothing),
  'GET /v2/digital/products': seller(),
  'GET /v2/digital/products/{id}': seller({ id: 'product' }),
  'PUT /v2/digital/products/{id}': seller({ id: 'product' }, product),
  'POST /v2/digital/products/{id}/licence-keys': {
    ...seller({ id: 'product' }, () => 'KEY-1'),
    contentType: 'text/csv',
  },
  'POST /v2/digital/links': seller({}, ({ product: id }) => ({ product_id: id, slug: 'x', title: '' })),
  'GET /v2/digital/links': seller(),
  'GET /v2/digital/links/{id}': seller({ id: 'link' }),
  'PUT /v2/digital/links/{id}': seller({ id: 'link' }, () => ({ title: 'Renamed' })),
  'GET /v2/digital/links/{id}/revenue': seller({ id: 'link' }),
  'GET /v2/digital/orders': { ...seller(), query: ({ link }) => `link_id=${link}` },
  'GET /v2/digital/orders/{id}': seller({ id: 'linkOrder' }),
  'PUT /v2/digital/orders/{id}/status': seller({ id: 'linkOrder' }, () => ({ status: 'delivered' })),
  'PUT /v2/digital/orders/{id}/delivery': seller({ id: 'linkOrder' }, () => ({
    content_type: 'text',
    delivery_content: 'x',
  })),
  'POST /v2/digital/orders/{id}/retry-delivery': seller({ id: 'linkOrder' }),
  'GET /v2/digital/orders/{id}/resource': anyone({ id: 'linkOrder' }),
  'POST /v2/digital/upload': seller({}, nothing),
  'GET /v2/digital/files/{id}': seller({ id: 'digitalFile' }),
  'GET /v2/downloads/{token}': anyone({ token: '=nobodys' }),

  'POST /v2/files': server({}, nothing),
  'GET /v2/files': server(),
  'GET /v2/files/{id}': server({ id: 'file' }),
  'GET /v2/files/{id}/content': server({ id: 'file' }),
  'GET /v2/files/{id}/e-invoice': server({ id: 'file' }),
  'POST /v2/file-links': server({}, ({ file }) => ({ fileId: file })),
  'GET /v2/file-links': { ...server(), query: ({ file }) => `fileId=${file}` },
  'GET /v2/file-links/{id}': server({ id: 'fileLink' }),
  'POST /v2/file-links/{id}': server({ id: 'fileLink' }, () => ({ expiresTime: '2099-01-01T00:00:00Z' })),
  'GET /v2/file-links/{token}/content': anyone({ token: 'fileLinkToken' }),
  'GET /v2/file-links/{token}/e-invoice': anyone({ token: 'fileLinkToken' }),
  'DELETE /v2/file-links/{id}': last(server({ id: 'fileLink' })),
  'DELETE /v2/files/{id}': last(server({ id: 'file' })),

  'GET /v2/public/checkout/{slug}': anyone({ slug: 'slug' }),
  'POST /v2/public/checkout/{slug}/pay': anyone({ slug: 'slug' }, () => ({ buyer_email: 'x@example.com' })),
  'GET /v2/public/checkout/{slug}/order/{orderId}': anyone({ slug: 'slug', orderId: 'linkOrder' }),

  'POST /v2/webhook-endpoints': server({}, nothing),
  'GET /v2/webhook-endpoints': server(),
  'GET /v2/webhook-endpoints/{id}': server({ id: 'endpoint' }),
  'POST /v2/webhook-endpoints/{id}': server({ id: 'endpoint' }, () => ({ description: 'seen' })),
  'POST /v2/webhook-endpoints/{id}/rotate-secret': server({ id: 'endpoint' }),
  'GET /v2/webhook-endpoints/{id}/deliveries': server({ id: 'endpoint' }),
  'POST /v2/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver': server({
    id: 'endpoint',
    deliveryId: 'delivery',
  }),
  'POST /v2/webhook-endpoints/{id}/recover': server({ id: 'endpoint' }, () => ({ since: new Date().toISOString() })),
  'POST /v2/webhook-endpoints/{id}/test': server({ id: 'endpoint' }),
  'DELETE /v2/webhook-endpoints/{id}': last(server({ id: 'endpoint' })),

  'GET /v2/erasures': server(),
  'GET /v2/erasures/{id}': server({ id: 'erasure' }),
  'GET /v2/events': server(),
  'GET /v2/events/{id}': server({ id: 'event' }),
  'DELETE /v2/tax-identifiers/{id}': last(server({ id: 'taxIdentifier' })),
  'DELETE /v2/customers/{id}': last(server({ id: 'customer' })),

  'GET /v2/ops/tasks': operator(),
  'POST /v2/ops/tasks/{id}/retry': operator({ id: 'task' }),
  'GET /v2/ops/orphans': operator(),
  'GET /v2/ops/ledger': operator(),
  'GET /v2/ops/ledger/balances': operator(),
  'GET /v2/ops/journal': operator(),
  'GET /v2/ops/tax-report': { ...operator(), query: () => 'month=2026-11' },
  'POST /v2/ops/payouts': operator({}, ({ merchant }) => ({ merchantId: merchant, currency: 'USD', method: 'manual' })),
  'POST /v2/ops/payouts/{id}/fail': operator({ id: 'payout' }, () => ({ reason: 'a test' })),
  'POST /v2/ops/audits': operator(),
  'GET /v2/ops/audit-findings': operator(),
  'POST /v2/ops/audit-findings/{id}/explain': operator({ id: '=fnd_nobodys' }, () => ({ reason: 'a test' })),
  'POST /v2/ops/inbox/replay': operator({}, () => ({
    provider: 'stripe',
    since: new Date().toISOString(),
    dryRun: true,
  })),
  'GET /v2/ops/denied-persons': operator(),
  'POST /v2/ops/denied-persons': operator({}, nothing),
  'POST /v2/ops/commissions': operator({}, ({ merchant }) => ({ merchantId: merchant, commissionBps: null })),
  'GET /v2/ops/people': operator(),
  'POST /v2/ops/people': operator({}, nothing),
  'DELETE /v2/ops/people/{id}': last(operator({ id: 'person' })),
  'POST /v2/ops/password': operator({}, nothing),

  'POST /v2/sessions': anyone({}, () => ({ email: 'nobody' })),
  'DELETE /v2/sessions': last(anyone()),
}
