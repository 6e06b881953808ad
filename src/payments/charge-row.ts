import type { ChargeState } from './charge.state-machine.ts'
import type { ProviderName } from './provider.ts'

/** The part of a charge that decides what may happen next; read under its order's row lock. Minor units. */
export type ChargeRow = {
  id: string
  orderId: string
  provider: ProviderName
  providerReference: string | null
  providerChargeId: string | null
  currency: string
  amount: number
  state: ChargeState
  capturedAmount: number
  refundedAmount: number
}

/** Columns of a {@link ChargeRow} as one JSON object, for a table alias. */
export const chargeRowJson = (c: string) =>
  `json_build_object('id', ${c}.id, 'orderId', ${c}.order_id, 'provider', ${c}.provider, 'providerReference', ${c}.provider_reference,
    'providerChargeId', ${c}.provider_charge_id, 'currency', ${c}.currency, 'amount', ${c}.amount, 'state', ${c}.state,
    'capturedAmount', ${c}.captured_amount, 'refundedAmount', ${c}.refunded_amount)`
