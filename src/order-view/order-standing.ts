import type { OrderView } from './read-order.ts'

/** Where an order stands as a whole, whatever is sold in it. */
export type Standing =
  | 'unpaid'
  | 'checked'
  | 'preparing'
  | 'partly'
  | 'onItsWay'
  | 'handedOver'
  | 'refunded'
  | 'cancelled'
  | 'soldOut'
  | 'refused'

type Standable = Pick<OrderView, 'state' | 'cancelReason'> & {
  items: readonly Pick<OrderView['items'][number], 'quantity' | 'fulfilledQuantity' | 'cancelledQuantity'>[]
  shipments: readonly Pick<OrderView['shipments'][number], 'state'>[]
}

/** Where an order stands: what is decided about every piece decides about it, and not what is handed over first. */
export function standingOf({ state, cancelReason, items, shipments }: Standable): Standing {
  switch (state) {
    case 'pending':
    case 'pending_payment':
    case 'payment_failed':
      return 'unpaid'
    case 'in_review':
      return 'checked'
    case 'blocked':
      return 'refused'
    case 'returned':
      return 'refunded'
    case 'cancelled':
      return standingOfCancelled(cancelReason)
    case 'accepted':
    case 'confirmed':
    case 'fulfilled':
    case 'complete':
      return standingOfGoods(items, shipments)
  }
}

function standingOfCancelled(reason: string | null): Standing {
  if (reason === 'refunded') return 'refunded'
  return reason === 'sold out' ? 'soldOut' : 'cancelled'
}

function standingOfGoods(items: Standable['items'], shipments: Standable['shipments']): Standing {
  if (items.every((item) => item.fulfilledQuantity === 0)) return 'preparing'
  if (items.some((item) => item.fulfilledQuantity + item.cancelledQuantity < item.quantity)) return 'partly'
  return shipments.some(({ state }) => state === 'in_transit' || state === 'purchased') ? 'onItsWay' : 'handedOver'
}
