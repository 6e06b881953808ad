import { defineTransitions } from '../platform/state-machine.ts'

export const shipmentStates = ['created', 'purchased', 'in_transit', 'delivered', 'failed', 'cancelled'] as const
export type ShipmentState = (typeof shipmentStates)[number]

export const shipmentTransitions = defineTransitions<ShipmentState>('shipment', 'created', {
  created: ['purchased', 'in_transit', 'delivered', 'failed', 'cancelled'],
  purchased: ['in_transit', 'delivered', 'failed', 'cancelled'],
  in_transit: ['delivered', 'failed'],
  delivered: [],
  failed: [],
  cancelled: [],
})

/** Whether a carrier has goods, or has brought them. */
export const isUnderWay = (state: ShipmentState | undefined): boolean => state === 'in_transit' || state === 'delivered'

/** Why a person has to look: a carrier has a parcel whose label it took back. */
export const calledOffMoves = 'called_off_goods_move'
