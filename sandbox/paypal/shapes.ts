import { toMoney } from './amounts.ts'
import type { Authorization, Capture, Dispute, Order, Refund, State, Transaction } from './state.ts'
import { rowsOf } from './state.ts'

/** PayPal's objects as its API and its webhooks show them. `base` is the API's address. */
export type Shapes = ReturnType<typeof createShapes>

/** What of an object is left out where it is empty. */
const given = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

const times = ({ createdAt, updatedAt }: { createdAt: string; updatedAt: string }) => ({
  create_time: createdAt,
  update_time: updatedAt,
})

const money = ({ amount, currency }: { amount: number; currency: string }) => toMoney(amount, currency)

export function createShapes(state: State, base: () => string) {
  const link = (path: string, rel: string, method = 'GET') => ({ href: `${base()}${path}`, rel, method })

  const capture = (row: Readonly<Capture>) => ({
    id: row.id,
    status: row.status,
    ...given({ status_details: row.reason === null ? null : { reason: row.reason } }),
    amount: money(row),
    final_capture: row.finalCapture,
    ...given({ custom_id: row.customId, invoice_id: row.invoiceId }),
    ...(row.status === 'PENDING' || row.status === 'DECLINED' ? {} : { seller_receivable_breakdown: breakdown(row) }),
    supplementary_data: {
      related_ids: { order_id: row.orderId, ...given({ authorization_id: row.authorizationId }) },
    },
    ...times(row),
    links: [
      link(`/v2/payments/captures/${row.id}`, 'self'),
      link(`/v2/payments/captures/${row.id}/refund`, 'refund', 'POST'),
      link(`/v2/checkout/orders/${row.orderId}`, 'up'),
    ],
  })

  const refund = (row: Readonly<Refund>) => ({
    id: row.id,
    status: row.status,
    ...given({ status_details: row.status === 'PENDING' ? { reason: 'ECHECK' } : null }),
    amount: money(row),
    ...given({ custom_id: row.customId, invoice_id: row.invoiceId, note_to_payer: row.note }),
    seller_payable_breakdown: {
      gross_amount: money(row),
      paypal_fee: toMoney(0, row.currency),
      net_amount: money(row),
      total_refunded_amount: money(row),
    },
    ...times(row),
    links: [link(`/v2/payments/refunds/${row.id}`, 'self'), link(`/v2/payments/captures/${row.captureId}`, 'up')],
  })

  const authorization = (row: Readonly<Authorization>, order: Readonly<Order> | undefined) => ({
    id: row.id,
    status: row.status,
    amount: money(row),
    ...given({ custom_id: order?.customId, invoice_id: order?.invoiceId }),
    expiration_time: row.expiresAt,
    supplementary_data: { related_ids: { order_id: row.orderId } },
    ...times(row),
    links: [
      link(`/v2/payments/authorizations/${row.id}`, 'self'),
      link(`/v2/payments/authorizations/${row.id}/capture`, 'capture', 'POST'),
      link(`/v2/payments/authorizations/${row.id}/void`, 'void', 'POST'),
      link(`/v2/checkout/orders/${row.orderId}`, 'up'),
    ],
  })

  /** What an order has moved, without what stands elsewhere about it. */
  const payments = (row: Readonly<Order>) => {
    const captures = rowsOf(state.captures, state.capturesOf, row.id)
    const refunds = captures.flatMap(({ id }) => rowsOf(state.refunds, state.refundsOf, id))
    const authorizations = rowsOf(state.authorizations, state.authorizationsOf, row.id)
    const lists = {
      ...(authorizations.length > 0 ? { authorizations: authorizations.map((each) => authorization(each, row)) } : {}),
      ...(captures.length > 0 ? { captures: captures.map(capture) } : {}),
      ...(refunds.length > 0 ? { refunds: refunds.map(refund) } : {}),
    }
    return Object.keys(lists).length > 0 ? { payments: lists } : {}
  }

  const order = (row: Readonly<Order>, page: string) => ({
    id: row.id,
    intent: row.intent,
    status: row.status,
    payment_source: { paypal: row.status === 'APPROVED' || row.status === 'COMPLETED' ? buyer : {} },
    purchase_units: [
      {
        reference_id: row.referenceId,
        amount: money(row),
        ...given({ custom_id: row.customId, invoice_id: row.invoiceId }),
        ...payments(row),
      },
    ],
    ...times(row),
    links: [
      link(`/v2/checkout/orders/${row.id}`, 'self'),
      ...(row.status === 'PAYER_ACTION_REQUIRED' ? [{ href: page, rel: 'payer-action', method: 'GET' }] : []),
      ...(row.status === 'CREATED' ? [{ href: page, rel: 'approve', method: 'GET' }] : []),
      ...(row.status === 'APPROVED' ? [link(`/v2/checkout/orders/${row.id}/capture`, 'capture', 'POST')] : []),
    ],
  })

  return { capture, refund, authorization, order, dispute: disputeShape(state, link), transaction }
}

const buyer = {
  email_address: 'buyer@example.com',
  account_id: 'QYR5Z8XDVJNXQ',
  name: { given_name: 'Ada', surname: 'Buyer' },
}

function breakdown({ amount, fee, currency }: Readonly<Capture>) {
  return {
    gross_amount: toMoney(amount, currency),
    paypal_fee: toMoney(fee, currency),
    net_amount: toMoney(amount - fee, currency),
  }
}

const disputeShape =
  (state: State, link: (path: string, rel: string, method?: string) => object) =>
  (row: Readonly<Dispute>, whole = true) => {
    const capture = state.captures.look(row.captureId)
    return {
      dispute_id: row.id,
      create_time: row.createdAt,
      update_time: row.updatedAt,
      reason: row.reason,
      status: row.status,
      dispute_amount: money(row),
      dispute_life_cycle_stage: row.stage,
      dispute_channel: row.stage === 'CHARGEBACK' ? 'EXTERNAL' : 'INTERNAL',
      seller_response_due_date: row.dueAt,
      ...(whole ? wholeDispute(row, capture) : { dispute_state: stateOf(row) }),
      links: [
        link(`/v1/customer/disputes/${row.id}`, 'self'),
        ...(row.status === 'WAITING_FOR_SELLER_RESPONSE'
          ? [link(`/v1/customer/disputes/${row.id}/provide-evidence`, 'provide_evidence', 'POST')]
          : []),
      ],
    }
  }

const wholeDispute = (row: Readonly<Dispute>, capture: Readonly<Capture> | undefined) => ({
  disputed_transactions: [
    {
      seller_transaction_id: row.captureId,
      transaction_status: 'COMPLETED',
      gross_amount: capture ? money(capture) : money(row),
      ...given({ custom: capture?.customId }),
    },
  ],
  ...(row.outcome === null ? {} : { dispute_outcome: { outcome_code: row.outcome } }),
})

const stateOf = ({ status, stage }: Readonly<Dispute>) => {
  if (status === 'RESOLVED') return 'RESOLVED'
  if (status === 'UNDER_REVIEW') return 'UNDER_PAYPAL_REVIEW'
  return stage === 'INQUIRY' ? 'OPEN_INQUIRIES' : 'REQUIRED_ACTION'
}

/** A line of the books. */
const transaction = (row: Readonly<Transaction>) => ({
  transaction_info: {
    transaction_id: row.id,
    ...(row.reference === null ? {} : { paypal_reference_id: row.reference, paypal_reference_id_type: 'TXN' }),
    transaction_event_code: row.code,
    transaction_initiation_date: new Date(row.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    transaction_updated_date: new Date(row.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    transaction_amount: money(row),
    ...(row.fee === 0 ? {} : { fee_amount: toMoney(row.fee, row.currency) }),
    transaction_status: 'S',
    ...given({ custom_field: row.custom, invoice_id: row.invoice }),
  },
})
