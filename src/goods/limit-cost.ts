import { sql } from 'kysely'
import type { Payload } from '../../queues/catalog.ts'
import type { Database } from '../database/database.ts'
import { now, statement, textAt } from '../database/statement.ts'
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

const keepAskedCost = statement<{ shipmentId: string; cost: number | null }>()((db, $) =>
  db.updateTable('shipments').set({ asked_cost: $.cost, updated_at: now }).where('id', '=', $.shipmentId),
)

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
  if (same) await keepAskedCost(database, { shipmentId, cost: price.cost })
  const asked = price.cost === null ? 'an unknown price' : formatAmount(price.cost, price.currency)
  throw new ProviderError(provider, 'refused', 'dearer_than_quoted', {
    explanation: `quoted ${formatAmount(quoted, currency)}, now ${asked}`,
  })
}

const formatAmount = (amount: number, currency: string): string =>
  `${toMajor(amount, currency).toFixed(exponentOf(currency))} ${currency}`

type Path = 'pod' | 'shipping'

const acceptAskedCost = statement<{ taskId: string }>()((db, $) =>
  db
    .updateTable('shipments as s')
    .from('tasks as t')
    .set((s) => ({ accepted_cost: s.ref('s.asked_cost'), updated_at: now }))
    .where('t.id', '=', $.taskId)
    .where('t.state', '=', 'failed')
    .where('t.job', 'in', ['fulfill-shipping', 'fulfill-pod'])
    .whereRef('s.order_id', '=', 't.order_id')
    .where((s) => s('s.seller_id', '=', textAt(s.ref('t.payload').$castTo<Payload<'fulfill-shipping'>>(), 'sellerId')))
    .where((s) =>
      s(
        's.path',
        '=',
        s.case('t.job').when('fulfill-pod').then(sql.lit<Path>('pod')).else(sql.lit<Path>('shipping')).end(),
      ),
    )
    .where('s.asked_cost', 'is not', null)
    .returning((s) => ['s.id', 's.order_id as orderId', s.ref('s.accepted_cost').$notNull().as('cost')]),
)

/**
 * A person's yes to the price that a failed task found too high; the task is then retried. A price that has risen again meanwhile is
 * asked about again. Returns whether there was such a price.
 */
export async function acceptCost(parts: UnitOfWork, taskId: string): Promise<boolean> {
  return inTransaction(parts, async (tx) => {
    const [shipment] = await acceptAskedCost(tx, { taskId })
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
