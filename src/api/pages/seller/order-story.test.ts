import { describe, expect, it } from 'vitest'
import { orderTransitions } from '../../../orders/order.state-machine.ts'
import { sentenceOf } from './order-story.ts'

const items = [{ id: 'item_1', product: { name: 'Mug' } }]
const line = { kind: 'transition', subject: 'order', subjectId: 'ord_1', to: 'accepted', cause: 'saga' }

// Removes the risk that a seller has to read our tables to learn what became of an order.
describe('what happened to an order, in a seller’s words', () => {
  it('has a sentence for every state that an order comes to', () => {
    const reached = new Set(Object.values(orderTransitions).flat())
    for (const to of reached) expect(sentenceOf({ ...line, to }, items), to).toMatch(/\.$/)
  })

  it('names the item, and the mail', () => {
    expect(sentenceOf({ ...line, subject: 'item', subjectId: 'item_1', to: 'fulfilled' }, items)).toBe(
      'Handed over: Mug.',
    )
    const mail = { ...line, kind: 'note', cause: 'mail order_confirmation' }
    expect(sentenceOf({ ...mail, to: 'sent' }, items)).toBe('The buyer was mailed: order confirmation.')
    expect(sentenceOf({ ...mail, to: 'kept' }, items)).toContain('no mail server is set')
  })

  it('keeps what only whoever runs the shop needs to itself', () => {
    expect(sentenceOf({ ...line, kind: 'drop' }, items)).toBeUndefined()
    expect(sentenceOf({ ...line, subject: 'split', to: 'executed' }, items)).toBeUndefined()
    expect(sentenceOf({ ...line, kind: 'note', to: 'x' }, items)).toBeUndefined()
  })
})
