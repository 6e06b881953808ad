import { inTransaction, type UnitOfWork } from '../platform/transaction.ts'
import { lockCharge } from './locked-charge.ts'
import { observeCharge } from './observe-charge.ts'
import type { PaymentProviders } from './providers.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

/**
 * Asks the provider for the truth about a charge and applies it: what a webhook would have told, had it arrived.
 * Does nothing for a charge that the provider has not been told of, or where it cannot be asked.
 */
export async function reconcileCharge(
  parts: Parts,
  { orderId, chargeId }: { orderId: string; chargeId: string },
  cause: string,
  taskId?: string,
): Promise<void> {
  const found = await inTransaction(parts, (tx) => lockCharge(tx, { orderId, chargeId }))
  const reference = found?.charge.providerReference
  const provider = found && parts.providers.get(found.charge.provider)
  const seen = found && reference && provider ? await provider.retrieve(reference, found.charge.currency) : undefined
  await inTransaction(parts, async (tx) => {
    const locked = seen && (await lockCharge(tx, { orderId, chargeId }))
    if (locked) await observeCharge(tx, locked.order, locked.charge, seen, cause)
    if (taskId) tx.finish(taskId)
  })
}
