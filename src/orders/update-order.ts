import { merged, now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'

type Change = {
  orderId: string
  merchantId: string
  metadata: Record<string, string | number | boolean>
  requestToBeForgotten: boolean | null
  upstreamId: string | null
}

const change = statement<Change>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      metadata: merged(o.ref('metadata'), $.metadata),
      request_to_be_forgotten: o.fn.coalesce($.requestToBeForgotten.typed('boolean'), 'request_to_be_forgotten'),
      upstream_id: o.fn.coalesce($.upstreamId.typed('text'), 'upstream_id'),
      updated_at: now,
    }))
    .where('id', '=', $.orderId)
    .where('merchant_id', '=', $.merchantId)
    .returning('metadata'),
)

/**
 * Changes what may change of an order: notes about it, never what was sold; metadata keys are merged.
 * @throws ApiError `not_found`, `invalid_metadata`
 */
export async function updateOrder(
  tx: Transaction,
  merchantId: string,
  orderId: string,
  changes: {
    metadata?: Record<string, string | number | boolean> | undefined
    requestToBeForgotten?: boolean | undefined
    upstreamId?: string | undefined
  },
): Promise<void> {
  const [updated] = await change(tx, {
    orderId,
    merchantId,
    metadata: changes.metadata ?? {},
    requestToBeForgotten: changes.requestToBeForgotten ?? null,
    upstreamId: changes.upstreamId ?? null,
  })
  if (!updated) throw new ApiError('not_found')
  if (Object.keys(updated.metadata).length > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
}
