import { isLive } from '../charges/charge.state-machine.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { applyDispute } from '../disputes/apply-dispute.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import type { PaymentProvider, PaymentProviders } from '../providers/providers.ts'
import { applyRefund } from '../refunds/apply-refund.ts'
import { bookReversals } from '../refunds/book-reversals.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { observeCharge } from './observe-charge.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type Target = { orderId: string; chargeId: string }

/**
 * Asks the provider for the truth about a charge and applies it: what a webhook would have told, had it arrived, refunds and reversals of
 * its transfers included. Does nothing for a charge that the provider has not been told of, or where it cannot be asked.
 */
export async function reconcileCharge(parts: Parts, target: Target, cause: string, taskId?: string): Promise<void> {
  const found = await inTransaction(parts, (tx) => lockCharge(tx, target))
  const reference = found?.charge.providerReference
  const provider = found && parts.providers.get(found.charge.provider)
  const seen = found && reference && provider ? await askAndTake(provider, found, reference) : undefined
  await inTransaction(parts, async (tx) => {
    const locked = seen && (await lockCharge(tx, target))
    if (!locked) return
    await observeCharge(tx, locked.order, locked.charge, seen, cause)
    await applyDisputes(tx, target, seen, cause)
  })
  if (seen && reference && provider) {
    await reconcileRefunds(parts, provider, { ...target, reference }, seen, cause)
    if (seen.capturedAmount) await reconcileTransfers(parts, provider, target, cause)
  }
  if (taskId) await inTransaction(parts, async (tx) => tx.finish(taskId))
}

/** Money that never was in the books was not taken back either. */
async function applyDisputes(
  tx: Transaction,
  target: Target,
  { disputes = [] }: ChargeObservation,
  cause: string,
): Promise<void> {
  const after = disputes.length > 0 ? await lockCharge(tx, target) : undefined
  if (!after || after.charge.capturedAmount === 0) return
  for (const dispute of disputes) await applyDispute(tx, after.order, after.charge, dispute, cause)
}

/**
 * The present truth about a payment. One that its buyer has agreed to is taken, as long as the order wants it: if the order ends at this
 * moment, its money comes too late and goes back (I7).
 */
async function askAndTake(
  provider: PaymentProvider,
  { order, charge }: { order: OrderRow; charge: ChargeRow },
  reference: string,
): Promise<ChargeObservation | undefined> {
  const { currency, amount } = charge
  const seen = await provider.retrieve(reference, currency)
  if (!seen?.approved || !provider.take || !isLive(charge.state) || !isPayable(order.state)) return seen
  return provider.take(reference, { key: `${charge.id}-take`, amount, currency })
}

const readRefunded = statement<Target>()((db, $) =>
  db
    .selectFrom('charges')
    .select('refunded_amount as amount')
    .where('id', '=', $.chargeId)
    .where('order_id', '=', $.orderId),
)

const readTransfers = statement<Target>()((db, $) =>
  db
    .selectFrom('operations')
    .select(['id', 'provider_reference as reference'])
    .where('order_id', '=', $.orderId)
    .where('charge_id', '=', $.chargeId)
    .where('kind', '=', 'transfer')
    .where('state', '=', 'complete')
    .where('provider_reference', 'is not', null)
    .$narrowType<{ reference: string }>(),
)

/** Applies every refund of a payment of which more or less went back than the books say. */
async function reconcileRefunds(
  parts: Parts,
  provider: PaymentProvider,
  { reference, ...target }: Target & { reference: string },
  seen: ChargeObservation,
  cause: string,
): Promise<void> {
  const [booked] = await readRefunded(parts.database, target)
  if (seen.refundedAmount === undefined || seen.refundedAmount === booked?.amount) return
  const refunds = (await provider.listRefunds?.(reference)) ?? []
  for (const refund of refunds.toReversed()) {
    await inTransaction(parts, async (tx) => {
      const locked = await lockCharge(tx, target)
      if (locked && locked.charge.capturedAmount > 0) await applyRefund(tx, locked.order, locked.charge, refund, cause)
    })
  }
}

/** Books what was taken back of the transfers of a charge. */
async function reconcileTransfers(
  parts: Parts,
  provider: PaymentProvider,
  target: Target,
  cause: string,
): Promise<void> {
  const transfers = await readTransfers(parts.database, target)
  for (const { id, reference } of transfers) {
    const reversals = (await provider.listReversals?.(reference)) ?? []
    if (reversals.length === 0) continue
    await inTransaction(parts, async (tx) => {
      const locked = await lockCharge(tx, target)
      if (locked) await bookReversals(tx, locked.charge, id, reversals, cause)
    })
  }
}
