import type { Database, Sql } from '../database/database.ts'
import { exponentOf, toMajor } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'

/** What a shipment may cost. Minor units of the order's currency. */
export type CostLimit = {
  shipmentId: string
  /** What the platform expected when the buyer chose; undefined for an order without a choice, which has no limit. */
  quoted: number | undefined
  currency: string
  /** What a person has accepted since, in place of what was quoted. */
  accepted: number | null
  toleranceBps: number
}

type Price = { cost: number | null; currency: string }

/**
 * Checks a price before it is paid. One that is too high is kept, so that a person can accept it.
 * @throws ProviderError `refused` `dearer_than_quoted`, with both prices in its explanation
 */
export async function checkCost(
  { database, provider }: { database: Database; provider: string },
  limit: CostLimit,
  price: Price,
): Promise<void> {
  const { quoted, currency, accepted, toleranceBps, shipmentId } = limit
  if (quoted === undefined) return
  const same = price.currency === currency
  const most = Math.max(Math.floor((quoted * (10_000 + toleranceBps)) / 10_000), accepted ?? 0)
  if (same && price.cost !== null && price.cost <= most) return
  if (same) {
    await database.sql('update shipments set asked_cost = $2, updated_at = now() where id = $1', [
      shipmentId,
      price.cost,
    ])
  }
  const now = price.cost === null ? 'an unknown price' : formatAmount(price.cost, price.currency)
  throw new ProviderError(provider, 'refused', 'dearer_than_quoted', {
    explanation: `quoted ${formatAmount(quoted, currency)}, now ${now}`,
  })
}

const formatAmount = (amount: number, currency: string): string =>
  `${toMajor(amount, currency).toFixed(exponentOf(currency))} ${currency}`

/**
 * A person's yes to the price that a failed task found too high; the task is then retried. A price that has risen again meanwhile is
 * asked about again. Returns whether there was such a price.
 */
export async function acceptCost(parts: UnitOfWork, taskId: string): Promise<boolean> {
  return inTransaction(parts, async (tx) => {
    const shipment = await acceptAskedCost(tx.sql, taskId)
    if (!shipment) return false
    const { id, orderId, cost } = shipment
    tx.note({
      orderId,
      kind: 'note',
      subject: 'shipment',
      subjectId: id,
      cause: 'price accepted',
      detail: { cost },
    })
    return true
  })
}

async function acceptAskedCost(sql: Sql, taskId: string) {
  const [shipment] = await sql<{ id: string; orderId: string; cost: number }>(
    `update shipments s set accepted_cost = s.asked_cost, updated_at = now() from tasks t
     where t.id = $1 and t.state = 'failed' and t.job in ('fulfill-shipping', 'fulfill-pod') and s.order_id = t.order_id
       and s.seller_id = t.payload ->> 'sellerId' and s.path = case t.job when 'fulfill-pod' then 'pod' else 'shipping' end
       and s.asked_cost is not null
     returning s.id, s.order_id as "orderId", s.accepted_cost as cost`,
    [taskId],
  )
  return shipment
}
