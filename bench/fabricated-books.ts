import type { Acknowledged, ByHand, OurBooks, ProviderBooks } from './books.ts'

export type World = { told: Acknowledged[]; ours: OurBooks; theirs: ProviderBooks; byHand: ByHand[] }

/** One mixed order that went well, and one that was cancelled after its payment and refunded. */
export function goodWorld(): World {
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
    withheld: 0,
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
      operations: [
        { id: 'op_1', orderId: 'ord_1', kind: 'transfer', state: 'complete', reference: 'tr_1', failureCode: null },
      ],
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
      labels: [{ id: 'pl_1', shipmentId: 'at_shipping', amount: 800, voided: false }],
      podOrders: [{ id: '7', externalId: 'shp_2', status: 'pending' }],
    },
    byHand: [],
  }
}
