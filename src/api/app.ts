import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { markFailed, traced } from '../platform/tracing.ts'
import { type ApiApp, type ApiEnv, createApp } from './env.ts'
import { requireGates } from './gates.ts'
import { checkText } from './middleware/check-text.ts'
import { allowBrowsers } from './middleware/cors.ts'
import { handleErrors, toResponse } from './middleware/handle-errors.ts'
import { readAsMeant } from './middleware/read-as-meant.ts'
import { acceptPlainTextJson, limitBody } from './middleware/read-body.ts'
import type { ApiParts } from './route-dependencies.ts'
import { registerReadBalanceEntries } from './routes/balances/read-balance-entries.ts'
import { registerReadBalanceStatement } from './routes/balances/read-balance-statement.ts'
import { registerReadBalances } from './routes/balances/read-balances.ts'
import { registerCartItems } from './routes/carts/cart-items.ts'
import { registerCreateCart } from './routes/carts/create-cart.ts'
import { registerReadCart } from './routes/carts/read-cart.ts'
import { registerShippingRates } from './routes/carts/shipping-rates.ts'
import { registerCartTax } from './routes/carts/tax.ts'
import { registerUpdateCart } from './routes/carts/update-cart.ts'
import { registerReadCharge } from './routes/charges/read-charge.ts'
import { registerAttachSource } from './routes/checkouts/attach-source.ts'
import { registerCreateCheckout } from './routes/checkouts/create-checkout.ts'
import { registerReadCheckouts } from './routes/checkouts/read-checkouts.ts'
import { registerUpdateCheckout } from './routes/checkouts/update-checkout.ts'
import { registerCoupons } from './routes/coupons/coupons.ts'
import { registerCreateCustomer } from './routes/customers/create-customer.ts'
import { registerCustomerSources } from './routes/customers/customer-sources.ts'
import { registerCustomerTaxIdentifiers } from './routes/customers/customer-tax-identifiers.ts'
import { registerReadCustomers } from './routes/customers/read-customers.ts'
import { registerUpdateCustomer } from './routes/customers/update-customer.ts'
import { registerDigitalLinks } from './routes/digital/links.ts'
import { registerDigitalOrders } from './routes/digital/orders.ts'
import { registerDigitalProducts } from './routes/digital/products.ts'
import { registerOrderResource } from './routes/digital/resource.ts'
import { registerDisputes } from './routes/disputes/disputes.ts'
import { registerReadErasures } from './routes/erasures/read-erasures.ts'
import { registerReadEvents } from './routes/events/read-events.ts'
import { registerCreateFileLink } from './routes/file-links/create-file-link.ts'
import { registerDownloadFileLink } from './routes/file-links/download-file-link.ts'
import { registerReadFileLinks } from './routes/file-links/read-file-links.ts'
import { registerReadLinkedEInvoice } from './routes/file-links/read-linked-e-invoice.ts'
import { registerUpdateFileLink } from './routes/file-links/update-file-link.ts'
import { registerCreateFile } from './routes/files/create-file.ts'
import { registerDeleteFile } from './routes/files/delete-file.ts'
import { registerReadEInvoice } from './routes/files/read-e-invoice.ts'
import { registerReadFiles } from './routes/files/read-files.ts'
import { registerFiles } from './routes/files/register.ts'
import { registerCreateFulfillment } from './routes/fulfillments/create-fulfillment.ts'
import { registerReadFulfillments } from './routes/fulfillments/read-fulfillments.ts'
import { registerBrand } from './routes/merchants/brand.ts'
import { registerMerchants } from './routes/merchants/merchants.ts'
import { registerOperations } from './routes/ops/register.ts'
import { registerAnnotations } from './routes/orders/annotations.ts'
import { registerCancelOrder } from './routes/orders/cancel-order.ts'
import { registerChangeShipTo } from './routes/orders/change-ship-to.ts'
import { registerConfirmPayment } from './routes/orders/confirm-payment.ts'
import { registerCreateOrder } from './routes/orders/create-order.ts'
import { registerPaymentIntent } from './routes/orders/payment-intent.ts'
import { registerReadOrderDetails } from './routes/orders/read-distribution.ts'
import { registerReadOrders } from './routes/orders/read-orders.ts'
import { registerRefreshOrder } from './routes/orders/refresh-order.ts'
import { registerReviewOrder } from './routes/orders/review-order.ts'
import { registerShipments } from './routes/orders/shipments.ts'
import { registerUpdateOrder } from './routes/orders/update-order.ts'
import { handlePageErrors, isPage } from './routes/pages/page-errors.ts'
import { registerPages } from './routes/pages/register.ts'
import { registerReadPaymentMethods } from './routes/payment-methods/read-payment-methods.ts'
import { registerCreatePayout } from './routes/payouts/create-payout.ts'
import { registerEndPayout } from './routes/payouts/end-payout.ts'
import { registerReadPayouts } from './routes/payouts/read-payouts.ts'
import { registerProducts } from './routes/products/products.ts'
import { registerPublicCheckout } from './routes/public/checkout.ts'
import { registerDropIn } from './routes/public/drop-in.ts'
import { registerExampleShop } from './routes/public/example-shop.ts'
import { registerRecipients } from './routes/recipients/recipients.ts'
import { registerCreateRefund } from './routes/refunds/create-refund.ts'
import { registerReadRefunds } from './routes/refunds/read-refunds.ts'
import { registerAcceptReturn } from './routes/returns/accept-return.ts'
import { registerCreateReturn } from './routes/returns/create-return.ts'
import { registerReadReturns } from './routes/returns/read-returns.ts'
import { registerSellingEntities } from './routes/selling-entities/selling-entities.ts'
import { registerEnterStatement } from './routes/settlements/enter-statement.ts'
import { registerReadStatements } from './routes/settlements/read-statements.ts'
import { registerRecordRefund } from './routes/settlements/record-refund.ts'
import { registerSettlements } from './routes/settlements/settlements.ts'
import { registerShippingQuotes } from './routes/shipping-quotes/shipping-quotes.ts'
import { registerCreateSku } from './routes/skus/create-sku.ts'
import { registerDigitalRiverSkus } from './routes/skus/digital-river-skus.ts'
import { registerReadSkus } from './routes/skus/read-skus.ts'
import { registerRestoreSku } from './routes/skus/restore-sku.ts'
import { registerStockSku } from './routes/skus/stock-sku.ts'
import { registerUpdateSku } from './routes/skus/update-sku.ts'
import { registerCreateSource } from './routes/sources/create-source.ts'
import { registerReadSource } from './routes/sources/read-source.ts'
import { registerCreateTaxIdentifier } from './routes/tax-identifiers/create-tax-identifier.ts'
import { registerTaxIdentifiers } from './routes/tax-identifiers/read-tax-identifiers.ts'
import { registerTaxRates } from './routes/tax-rates/tax-rates.ts'
import { registerWebhookEndpoints } from './routes/webhook-endpoints/register.ts'
import { registerReceiveWebhook } from './routes/webhooks/receive-webhook.ts'
import { createScopeFinder, type ScopeFinder } from './scopes.ts'
import { isSecretAddress } from './secret-address.ts'

/** The composition root of the HTTP API: middleware, then every route, one line each. */
export function createApi(parts: ApiParts): ApiApp {
  const app = createApp()
  const [told, shown] = [handleErrors(parts.log), handlePageErrors(parts)]
  app.onError((error, c) => (isPage(c.req.path) ? shown(error, c) : told(error, c)))
  app.notFound((c) => toResponse(c, new ApiError('not_found')))
  app.use(identify(parts, createScopeFinder(app)))
  app.use(secure)
  app.use('/v2/*', allowBrowsers(app))
  app.use(limitBody)
  app.use('/v2/*', acceptPlainTextJson)
  app.use(checkText)
  app.use(readAsMeant)

  registerReceiveWebhook(app, parts)

  registerCreateSku(app, parts)
  registerProducts(app, parts)
  registerUpdateSku(app, parts)
  registerStockSku(app, parts)
  registerRestoreSku(app, parts)
  registerReadSkus(app, parts)
  registerDigitalRiverSkus(app, parts)
  registerMerchants(app, parts)
  registerBrand(app, parts)

  registerCreateCart(app, parts)
  registerReadCart(app, parts)
  registerUpdateCart(app, parts)
  registerCartItems(app, parts)
  registerShippingRates(app, parts)
  registerShippingQuotes(app, parts)
  registerCartTax(app, parts)
  registerCoupons(app, parts)

  registerCreateCheckout(app, parts)
  registerReadCheckouts(app, parts)
  registerUpdateCheckout(app, parts)
  registerAttachSource(app, parts)

  registerCreateCustomer(app, parts)
  registerReadCustomers(app, parts)
  registerUpdateCustomer(app, parts)
  registerCustomerSources(app, parts)
  registerCustomerTaxIdentifiers(app, parts)
  registerCreateSource(app, parts)
  registerReadSource(app, parts)
  registerReadPaymentMethods(app, parts)
  registerSellingEntities(app, parts)
  registerCreateTaxIdentifier(app, parts)
  registerTaxIdentifiers(app, parts)
  registerTaxRates(app, parts)

  registerCreateOrder(app, parts)
  registerReadOrders(app, parts)
  registerUpdateOrder(app, parts)
  registerPaymentIntent(app, parts)
  registerConfirmPayment(app, parts)
  registerRefreshOrder(app, parts)
  registerCancelOrder(app, parts)
  registerShipments(app, parts)
  registerAnnotations(app, parts)
  registerChangeShipTo(app, parts)
  registerReviewOrder(app, parts)
  registerReadOrderDetails(app, parts)
  registerSettlements(app, parts)
  registerEnterStatement(app, parts)
  registerReadStatements(app, parts)
  registerRecordRefund(app, parts)
  registerRecipients(app, parts)
  registerDisputes(app, parts)
  registerReadBalances(app, parts)
  registerReadBalanceStatement(app, parts)
  registerReadBalanceEntries(app, parts)
  registerCreatePayout(app, parts)
  registerReadPayouts(app, parts)
  registerEndPayout(app, parts)

  registerReadCharge(app, parts)
  registerCreateFulfillment(app, parts)
  registerReadFulfillments(app, parts)
  registerCreateRefund(app, parts)
  registerReadRefunds(app, parts)
  registerCreateReturn(app, parts)
  registerAcceptReturn(app, parts)
  registerReadReturns(app, parts)

  registerDigitalProducts(app, parts)
  registerDigitalLinks(app, parts)
  registerDigitalOrders(app, parts)
  registerOrderResource(app, parts)
  registerFiles(app, parts)
  registerCreateFile(app, parts)
  registerReadFiles(app, parts)
  registerReadEInvoice(app, parts)
  registerDeleteFile(app, parts)
  registerCreateFileLink(app, parts)
  registerReadFileLinks(app, parts)
  registerUpdateFileLink(app, parts)
  registerDownloadFileLink(app, parts)
  registerReadLinkedEInvoice(app, parts)
  registerPublicCheckout(app, parts)
  registerDropIn(app)
  registerExampleShop(app, parts)

  registerWebhookEndpoints(app, parts)
  registerReadErasures(app, parts)
  registerReadEvents(app, parts)

  registerPages(app, parts)
  registerOperations(app, parts)
  requireGates(app)
  return app
}

const open = secureHeaders({ referrerPolicy: 'same-origin' })
const secret = secureHeaders({ referrerPolicy: 'no-referrer' })
/** The drop-in script runs in pages of other sites, and pictures of products are shown there. */
const elsewhere = secureHeaders({ referrerPolicy: 'same-origin', crossOriginResourcePolicy: 'cross-origin' })
const secure = createMiddleware((c, next) => {
  if (/^\/(v1|pictures)\//.test(c.req.path)) return elsewhere(c, next)
  return (isSecretAddress(c.req.path) ? secret : open)(c, next)
})

/** Every answer carries `x-request-id`; every request is measured by route, never by path. */
const identify = ({ metrics, config }: ApiParts, scopeFinder: ScopeFinder) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const requestId = newId('request')
    c.set('requestId', requestId)
    c.set('publicUrl', config.publicUrl)
    c.set('scopeFinder', scopeFinder)
    c.header('x-request-id', requestId)
    c.header('x-dr-requestid', requestId)
    const stop = metrics.requestDuration.startTimer()
    const { method } = c.req
    await traced(method, { kind: 'request', from: c.req.header('traceparent') }, async (span) => {
      await next()
      const { status } = c.res
      span.updateName(`${method} ${c.req.routePath}`)
      span.setAttributes({ 'http.request.method': method, 'http.route': c.req.routePath })
      span.setAttributes({ 'http.response.status_code': status, 'ordermill.request': requestId })
      if (status >= 500) markFailed(span, String(status))
    })
    stop({ method, route: c.req.routePath, status: String(c.res.status) })
  })
