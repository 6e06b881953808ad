const statusOfKind = {
  bad_request: 400,
  unauthorized: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  payload_too_large: 413,
  range_not_satisfiable: 416,
  unprocessable: 422,
  too_many_requests: 429,
  internal_server_error: 500,
  service_unavailable: 503,
} as const

export type ErrorKind = keyof typeof statusOfKind

/** The closed list of error codes: the kind decides the HTTP status, the sentence may be shown to a buyer. */
export const errorCodes = {
  invalid_parameter: ['bad_request', 'A parameter is not valid.'],
  missing_parameter: ['bad_request', 'A required parameter is missing.'],
  unknown_parameter: ['bad_request', 'This is no parameter of this request.'],
  invalid_json: ['bad_request', 'The body is not valid JSON.'],
  invalid_signature: ['bad_request', 'The signature of this webhook is not valid.'],
  invalid_request: ['bad_request', 'This is not a valid HTTP request.'],
  invalid_event: ['bad_request', 'This webhook does not have the form that its provider documents.'],
  invalid_amount: ['bad_request', 'The amount has more decimals than its currency allows, or is out of range.'],
  invalid_quantity: ['bad_request', 'Give a quantity that is still open, to be fulfilled or cancelled.'],
  refund_needs_items: [
    'bad_request',
    'Several sellers sold this order: say whose money goes back, by items, shipping or sellerId.',
  ],
  order_disputed: ['bad_request', 'Nothing can be refunded while the payment is disputed.'],
  currency_mismatch: ['bad_request', 'All items must have the currency of the cart.'],
  invalid_metadata: ['bad_request', 'Metadata may have 20 keys of 40 characters with values of 500 characters.'],
  commission_not_yours: ['forbidden', 'A commission is set by the operator, or by a marketplace for its sellers.'],
  origin_not_allowed: ['forbidden', 'This key may not be used by pages of this site.'],
  not_allowed_with_publishable_key: ['bad_request', 'This field needs a secret key.'],
  invalid_shipping_choice: ['bad_request', 'Choose one of the shipping rates of this cart.'],
  coupon_not_valid: ['bad_request', 'This code is not valid.'],
  coupon_minimum_not_met: ['bad_request', 'The goods cost less than this code asks for.'],
  coupon_not_applicable: ['bad_request', 'This code is not for these goods.'],
  tax_location_required: ['bad_request', 'The tax depends on where the buyer is: give the cart an address.'],
  tax_not_calculated: ['conflict', 'Prices of this cart bear tax: ask for it with POST /v2/carts/{id}/tax first.'],
  ship_to_required: ['bad_request', 'A shipping address is required for goods that are shipped.'],
  cart_empty: ['bad_request', 'The cart has no items.'],
  email_required: ['bad_request', 'An email address is required.'],
  file_required: ['bad_request', 'Send one file that is not empty, in the field "file" of multipart/form-data.'],
  too_many_files: ['bad_request', 'Send one file at a time.'],
  invalid_multipart: ['bad_request', 'The body is not valid multipart/form-data, or it ended early.'],
  file_type_mismatch: ['bad_request', 'The content of this file is not what its name or type says.'],
  picture_refused: ['bad_request', 'Choose a JPEG, PNG, WebP, AVIF or GIF picture of at most 10 MB.'],
  file_type_refused: ['bad_request', 'Web pages, scripts and programs are not accepted; pack them into a ZIP archive.'],
  invalid_content_type: ['bad_request', 'This content type is not accepted.'],
  unauthorized: ['unauthorized', 'Send a valid API key as a bearer token.'],
  second_factor_required: ['unauthorized', 'Send a code of your authenticator app, or a recovery code, in "code".'],
  forbidden: ['forbidden', 'This needs another kind of key.'],
  not_found: ['not_found', 'There is nothing here.'],
  provider_not_configured: ['not_found', 'This provider is not configured.'],
  order_create_failed: ['bad_request', 'The order cannot be created: something is missing.'],
  order_submit_failed: ['bad_request', 'Payment session status is invalid.'],
  selling_entity_not_found: ['bad_request', 'Nobody may sell this combination of goods and countries.'],
  selling_entity_missing: ['conflict', 'Nobody sells here yet: the operator has to enter a selling entity first.'],
  tax_rates_missing: ['conflict', 'No tax rates are known here yet: the operator has to enter them first.'],
  checkout_busy: ['conflict', 'This checkout is being changed by another request. Try again.'],
  page_outdated: [
    'conflict',
    'Something has happened since this page was opened. Nothing was done: please look again.',
  ],
  operation_in_progress: ['conflict', 'This is being done already. Try again shortly.'],
  order_in_progress: ['conflict', 'This checkout is being ordered by another request.'],
  'failed-request': ['conflict', 'Failed to charge source.'],
  'suspected-fraud': ['conflict', 'This order cannot be accepted.'],
  customer_disabled: ['conflict', 'This customer cannot order.'],
  source_in_use: ['conflict', 'This source belongs to another customer.'],
  source_not_chargeable: ['conflict', 'This source cannot be charged.'],
  nonreusable_source: ['conflict', 'A source of this type cannot be saved.'],
  source_status_invalid_for_session: ['conflict', 'This source can no longer be used.'],
  session_source_amount_too_large: ['conflict', 'Source amount(s) exceed session amount.'],
  tax_identifier_in_use: ['conflict', 'This tax identifier cannot be attached to this customer.'],
  cart_changed: ['conflict', 'The cart was changed while the carriers were asked. Ask for its shipping rates again.'],
  price_changed: ['conflict', 'The price has changed. Please look at it again.'],
  cart_locked: ['conflict', 'The cart has become an order and cannot be changed.'],
  event_of_another_order: ['conflict', 'This webhook is about another order.'],
  payment_under_way: ['conflict', 'Money for this order is on its way. Wait until it has arrived.'],
  quantity_not_sold: ['bad_request', 'This many are not sold at once.'],
  out_of_stock: ['conflict', 'There is not enough of this left.'],
  inventory_not_counted: ['conflict', 'Pieces of this SKU are not counted: give it an inventory first.'],
  order_not_payable: ['conflict', 'This order can no longer be paid.'],
  order_terminal: ['conflict', 'This order is already closed.'],
  order_not_accepted: ['conflict', 'Only an accepted order that its merchant fulfils can be fulfilled.'],
  order_not_submitted: ['conflict', 'This order is disputed at the moment.'],
  order_fulfilled: ['conflict', 'This order is fulfilled.'],
  payment_authorization_failed: ['conflict', 'The payment of this order is no longer authorized.'],
  quantity_too_large: ['conflict', 'More is returned than was fulfilled.'],
  return_accepted: ['conflict', 'This return is accepted already.'],
  order_not_cancellable: ['conflict', 'This order can no longer be cancelled.'],
  payment_method_unavailable: ['conflict', 'This payment method is not available.'],
  payment_refused: ['conflict', 'The payment provider refused this payment.'],
  merchant_share_negative: ['conflict', 'The fees of this order are higher than its amount.'],
  task_not_failed: ['conflict', 'Only a failed task can be retried.'],
  settlement_not_recorded: ['conflict', 'Only a recorded settlement can be marked as settled.'],
  payout_not_yours: ['forbidden', 'A payout is made by the marketplace of its recipient, or by the operator.'],
  payout_too_large: ['conflict', 'More cannot be paid out than is available.'],
  nothing_to_pay_out: ['conflict', 'Nothing is available to be paid out.'],
  payout_account_missing: ['conflict', 'There is no connected account to transfer to. Pay by hand.'],
  payout_not_open: ['conflict', 'This payout cannot be changed any more, or a transfer is being made.'],
  link_expired: ['gone', 'This offer has ended.'],
  link_used_up: ['gone', 'This offer is sold out.'],
  slug_in_use: ['conflict', 'This slug is already in use.'],
  order_not_paid: ['payment_required', 'This order is not paid.'],
  order_not_refundable: ['conflict', 'There is nothing to give back on this order.'],
  invalid_status_transition: ['conflict', 'An order cannot go from its status to this one.'],
  not_delivered: ['conflict', 'This order is paid, and its delivery is on the way.'],
  nothing_to_deliver: ['conflict', 'This order has no digital goods.'],
  ship_to_fixed: [
    'conflict',
    'The address stays: a label may be bought or a print ordered already, or something is on its way. Ask the carrier to redirect it.',
  ],
  ship_to_country_fixed: ['conflict', 'The country stays: tax and duty were calculated for it.'],
  goods_being_called_off: ['conflict', 'This is being called off already.'],
  goods_not_recallable: [
    'conflict',
    'Only a label or print job that was bought, and whose goods have not moved, can be called off.',
  ],
  goods_not_to_be_sent: [
    'conflict',
    'Only what was called off for certain, and is still owed to the buyer of a confirmed order, can be sent again.',
  ],
  goods_on_their_way: ['conflict', 'Some of these goods are on their way already.'],
  dispute_closed: ['conflict', 'This dispute is decided.'],
  evidence_sent: ['conflict', 'The bank has taken the evidence already.'],
  evidence_too_late: ['conflict', 'The bank takes no more evidence about this dispute.'],
  evidence_not_taken: ['conflict', 'This payment provider takes no evidence.'],
  review_not_open: ['conflict', 'This order is not under review.'],
  download_expired: ['gone', 'This download link has expired. Ask for a new one.'],
  download_limit_reached: ['gone', 'This has been downloaded as often as it may be.'],
  delivery_revoked: ['gone', 'This delivery has been withdrawn.'],
  endpoint_disabled: ['conflict', 'This webhook endpoint is disabled. Enable it first.'],
  code_in_use: ['conflict', 'This code is already in use.'],
  variant_in_use: ['conflict', 'The product has a variant with these options already.'],
  too_many_variants: ['conflict', 'A product may have 100 variants.'],
  product_archived: ['conflict', 'The product of this variant is off sale: restore the product first.'],
  id_in_use: ['conflict', 'This id is already in use.'],
  not_an_invoice: ['conflict', 'This file is no invoice or credit memo.'],
  scope_missing: ['forbidden', 'This key lacks the scope for this.'],
  role_too_low: ['forbidden', 'Your role in this shop does not allow this. An owner can do it, or change your role.'],
  last_owner: ['conflict', 'A shop needs an owner: make somebody else one first.'],
  in_use: ['conflict', 'This is still in use.'],
  idempotency_key_reused: ['conflict', 'This idempotency key was used for another request.'],
  idempotency_key_in_use: ['conflict', 'A request with this idempotency key is still running.'],
  payload_too_large: ['payload_too_large', 'The body is too large.'],
  file_too_large: ['payload_too_large', 'The file is too large.'],
  invalid_range: ['range_not_satisfiable', 'The file does not have this range.'],
  too_many_requests: ['too_many_requests', 'Too many requests. Try again later.'],
  internal_server_error: ['internal_server_error', 'Something went wrong on our side.'],
  not_ready: ['service_unavailable', 'This process takes no requests at the moment.'],
  database_unavailable: ['service_unavailable', 'The service is not available at the moment. Try again shortly.'],
  order_being_made: ['service_unavailable', 'This checkout is being ordered by another request. Ask again shortly.'],
  provider_unavailable: ['service_unavailable', 'The provider does not answer at the moment. Try again shortly.'],
} as const satisfies Record<string, readonly [ErrorKind, string]>

export type ErrorCode = keyof typeof errorCodes

/** Something that is wrong besides the first thing, and has the same code. */
export type FurtherError = { message: string; parameter?: string | undefined }

/** An expected refusal that a caller sees: `{type, errors:[{code, message, parameter?}]}` with the code's status. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly status: (typeof statusOfKind)[ErrorKind]
  readonly parameter: string | undefined
  readonly further: readonly FurtherError[]

  constructor(
    code: ErrorCode,
    details: { message?: string; parameter?: string; cause?: unknown; further?: readonly FurtherError[] } = {},
  ) {
    super(details.message ?? errorCodes[code][1], { cause: details.cause })
    this.code = code
    this.kind = errorCodes[code][0]
    this.status = statusOfKind[this.kind]
    this.parameter = details.parameter
    this.further = details.further ?? []
  }
}
