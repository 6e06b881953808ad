import { insertLedgerSql, toLedgerRows } from '../distribution/ledger.ts'
import { setAttention } from '../orders/move-order.ts'
import { TaskError } from '../platform/task-error.ts'
import { inTransaction, type UnitOfWork } from '../platform/transaction.ts'
import { lockCharge } from './locked-charge.ts'
import { attemptOperation, claimOperations, completeOperations } from './operations.ts'
import type { PaymentProviders } from './providers.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

/**
 * Gives the whole captured amount of a charge back that nothing was distributed of: late money and blocked orders (I7).
 * A provider that cannot refund leaves the order waiting for a person.
 */
export async function refundCharge(
  parts: Parts,
  { orderId, chargeId }: { orderId: string; chargeId: string },
  taskId: string,
): Promise<void> {
  const found = await inTransaction(parts, (tx) => lockCharge(tx, { orderId, chargeId }))
  if (!found) throw new TaskError('charge_unknown', { retry: false })
  const { charge } = found
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const reference = charge.providerReference
  const refund = provider.refund?.bind(provider)
  if (!refund || reference === null) throw new TaskError('refund_by_hand', { retry: false })

  const amount = charge.capturedAmount
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${charge.id}-refund-all`,
      orderId,
      chargeId,
      kind: 'refund',
      provider: charge.provider,
      amount,
      currency: charge.currency,
      request: { reference, amount },
    },
  ])
  if (claim?.outcome !== 'claimed') {
    await inTransaction(parts, async (tx) => tx.finish(taskId))
    return
  }
  const { operation } = claim
  const answer = await attemptOperation(parts, operation, () =>
    refund(reference, {
      key: operation.id,
      orderId,
      amount,
      currency: charge.currency,
      lookUpFirst: operation.lookUpFirst,
    }),
  )
  await inTransaction(parts, async (tx) => {
    await lockCharge(tx, { orderId, chargeId })
    await completeOperations(tx, [{ operation, reference: answer.reference }])
    await tx.sql(
      `with entered as (${insertLedgerSql('$3')})
       update charges set refunded_amount = refunded_amount + $2, updated_at = now() where id = $1`,
      [
        charge.id,
        amount,
        toLedgerRows([
          {
            correlationKey: operation.id,
            orderId,
            from: `charge:${charge.id}`,
            to: `provider:${charge.provider}`,
            amount,
            currency: charge.currency,
          },
        ]),
      ],
    )
    if (answer.state === 'failed') await setAttention(tx, orderId, { reason: 'refund failed at the provider' })
    tx.finish(taskId)
  })
}
