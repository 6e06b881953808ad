import { describe, expect, it } from 'vitest'
import type { OrderView } from '../order-view/read-order.ts'
import { type CreditedRefund, toCreditMemo, toInvoice } from './document-data.ts'

const issue = {
  number: 'INV-1',
  issuedAt: '2026-11-22T10:00:00.000Z',
  seller: { name: 'Seller', address: null, taxIdentifiers: [] },
}
const item = {
  id: 'item_1',
  product: { name: 'Mug' },
  unitPrice: 28_00,
  discount: { amountOff: 12_00 },
  kind: 'physical',
  sellerId: 'mer_1',
  quantity: 4,
  fulfilledQuantity: 4,
  amount: 100_00,
  taxRate: 0.19,
  taxAmount: 19_00,
  shippingAmount: 10_00,
  shippingTaxAmount: 1_90,
  dutyAmount: 2_00,
  feeAmount: 1_00,
  feeTaxAmount: 0,
  creditAmount: 0,
}
const total = 133_90
const charge = {
  id: 'chg_1',
  amount: total,
  capturedAmount: total,
  captureMethod: 'manual',
  method: 'STRIPE',
  sourceId: 'src_1',
  entries: [{ kind: 'capture', state: 'complete', amount: total, orderItemId: 'item_1', refundId: null }],
}
const orderOf = (more: object = {}) =>
  ({
    id: 'ord_1',
    createdAt: new Date('2026-11-21T10:00:00.000Z'),
    currency: 'EUR',
    locale: 'de_DE',
    totalAmount: total,
    creditAmount: 0,
    totalDiscount: 12_00,
    shippingRefunds: [],
    shippingChoice: null,
    taxInclusive: false,
    items: [item],
    charges: [charge],
    sources: [{ id: 'src_1', type: 'creditCard', details: { lastFourDigits: '4242' } }],
    taxIdentifiers: [{ type: 'de', value: 'DE123', state: 'not_valid' }],
    details: { taxTreatment: 'taxed' },
    shipTo: { name: 'Bob', phone: '030', email: 'bob@example.com', address: { country: 'DE' } },
    billTo: null,
    ...more,
  }) as unknown as OrderView
const captured = (amount: number, fulfilledQuantity: number) =>
  orderOf({
    items: [{ ...item, fulfilledQuantity }],
    charges: [{ ...charge, capturedAmount: amount, entries: [{ ...charge.entries[0], amount }] }],
  })
const refundOf = (refundedAmount: number, of: Partial<CreditedRefund['items'][number]> = {}, type = null) =>
  ({
    type,
    refundedAmount,
    items: [{ itemId: 'item_1', amount: refundedAmount, ...of }],
    shipping: [],
  }) as unknown as CreditedRefund

// Removes the risk of a document whose parts do not add up to the money that moved.
describe('what a document says', () => {
  it('R184 R201 an invoice has every part of what was captured, the tax by rate, and no telephone', () => {
    const invoice = toInvoice(orderOf(), issue)
    expect(invoice).toMatchObject({
      lines: [{ name: 'Mug', quantity: 4, net: 100_00, taxRate: 0.19, tax: 19_00 }],
      totals: { goods: 100_00, shipping: 10_00, fees: 1_00, duties: 2_00, tax: 20_90, total },
      taxes: [
        { rate: 0.19, net: 110_00, tax: 20_90 },
        { rate: 0, net: 1_00, tax: 0 },
      ],
      discount: 12_00,
      payment: { method: 'creditCard', lastFour: '4242' },
      buyerTaxIdentifiers: [{ type: 'de', value: 'DE123' }],
      reverseCharge: false,
    })
    expect(invoice?.shipTo).toEqual({ name: 'Bob', address: { country: 'DE' } })
  })

  it('R201 what was cancelled is not on the invoice, and the parts of the rest add up', () => {
    const invoice = toInvoice(captured(33_47, 1), issue)
    expect(invoice).toMatchObject({ lines: [{ quantity: 1 }], totals: { total: 33_47 } })
    const { goods = 0, shipping = 0, fees = 0, duties = 0, tax = 0 } = invoice?.totals ?? {}
    expect(goods + shipping + fees + duties + tax).toBe(33_47)
    expect(invoice?.discount).toBe(3_00)
    expect(toInvoice(captured(0, 0), issue)).toBeUndefined()
  })

  it('says that the recipient owes the tax when the checkout was priced that way', () => {
    expect(toInvoice(orderOf({ details: { taxTreatment: 'reverse_charge' } }), issue)?.reverseCharge).toBe(true)
  })

  it.each([
    ['goods with everything on them', refundOf(total), { total, tax: 20_90, goods: 100_00 }],
    ['shipping alone', refundOf(11_90, { type: 'shipping' }), { total: 11_90, tax: 1_90, shipping: 10_00, goods: 0 }],
    ['duties, which are not taxed', refundOf(2_00, { type: 'duty' }), { total: 2_00, tax: 0, duties: 2_00 }],
    ['tax alone', refundOf(20_90, {}, 'tax' as never), { total: 20_90, tax: 20_90, goods: 0, shipping: 0 }],
  ])('R202 a credit memo of %s has the tax that was in it', (_what, refund, totals) => {
    const memo = toCreditMemo(orderOf(), refund, { ...issue, invoiceNumber: 'INV-1' })
    expect(memo).toMatchObject({ kind: 'credit_memo', invoiceNumber: 'INV-1', totals })
  })

  it('R202 there is no credit memo of nothing', () => {
    expect(toCreditMemo(orderOf(), refundOf(0), { ...issue, invoiceNumber: null })).toBeUndefined()
  })
})
