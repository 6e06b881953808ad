import type { CartToOrder } from '../orders/create-order.ts'
import type { OrderView } from './read-order.ts'

type NewItem = { id: string; amount: number; source: CartToOrder['items'][number] }

/** What {@link readOrder} would read of an order of a cart that was stored a moment ago, without asking the database for it. */
export function newOrderView(
  order: Pick<
    OrderView,
    | 'id'
    | 'checkoutId'
    | 'createdAt'
    | 'expiresAt'
    | 'state'
    | 'stateTransitions'
    | 'subtotal'
    | 'totalTax'
    | 'totalDuty'
    | 'totalFees'
    | 'totalDiscount'
    | 'totalShipping'
    | 'totalAmount'
    | 'liveMode'
  >,
  cart: CartToOrder,
  items: readonly NewItem[],
): OrderView {
  return {
    ...order,
    updatedAt: order.createdAt,
    upstreamId: cart.details?.upstreamId ?? null,
    customerId: cart.customerId,
    email: cart.email ?? '',
    currency: cart.currency,
    locale: cart.locale,
    fraudState: null,
    fraudStateTransitions: {},
    disputeState: null,
    shipTo: cart.shipTo,
    billTo: cart.billTo,
    shippingChoice: cart.shippingChoice,
    attribution: cart.attribution,
    attention: null,
    cancelReason: null,
    requestToBeForgotten: false,
    metadata: cart.metadata,
    fulfilledBy: 'engine',
    details: cart.details,
    taxInclusive: cart.taxInclusive,
    customerType: cart.customerType,
    sellingEntity: cart.sellingEntity,
    taxIdentifiers: [],
    items: items.map(({ id, amount, source }) => ({
      id,
      skuId: source.skuId,
      sellerId: source.sellerId,
      kind: source.kind,
      product: source.product,
      quantity: source.quantity,
      amount,
      taxRate: source.taxRate,
      taxAmount: source.taxAmount,
      shippingAmount: source.shippingAmount,
      shippingTaxAmount: source.shippingTaxAmount,
      dutyAmount: source.dutyAmount,
      feeAmount: source.feeAmount,
      feeTaxAmount: source.feeTaxAmount,
      refundedAmount: 0,
      discount: source.discount,
      subscription: source.subscription,
      shipFrom: source.shipFrom,
      metadata: source.metadata,
      state: 'created',
      stateTransitions: { created: order.createdAt },
      fulfilledQuantity: 0,
      cancelledQuantity: 0,
      returnedQuantity: 0,
      delivery: null,
    })),
    charges: [],
    sources: [],
    shipments: [],
    shippingRefunds: [],
    documents: [],
  }
}
