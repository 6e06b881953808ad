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
