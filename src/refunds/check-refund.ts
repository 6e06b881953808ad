import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { ProviderName } from '../providers/registry.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { applyRefund } from './apply-refund.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

const readOperation = statement<{ operationId: string; orderId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select((o) => [
      o.ref('charge_id').$notNull().as('chargeId'),
      // A refund is asked of a provider of payments.
      o.ref('provider').$castTo<ProviderName>().as('provider'),
      'provider_reference as reference',
    ])
    .where('id', '=', $.operationId)
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'refund')
    .where('state', '=', 'complete'),
)

/**
 * Asks the provider how a refund stands that it has taken on, and applies it: what a webhook would have told, had it arrived.
 * Does nothing where the provider cannot be asked.
 */
export async function checkRefund(
  parts: Parts,
  { orderId, operationId }: { orderId: string; operationId: string },
  taskId: string,
): Promise<void> {
  const [operation] = await readOperation(parts.database, { operationId, orderId })
  const provider = operation && parts.providers.get(operation.provider)
  const report = await provider?.retrieveRefund?.(operation?.reference ?? '')
  await inTransaction(parts, async (tx) => {
    const locked = report && operation && (await lockCharge(tx, { orderId, chargeId: operation.chargeId }))
    if (locked) await applyRefund(tx, locked.order, locked.charge, { operationId, ...report }, 'sweep')
    tx.finish(taskId)
  })
}
