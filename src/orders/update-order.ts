import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'

/**
 * Changes the two fields of an order that may change (R232); metadata keys are merged.
 * @throws ApiError `not_found`, `invalid_metadata`
 */
export async function updateOrder(
  tx: Transaction,
  merchantId: string,
  orderId: string,
  changes: {
    metadata?: Record<string, string | number | boolean> | undefined
    requestToBeForgotten?: boolean | undefined
  },
): Promise<void> {
  const [updated] = await tx.sql<{ keys: number }>(
    `update orders set metadata = metadata || $3::jsonb, request_to_be_forgotten = coalesce($4, request_to_be_forgotten), updated_at = now()
     where id = $1 and merchant_id = $2 returning (select count(*) from jsonb_object_keys(metadata)) as keys`,
    [orderId, merchantId, JSON.stringify(changes.metadata ?? {}), changes.requestToBeForgotten ?? null],
  )
  if (!updated) throw new ApiError('not_found')
  if (updated.keys > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
}
