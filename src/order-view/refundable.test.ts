import { expect, it } from 'vitest'
import { openToRefund } from './refundable.ts'

type Order = Parameters<typeof openToRefund>[0]

const line = (id: string, refundedAmount: number) => ({
  id,
  sellerId: 'mer_1',
  amount: 1_000,
  taxAmount: 0,
  shippingAmount: 0,
  shippingTaxAmount: 0,
  dutyAmount: 0,
  feeAmount: 0,
  feeTaxAmount: 0,
  refundedAmount,
  creditAmount: 0,
  creditRefundedAmount: 0,
})
const refund = (amount: number, state: 'complete' | 'failed') => ({ kind: 'refund', state, amount, refundId: 're_1' })
const orderOf = (items: object[], entries: object[]) =>
  ({
    totalAmount: 2_000,
    creditAmount: 0,
    shippingChoice: null,
    items,
    charges: [{ captureMethod: 'automatic', capturedAmount: 2_000, entries }],
    shippingRefunds: [],
  }) as unknown as Order

// Removes the risk that more is offered to be given back than the provider has: such a refund is refused, and so would be every next one.
it('never offers more than the payments hold, however refunds here and at the provider have crossed', () => {
  // Ours was counted to the first line and came too late; theirs, made meanwhile, went beyond what the second line had.
  const crossed = orderOf([line('a', 250), line('b', 1_250)], [refund(1_000, 'failed'), refund(1_500, 'complete')])
  const { lines } = openToRefund(crossed)
  expect([lines.get('a'), lines.get('b')]).toEqual([500, 0])
})

it('offers what is left of each line where nothing has crossed', () => {
  const { lines } = openToRefund(orderOf([line('a', 400), line('b', 0)], [refund(400, 'complete')]))
  expect([lines.get('a'), lines.get('b')]).toEqual([600, 1_000])
})
