import { lockCharge } from '../charges/locked-charge.ts'
import type { ProviderName } from '../providers/provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { applyRefund } from './apply-refund.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

/**
 * Asks the provider how a refund stands that it has taken on, and applies it: what a webhook would have told, had it arrived (K4).
 * Does nothing where the provider cannot be asked.
 */
export async function checkRefund(
  parts: Parts,
  { orderId, operationId }: { orderId: string; operationId: string },
  taskId: string,
): Promise<void> {
  const [operation] = await parts.database.sql<{ chargeId: string; provider: ProviderName; reference: string }>(
    `select charge_id as "chargeId", provider, provider_reference as reference from operations
     where id = $1 and order_id = $2 and kind = 'refund' and state = 'complete'`,
    [operationId, orderId],
  )
  const provider = operation && parts.providers.get(operation.provider)
  const report = await provider?.retrieveRefund?.(operation?.reference ?? '')
  await inTransaction(parts, async (tx) => {
    const locked = report && operation && (await lockCharge(tx, { orderId, chargeId: operation.chargeId }))
    if (locked) await applyRefund(tx, locked.order, locked.charge, { operationId, ...report }, 'sweep')
    tx.finish(taskId)
  })
}
