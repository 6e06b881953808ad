import { expressionBuilder } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { db } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { ProviderName } from '../providers/registry.ts'

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
  cancelledAmount: number
  refundedAmount: number
  sourceId: string | null
  captureMethod: 'automatic' | 'manual'
  multicapture: boolean
  authorizedUntil: string | null
  surplusOf: string | null
}

const c = expressionBuilder<{ c: Tables['charges'] }, 'c'>()

/** A {@link ChargeRow} as one JSON object, of `charges as c`. */
export const chargeRow = jsonBuildObject({
  id: c.ref('c.id'),
  orderId: c.ref('c.order_id'),
  provider: c.ref('c.provider'),
  // What was paid too much is known to the provider as a part of the payment.
  providerReference: c.fn.coalesce(
    'c.provider_reference',
    db.selectFrom('charges as paid').select('paid.provider_reference').whereRef('paid.id', '=', c.ref('c.surplus_of')),
  ),
  providerChargeId: c.ref('c.provider_charge_id'),
  currency: c.ref('c.currency'),
  amount: c.ref('c.amount'),
  state: c.ref('c.state'),
  capturedAmount: c.ref('c.captured_amount'),
  cancelledAmount: c.ref('c.cancelled_amount'),
  refundedAmount: c.ref('c.refunded_amount'),
  sourceId: c.ref('c.source_id'),
  captureMethod: c.ref('c.capture_method'),
  multicapture: c.ref('c.multicapture'),
  authorizedUntil: c.ref('c.authorized_until'),
  surplusOf: c.ref('c.surplus_of'),
})
