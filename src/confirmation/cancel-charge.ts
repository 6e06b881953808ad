import { isLive } from '../charges/charge.state-machine.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { attemptOperation, claimOperations, completeOperations, type DoneOperation } from '../operations/operations.ts'
import { cancellationOf } from '../operations/purposes.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { TaskBusy, TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { ownCancellation } from './end-unpaid.ts'
import { observeCharge } from './observe-charge.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

/**
 * Gives up a charge at its provider. The provider's answer decides what is true afterwards:
 * a payment that succeeded first is applied like any other (and refunded when its order is closed). `underWay`: its money is on its way
 * and nobody can call it back, so that it goes on as it was.
 */
export async function cancelCharge(
  parts: Parts,
  { orderId, chargeId }: { orderId: string; chargeId: string },
  taskId?: string,
): Promise<{ underWay: boolean }> {
  const { charge, provider, reference, claim } = await inTransaction(parts, (tx) =>
    claimCancellation(tx, parts, { orderId, chargeId }),
  )

  if (!claim || reference === null) {
    await inTransaction(parts, async (tx) => {
      const locked = await lockCharge(tx, { orderId, chargeId })
      // Never reached the provider: nobody can pay it, because nobody was given a secret for it.
      if (locked && locked.charge.providerReference === null && isLive(locked.charge.state)) {
        await observeCharge(
          tx,
          locked.order,
          locked.charge,
          { kind: 'charge', state: 'cancelled', awaitingBuyer: false, currency: locked.charge.currency },
          ownCancellation,
        )
      }
      if (!taskId) return
      // A webhook told of the payment meanwhile.
      if (reference === null && locked?.charge.providerReference) throw new TaskBusy('payment_appeared')
      tx.finish(taskId)
    })
    return { underWay: false }
  }

  const call = { orderId, amount: charge.amount, currency: charge.currency }
  const seen =
    claim.outcome === 'claimed'
      ? await attemptOperation(parts, claim.operation, (operation) =>
          provider.cancel(reference, { ...call, key: operation.id, lookUpFirst: operation.lookUpFirst }),
        )
      : // A webhook has completed it, perhaps before what the buyer had paid in was on its way back.
        await provider.cancel(reference, { ...call, key: claim.id, lookUpFirst: true })
  await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, { orderId, chargeId })
    if (claim.outcome === 'claimed') await completeUnlessTold(tx, { operation: claim.operation, reference })
    if (locked) await observeCharge(tx, locked.order, locked.charge, seen, ownCancellation)
    if (taskId) tx.finish(taskId)
  })
  return { underWay: seen.underWay === true }
}

const lockSuperseded = statement<{ operationId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('id', '=', $.operationId)
    .where('state', 'in', ['complete', 'failed'])
    .where('failure_code', '=', 'superseded')
    .forUpdate(),
)

/**
 * Claims the cancellation under the charge's lock: a payment that is told of before ends the charge, and nothing is claimed; one that is told
 * of later finds the operation and ends it.
 */
async function claimCancellation(
  tx: Transaction,
  { providers, operationLeaseSeconds }: Parts,
  { orderId, chargeId }: { orderId: string; chargeId: string },
) {
  const found = await lockCharge(tx, { orderId, chargeId })
  if (!found) throw new TaskError('charge_unknown', { retry: false })
  const { charge } = found
  const provider = providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const reference = charge.providerReference
  const needsCall = reference !== null && (isLive(charge.state) || ['capturable', 'cancelled'].includes(charge.state))
  if (!needsCall) return { charge, provider, reference, claim: undefined }
  const [claim] = await claimOperations({ database: tx, operationLeaseSeconds }, [
    {
      ...cancellationOf(chargeId),
      orderId,
      provider: charge.provider,
      amount: charge.amount,
      currency: charge.currency,
      request: { reference },
    },
  ])
  if (!claim) throw new Error(`the cancellation of charge ${charge.id} was not claimed`)
  return { charge, provider, reference, claim }
}

/**
 * Completes the cancellation, unless its webhook was faster than its answer: the charge has ended then, and this with it.
 * @throws TaskBusy when another worker holds the operation by now
 */
async function completeUnlessTold(tx: Transaction, done: DoneOperation): Promise<void> {
  const [told] = await lockSuperseded(tx, { operationId: done.operation.id })
  if (!told) await completeOperations(tx, [done])
}
