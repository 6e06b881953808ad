import { describe, expect, it } from 'vitest'
import { compareBooks } from './compare-books.ts'
import { goodWorld, type World } from './fabricated-books.ts'

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
    ...new Set(
      compareBooks(world.told, world.ours, world.theirs, world.byHand).map(({ verdict, what }) => `${verdict} ${what}`),
    ),
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
      ({ theirs }) => theirs.labels.push({ ...first(theirs.labels), id: 'pl_2', shipmentId: 'at_nobody' }),
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

  describe('of what was done by hand in a dashboard', () => {
    const charge = ({ ours }: World) => first(ours.charges)
    const transfer = ({ theirs }: World) => first(theirs.transfers)
    const move = ({ ours }: World, key: string, from: string, to: string, amount: number) =>
      ours.ledger.push(
        { correlationKey: key, orderId: 'ord_1', account: from, amount: -amount },
        { correlationKey: key, orderId: 'ord_1', account: to, amount },
      )
    /** A tenth was given back, and every share of it taken back. */
    const part = (world: World) => {
      world.byHand.push({ act: 'part', id: 'pi_1', amount: 1_000 })
      world.theirs.refunds.push({ id: 're_2', intentId: 'pi_1', amount: 1_000, status: 'succeeded' })
      charge(world).refunded = 1_000
      transfer(world).reversed = 900
      move(world, 'op_3', 'account:acct_1', 'charge:chg_1', 900)
      move(world, 'op_4', 'platform', 'charge:chg_1', 100)
      move(world, 'op_5', 'charge:chg_1', 'provider:stripe', 1_000)
    }
    const reversal = (world: World) => {
      world.byHand.push({ act: 'reversal', id: 'tr_1', amount: 9_000 })
      transfer(world).reversed = 9_000
      move(world, 'op_3', 'account:acct_1', 'merchant:mer_1', 9_000)
    }
    const refund = (world: World) => {
      world.byHand.push({ act: 'refund', id: 'pi_1', amount: 10_000 })
      world.theirs.refunds.push({ id: 're_2', intentId: 'pi_1', amount: 10_000, status: 'succeeded' })
      charge(world).refunded = 10_000
      first(world.ours.orders).state = 'returned'
      transfer(world).reversed = 9_000
      move(world, 'op_3', 'account:acct_1', 'charge:chg_1', 9_000)
      move(world, 'op_4', 'platform', 'charge:chg_1', 1_000)
      move(world, 'op_5', 'charge:chg_1', 'provider:stripe', 10_000)
    }
    /** A third order, whose payment was called off before its buyer could make it. */
    const cancel = (world: World) => {
      const { told, ours, theirs, byHand } = world
      byHand.push({ act: 'cancel', id: 'pi_3', amount: 2_000 })
      told.push({ orderId: 'ord_3', lines: [], wish: 'pay', paid: false, cancelled: false, gaveUp: 'not payable' })
      ours.orders.push({ id: 'ord_3', checkoutId: 'cart_3', state: 'cancelled', total: 2_000, attention: null })
      theirs.intents.push({ id: 'pi_3', orderId: 'ord_3', status: 'canceled', amount: 2_000, received: 0 })
    }

    it.each([
      ['a refund', refund],
      ['a refund of a part', part],
      ['a reversal', reversal],
      ['a cancellation', cancel],
      [
        'a reversal that was faster than ours',
        (world: World) => {
          reversal(world)
          world.ours.operations.push({
            ...first(world.ours.operations),
            id: 'op_6',
            kind: 'transfer_reversal',
            state: 'failed',
          })
        },
      ],
    ])('finds nothing wrong in %s', (_title, act) => {
      expect(findings(act)).toEqual([])
    })

    it.each<[string, (world: World) => void, (world: World) => void, string]>([
      [
        'a refund that was not booked',
        refund,
        (world) => Object.assign(charge(world), { refunded: 0 }),
        'unbalanced refund',
      ],
      [
        'a refunded order that goes on',
        refund,
        ({ ours }) => Object.assign(first(ours.orders), { state: 'complete' }),
        'lost payment',
      ],
      [
        'a share of refunded money',
        refund,
        (world) => Object.assign(transfer(world), { reversed: 0 }),
        'doubled transfer',
      ],
      [
        'a refund that was made again',
        part,
        ({ theirs }) => theirs.refunds.push({ ...first(theirs.refunds), id: 're_3', intentId: 'pi_1', amount: 1_000 }),
        'unbalanced payment',
      ],
      [
        'a share that nothing was taken of',
        part,
        (world) => Object.assign(transfer(world), { reversed: 0 }),
        'unbalanced transfer',
      ],
      [
        'a share that too much was taken of',
        part,
        (world) => Object.assign(transfer(world), { reversed: 902 }),
        'unbalanced transfer',
      ],
      [
        'a share that was paid out again',
        reversal,
        ({ theirs }) => theirs.transfers.push({ ...first(theirs.transfers), id: 'tr_2', reversed: 0 }),
        'doubled transfer',
      ],
      [
        'an order that still waits for a payment',
        cancel,
        ({ ours }) => Object.assign(ours.orders.at(-1) ?? {}, { state: 'pending' }),
        'lost cancellation',
      ],
    ])('finds %s', (_title, act, damage, expected) => {
      const found = findings((world) => {
        act(world)
        damage(world)
      })
      expect(found).toContain(expected)
    })

    /** The buyer wanted everything back; somebody gave a part of it back first, so that ours was refused. */
    const contest = (world: World) => {
      part(world)
      world.ours.operations.push({ ...first(world.ours.operations), id: 'op_6', kind: 'refund', state: 'failed' })
      first(world.ours.orders).attention = 'refund failed at the provider'
      world.ours.deliveries.pop()
    }

    it('leaves to a person what one of our refunds was too late for', () => {
      expect(findings(contest)).toEqual([])
    })

    it('finds that nobody is asked about it', () => {
      const silent = (world: World) => {
        contest(world)
        first(world.ours.orders).attention = null
      }
      expect(findings(silent)).toEqual(['lost attention'])
    })

    it('finds a refund of ours that failed for no such reason', () => {
      const failed = ({ ours }: World) =>
        ours.operations.push({ ...first(ours.operations), id: 'op_6', kind: 'refund', state: 'failed' })
      expect(findings(failed)).toContain('unfinished operation')
    })

    it('finds a reversal of ours that failed while the transfer stands', () => {
      const failed = ({ ours }: World) =>
        ours.operations.push({ ...first(ours.operations), id: 'op_6', kind: 'transfer_reversal', state: 'failed' })
      expect(findings(failed)).toContain('unfinished operation')
    })
  })
})
