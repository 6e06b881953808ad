import { describe, expect, it } from 'vitest'
import { documentTasks } from './document-tasks.ts'

const line = {
  orderId: 'ord_1',
  fulfilledBy: 'merchant' as const,
  kind: 'transition',
  subject: 'order',
  subjectId: 'ord_1',
}
const jobs = (more: object, invoicesForCarts = false, taxCalculator: 'table' | 'stripe' = 'table') =>
  documentTasks({ ...line, to: 'complete', ...more }, { invoicesForCarts, taxCalculator }).map(({ job, dedupeKey }) => [
    job,
    dedupeKey,
  ])

// Removes the risk of an invoice for what is not one yet, of a second one, and of tasks that carts pay for.
describe('the documents that a line of the timeline calls for', () => {
  it('R201 R202 an invoice when an order is complete, a credit memo when a refund succeeded', () => {
    expect(jobs({})).toEqual([['create-invoice', 'ord_1-invoice-1']])
    expect(jobs({ subject: 'refund', subjectId: 're_1', to: 'succeeded' })).toEqual([
      ['create-credit-memo', 'ord_1-credit-memo-re_1'],
    ])
  })

  it.each([
    ['a state before', { to: 'fulfilled' }],
    ['a drop', { kind: 'drop' }],
    ['a charge that is complete', { subject: 'charge' }],
    ['a refund that is pending', { subject: 'refund', to: 'pending' }],
    ['an order of a cart', { fulfilledBy: 'engine' }],
  ])('none for %s', (_what, more) => {
    expect(jobs(more)).toEqual([])
  })

  it('and the records of the tax where Stripe calculates it, of carts too', () => {
    expect(jobs({ fulfilledBy: 'engine' }, false, 'stripe')).toEqual([['record-tax', 'ord_1-tax-1']])
    expect(jobs({ subject: 'refund', subjectId: 're_1', to: 'succeeded' }, false, 'stripe')).toContainEqual([
      'reverse-tax',
      'ord_1-tax-reversal-re_1',
    ])
  })

  it('one for an order of a cart where that is wanted', () => {
    expect(jobs({ fulfilledBy: 'engine' }, true)).toHaveLength(1)
  })
})
