import { describe, expect, it } from 'vitest'
import { foreignRows, type ShardBooks } from './shards-apart.ts'

const nothing = { orders: [], charges: [], operations: [], ledger: [], tasks: [], events: [] }
const order = (id: string) => ({ id, checkoutId: id, state: 'confirmed', total: 1, attention: null })
const event = (eventId: string, orderId: string | null) => ({
  ...{ id: eventId, provider: 'stripe', type: 'x', handled: true, outcome: 'applied' },
  eventId,
  orderId,
})
const shard = (name: string, id: string, more: Partial<ShardBooks['ours']> = {}): ShardBooks => ({
  name,
  told: [id],
  ours: { ...nothing, orders: [order(id)], events: [event(`evt-${id}`, id)], ...more },
})

// Removes the risk that the run over two databases says that they are apart without having looked.
describe('shards', () => {
  it('are apart when each has its own orders and webhooks', () => {
    expect(foreignRows([shard('a', '1'), shard('b', '2')])).toEqual([])
  })

  it('are not when one has an order that it did not take', () => {
    expect(foreignRows([shard('a', '1'), shard('b', '2', { orders: [order('1'), order('2')] })])).toEqual([
      'b has order 1, which it did not take',
    ])
  })

  it('are not when one has a row of the order of another', () => {
    const ledger = [{ correlationKey: 'x', orderId: '1', account: 'platform', amount: 1 }]
    expect(foreignRows([shard('a', '1'), shard('b', '2', { ledger })])).toEqual([
      'b has ledger of 1, which is not its order',
    ])
  })

  it('are not when both keep the same webhook', () => {
    const events = [event('evt-1', null)]
    expect(foreignRows([shard('a', '1'), shard('b', '2', { events })])).toEqual(['b and a both keep stripe evt-1'])
  })
})
