import type { RefundBearer } from '../platform/config.ts'

/** What money that goes back does not bring back: what the provider kept of the payment, or what goods cost that have left. Minor units. */
export type SunkCost = { kind: 'provider_fee' | 'fulfilment'; merchantId: string; amount: number; bearer: RefundBearer }
