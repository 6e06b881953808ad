import { describe, expect, it } from 'vitest'
import type { Acknowledged, OurBooks, ProviderBooks } from './books.ts'
import { compareBooks } from './compare-books.ts'

type World = { told: Acknowledged[]; ours: OurBooks; theirs: ProviderBooks }

/** One mixed order that went well, and one that was cancelled after its payment and refunded. */
function goodWorld(): World {
  const order = { id: 'ord_1', checkoutId: 'cart_1', state: 'confirmed', total: 10_000, attention: null }
  const late = { id: 'ord_2', checkoutId: 'cart_2', state: 'cancelled', total: 2_000, attention: null }
  const charge = {
    id: 'chg_1',
    orderId: 'ord_1',
    reference: 'pi_1',
    state: 'complete',
    amount: 10_000,
    captured: 10_000,
    refunded: 0,
  }
  const lateCharge = {
    ...charge,
    id: 'chg_2',
    orderId: 'ord_2',
    reference: 'pi_2',
    amount: 2_000,
    captured: 2_000,
    refunded: 2_000,
  }
  const item = (id: string, kind: 'digital' | 'physical' | 'pod', orderId = 'ord_1') => ({
    id,
    orderId,
    sellerId: 'mer_1',
    kind,
    state: kind === 'digital' && orderId === 'ord_1' ? 'fulfilled' : 'created',
  })
  const split = (id: string, chargeId: string, orderId: string, destination: string | null, amount: number) => ({
    id,
    orderId,
    chargeId,
    destination,
    amount,
    state: orderId === 'ord_1' ? 'executed' : 'planned',
  })
  const move = (correlationKey: string, orderId: string, from: string, to: string, amount: number) => [
    { correlationKey, orderId, account: from, amount: -amount },
    { correlationKey, orderId, account: to, amount },
  ]
  const shipment = (id: string, path: 'shipping' | 'pod') => ({
    id,
    orderId: 'ord_1',
    sellerId: 'mer_1',
    path,
    state: 'purchased',
    reference: `at_${path}`,
  })
  return {
    told: [
      { orderId: 'ord_1', lines: ['digital', 'physical', 'pod'], wish: 'pay', paid: true, cancelled: false },
      { orderId: 'ord_2', lines: ['digital'], wish: 'either', paid: true, cancelled: true },
    ],
    ours: {
      orders: [order, late],
      items: [
        item('item_1', 'digital'),
        item('item_2', 'physical'),
        item('item_3', 'pod'),
        item('item_4', 'digital', 'ord_2'),
      ],
      charges: [charge, lateCharge],
      splits: [
        split('spl_1', 'chg_1', 'ord_1', null, 1_000),
        split('spl_2', 'chg_1', 'ord_1', 'acct_1', 9_000),
        split('spl_3', 'chg_2', 'ord_2', 'acct_1', 2_000),
      ],
      operations: [{ id: 'op_1', orderId: 'ord_1', kind: 'transfer', state: 'complete', reference: 'tr_1' }],
      shipments: [shipment('shp_1', 'shipping'), shipment('shp_2', 'pod')],
      deliveries: [{ orderId: 'ord_1', itemId: 'item_1' }],
      tasks: [{ id: 'tsk_1', job: 'confirm-order', orderId: 'ord_1', state: 'done', lastError: null }],
      events: [
        {
          id: 'inb_1',
          provider: 'stripe',
          type: 'charge.succeeded',
          eventId: 'evt_1',
          orderId: 'ord_1',
          handled: true,
          outcome: 'applied',
        },
      ],
      ledger: [
        ...move('chg_1-capture', 'ord_1', 'provider:stripe', 'charge:chg_1', 10_000),
        ...move('spl_1', 'ord_1', 'charge:chg_1', 'platform', 1_000),
        ...move('spl_2', 'ord_1', 'charge:chg_1', 'merchant:mer_1', 9_000),
        ...move('op_1', 'ord_1', 'merchant:mer_1', 'account:acct_1', 9_000),
        ...move('chg_2-capture', 'ord_2', 'provider:stripe', 'charge:chg_2', 2_000),
        ...move('op_2', 'ord_2', 'charge:chg_2', 'provider:stripe', 2_000),
      ],
    },
    theirs: {
      intents: [
        { id: 'pi_1', orderId: 'ord_1', status: 'succeeded', amount: 10_000, received: 10_000 },
        { id: 'pi_2', orderId: 'ord_2', status: 'succeeded', amount: 2_000, received: 2_000 },
      ],
      refunds: [{ id: 're_1', intentId: 'pi_2', amount: 2_000, status: 'succeeded' }],
      transfers: [
        { id: 'tr_1', orderId: 'ord_1', splitId: 'spl_2', destination: 'acct_1', amount: 9_000, reversed: 0 },
      ],
      labels: [{ id: 'pl_1', reference: 'ord_1 shp_1', shipmentId: 'at_shipping', amount: 800 }],
      podOrders: [{ id: '7', externalId: 'shp_2', status: 'pending' }],
    },
  }
}

const first = <T>(list: T[]): T => {
  const [item] = list
  if (item === undefined) throw new Error('the good world has one')
  return item
}

/** What is found wrong after `damage` was done to the good world, as `verdict what` once each. */
function findings(damage: (world: World) => void): string[] {
  const world = goodWorld()
  damage(world)
  return [
    ...new Set(compareBooks(world.told, world.ours, world.theirs).map(({ verdict, what }) => `${verdict} ${what}`)),
  ].sort()
}

// Removes the risk that the chaos run passes because its comparison cannot fail.
describe('compareBooks', () => {
  it('finds nothing wrong when everything happened once', () => {
    expect(findings(() => {})).toEqual([])
  })

  const damages: [title: string, damage: (world: World) => void, expected: string][] = [
    ['an acknowledged order that is not stored', ({ ours }) => ours.orders.shift(), 'lost acknowledged order'],
    ['a line that was not stored', ({ ours }) => ours.items.shift(), 'lost order line'],
    ['money for an order nobody knows', ({ ours }) => ours.orders.shift(), 'lost paid order'],
    [
      'a paid order that is not confirmed',
      ({ ours }) => {
        first(ours.orders).state = 'pending'
      },
      'lost paid order',
    ],
    [
      'a paid order that stays accepted',
      ({ ours }) => {
        first(ours.orders).state = 'accepted'
      },
      'unfinished order',
    ],
    [
      'a confirmed order without money',
      ({ theirs }) => {
        first(theirs.intents).received = 0
      },
      'lost payment',
    ],
    ['a cancelled order whose money is kept', ({ theirs }) => theirs.refunds.pop(), 'lost paid order'],
    [
      'a cancellation that was not kept',
      ({ told }) => {
        first(told).cancelled = true
      },
      'lost cancellation',
    ],
    [
      'a buyer who could not pay',
      ({ told }) => {
        first(told).gaveUp = 'no client secret'
      },
      'lost sale',
    ],
    ['a delivery that did not happen', ({ ours }) => ours.deliveries.pop(), 'lost delivery'],
    ['a label that was not bought', ({ theirs }) => theirs.labels.pop(), 'lost label'],
    ['a print order that was not placed', ({ theirs }) => theirs.podOrders.pop(), 'lost print order'],
    [
      'a cancelled print order',
      ({ theirs }) => {
        first(theirs.podOrders).status = 'canceled'
      },
      'lost print order',
    ],
    ['a transfer that was not made', ({ theirs }) => theirs.transfers.pop(), 'lost transfer'],
    [
      'a split that was not executed',
      ({ ours }) => {
        first(ours.splits).state = 'planned'
      },
      'lost split',
    ],
    ['two orders of one cart', ({ ours }) => ours.orders.push({ ...first(ours.orders), id: 'ord_3' }), 'doubled order'],
    [
      'two payments that were kept',
      ({ theirs }) => theirs.intents.push({ ...first(theirs.intents), id: 'pi_3' }),
      'doubled payment',
    ],
    [
      'more given back than was paid',
      ({ theirs }) => theirs.refunds.push({ ...first(theirs.refunds), id: 're_2' }),
      'doubled refund',
    ],
    [
      'two transfers for one split',
      ({ theirs }) => theirs.transfers.push({ ...first(theirs.transfers), id: 'tr_2' }),
      'doubled transfer',
    ],
    [
      'a transfer of no split',
      ({ theirs }) => theirs.transfers.push({ ...first(theirs.transfers), id: 'tr_2', splitId: null }),
      'doubled transfer',
    ],
    [
      'a transfer of refunded money',
      ({ theirs }) =>
        theirs.transfers.push({
          ...first(theirs.transfers),
          id: 'tr_2',
          orderId: 'ord_2',
          splitId: 'spl_3',
          amount: 2_000,
        }),
      'doubled transfer',
    ],
    [
      'two labels for one shipment',
      ({ theirs }) => theirs.labels.push({ ...first(theirs.labels), id: 'pl_2' }),
      'doubled label',
    ],
    [
      'a label for nobody',
      ({ theirs }) => theirs.labels.push({ ...first(theirs.labels), id: 'pl_2', reference: null }),
      'doubled label',
    ],
    [
      'two print orders',
      ({ theirs }) => theirs.podOrders.push({ ...first(theirs.podOrders), id: '8' }),
      'doubled print order',
    ],
    ['two deliveries of one item', ({ ours }) => ours.deliveries.push(first(ours.deliveries)), 'doubled delivery'],
    [
      'a delivery for a cancelled order',
      ({ ours }) => ours.deliveries.push({ orderId: 'ord_2', itemId: 'item_4' }),
      'doubled delivery',
    ],
    [
      'a payment of another amount',
      ({ theirs }) => {
        first(theirs.intents).received = 9_000
      },
      'unbalanced payment',
    ],
    [
      'a capture we do not know of',
      ({ ours }) => {
        first(ours.charges).captured = 0
      },
      'unbalanced capture',
    ],
    [
      'a refund we do not know of',
      ({ ours }) => {
        for (const charge of ours.charges) charge.refunded = 0
      },
      'unbalanced refund',
    ],
    [
      'splits that do not add up',
      ({ ours }) => {
        first(ours.splits).amount = 999
      },
      'unbalanced splits',
    ],
    [
      'a transfer of another amount',
      ({ theirs }) => {
        first(theirs.transfers).amount = 8_000
      },
      'unbalanced transfer',
    ],
    [
      'a charge we think is cancelled',
      ({ ours }) => {
        first(ours.charges).state = 'cancelled'
      },
      'unbalanced charge',
    ],
    ['half a movement', ({ ours }) => ours.ledger.pop(), 'unbalanced ledger'],
    [
      'money left on a charge',
      ({ ours }) => {
        ours.ledger = ours.ledger.filter(({ correlationKey }) => correlationKey !== 'spl_1')
      },
      'unbalanced ledger',
    ],
    [
      'a task that is not done',
      ({ ours }) => {
        first(ours.tasks).state = 'failed'
      },
      'unfinished task',
    ],
    [
      'a webhook that was not applied',
      ({ ours }) => {
        first(ours.events).handled = false
      },
      'unfinished webhook',
    ],
    [
      'an orphan',
      ({ ours }) => {
        first(ours.events).outcome = 'orphaned'
      },
      'unfinished webhook',
    ],
    [
      'an operation without an end',
      ({ ours }) => {
        first(ours.operations).state = 'unknown'
      },
      'unfinished operation',
    ],
    [
      'an order that asks for a person',
      ({ ours }) => {
        first(ours.orders).attention = 'payment disputed'
      },
      'attention order',
    ],
  ]
  it.each(damages)('finds %s', (_title, damage, expected) => {
    expect(findings(damage)).toContain(expected)
  })
})
