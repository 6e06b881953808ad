import { insertLedgerSql, toLedgerRows } from '../distribution/ledger.ts'
import { moveOrder } from '../orders/move-order.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { TaskError } from '../platform/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../platform/transaction.ts'
import { type ChargeRow, chargeRowJson } from './charge-row.ts'
import {
  attemptOperation,
  type Claim,
  type ClaimedOperation,
  claimOperations,
  completeOperations,
  type OperationSpec,
} from './operations.ts'
import type { MoneyCall, PaymentProvider } from './provider.ts'
import type { PaymentProviders } from './providers.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
type ExecutedSplit = {
  id: string
  recipient: string
  destination: string | null
  amount: number
  transfer: string | null
}

/** What a whole refund of an order leads to; other states have nothing to give back, or goods on their way. */
const stateAfterRefund: Partial<Record<OrderState, OrderState>> = {
  accepted: 'cancelled',
  confirmed: 'cancelled',
  complete: 'returned',
}

/**
 * Calls for the refund of everything an order was paid. Asking twice is one refund.
 * @throws ApiError `not_found`, `order_not_refundable`
 */
export async function requestRefund(tx: Transaction, input: { orderId: string; merchantId: string }): Promise<void> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId) throw new ApiError('not_found')
  const [paid] = await tx.sql<{ open: number; fulfilled: number; disputed: boolean; underWay: number }>(
    `select (select count(*) from charges where order_id = $1 and captured_amount > refunded_amount) as open,
       (select count(*) from order_items where order_id = $1 and state = 'fulfilled') as fulfilled,
       (select coalesce(dispute_state, 'won') not in ('won', 'warning_closed') from orders where id = $1) as disputed,
       (select count(*) from tasks where order_id = $1 and job <> 'refund-order'
         and (state in ('pending', 'enqueued') or (job = 'distribute-revenue' and state <> 'done'))) as "underWay"`,
    [input.orderId],
  )
  const partly = order.state !== 'complete' && (paid?.fulfilled ?? 0) > 0
  // While the saga works, a share could be paid out behind the refund's back; it must stand still, confirmed or waiting for a person.
  const moving = order.state === 'accepted' && (paid?.underWay ?? 0) > 0
  if (!stateAfterRefund[order.state] || !paid?.open || paid.disputed || partly || moving) {
    throw new ApiError('order_not_refundable')
  }
  tx.enqueue({ job: 'refund-order', payload: { orderId: order.id }, dedupeKey: `${order.id}-refund-1` })
}

/**
 * Gives an order's money back: first to the buyer, with the order closed and its downloads revoked in the same step,
 * then takes the transferred shares back, each one operation. A reversal that fails leaves the order waiting for a person.
 */
export async function refundOrder(parts: Parts, orderId: string, taskId: string): Promise<void> {
  const { charge, splits } = await readPaidCharge(parts, orderId)
  const provider = parts.providers.get(charge.provider)
  if (!provider?.refund || charge.providerReference === null) throw new TaskError('refund_by_hand', { retry: false })
  await refundBuyer(parts, provider, charge)
  await reverseShares(parts, provider, charge, splits, taskId)
}

async function readPaidCharge(parts: Parts, orderId: string): Promise<{ charge: ChargeRow; splits: ExecutedSplit[] }> {
  const [row] = await parts.database.sql<{ charge: ChargeRow; splits: ExecutedSplit[] }>(
    `select ${chargeRowJson('c')} as charge,
      (select coalesce(json_agg(json_build_object('id', s.id, 'recipient', s.recipient, 'destination', s.destination, 'amount', s.amount,
          'transfer', (select provider_reference from operations o where o.purpose = s.id || '-transfer' and o.state = 'complete'))
          order by s.position), '[]')
        from splits s where s.charge_id = c.id and s.state in ('executed', 'settled')) as splits
     from charges c where c.order_id = $1 and c.captured_amount > 0 order by c.created_at limit 1`,
    [orderId],
  )
  if (!row) throw new TaskError('no_paid_charge', { retry: false })
  return row
}

async function refundBuyer(parts: Parts, provider: PaymentProvider, charge: ChargeRow): Promise<void> {
  const { orderId, currency, capturedAmount: amount, providerReference: reference } = charge
  const refund = provider.refund?.bind(provider)
  if (!refund || reference === null) return
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${charge.id}-refund-all`,
      orderId,
      chargeId: charge.id,
      kind: 'refund',
      provider: provider.name,
      amount,
      currency,
      request: { reference, amount },
    },
  ])
  if (claim?.outcome !== 'claimed') return
  const { operation } = claim
  const answer = await attemptOperation(parts, operation, () =>
    refund(reference, { key: operation.id, orderId, amount, currency, lookUpFirst: operation.lookUpFirst }),
  )
  if (answer.state === 'failed') throw new TaskError('refund_failed_at_provider', { retry: false })

  await inTransaction(parts, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order) throw new Error(`order ${orderId} does not exist`)
    await completeOperations(tx, [{ operation, reference: answer.reference }])
    await tx.sql(
      `with entered as (${insertLedgerSql('$3')}),
       revoked as (update deliveries set state = 'revoked' where order_id = $4),
       items as (
         update order_items set state = case when state = 'fulfilled' then 'returned' else 'cancelled' end,
           returned_quantity = fulfilled_quantity, cancelled_quantity = quantity - fulfilled_quantity
         where order_id = $4 and state in ('created', 'fulfilled')
       )
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
            currency,
          },
        ]),
        orderId,
      ],
    )
    const to = stateAfterRefund[order.state]
    if (to) await moveOrder(tx, order, to, 'refund', { cancelReason: 'refunded' })
  })
}

/** Transferred shares are reversed at the provider, kept credit only in the ledger. */
async function reverseShares(
  parts: Parts,
  provider: PaymentProvider,
  charge: ChargeRow,
  splits: readonly ExecutedSplit[],
  taskId: string,
): Promise<void> {
  const { orderId, currency } = charge
  const transferred = splits.flatMap((split) =>
    split.transfer === null ? [] : [{ ...split, transfer: split.transfer }],
  )
  const claims = await claimOperations(
    parts,
    transferred.map(
      (split): OperationSpec => ({
        purpose: `${split.id}-reversal`,
        orderId,
        chargeId: charge.id,
        kind: 'transfer_reversal',
        provider: provider.name,
        amount: split.amount,
        currency,
        request: { transfer: split.transfer, amount: split.amount },
      }),
    ),
  )
  const reversed: { operation: ClaimedOperation; reference: string }[] = []
  for (const [index, split] of transferred.entries()) {
    const claim: Claim | undefined = claims[index]
    if (claim?.outcome !== 'claimed') continue
    const { operation } = claim
    const call: MoneyCall = {
      key: operation.id,
      orderId,
      amount: split.amount,
      currency,
      lookUpFirst: operation.lookUpFirst,
    }
    const answer = await attemptOperation(parts, operation, async () => {
      if (!provider.reverseTransfer) throw new TaskError('reversal_by_hand', { retry: false })
      return provider.reverseTransfer(split.transfer, call)
    })
    reversed.push({ operation, reference: answer.reference })
  }

  await inTransaction(parts, async (tx) => {
    await lockOrder(tx, orderId)
    await completeOperations(tx, reversed)
    const movements = splits.flatMap((split) =>
      [
        ...(split.transfer === null
          ? []
          : [{ correlationKey: `${split.id}-reversal`, from: `account:${split.destination}`, to: split.recipient }]),
        { correlationKey: `${split.id}-returned`, from: split.recipient, to: `charge:${charge.id}` },
      ].map((movement) => ({ ...movement, orderId, amount: split.amount, currency })),
    )
    await tx.sql(
      `with entered as (${insertLedgerSql('$2')})
       update splits set state = 'reversed', updated_at = now() where id = any($1::text[]) and state in ('executed', 'settled')`,
      [splits.map((split) => split.id), toLedgerRows(movements)],
    )
    tx.note({
      orderId,
      kind: 'transition',
      subject: 'split',
      subjectId: charge.id,
      from: 'executed',
      to: 'reversed',
      cause: 'refund',
      detail: { splits: splits.length, reversals: transferred.length },
    })
    tx.finish(taskId)
  })
}
