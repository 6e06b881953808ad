import { jsonList, statement } from '../database/statement.ts'
import { readOrder } from '../order-view/read-order.ts'
import { creditOf } from '../order-view/refundable.ts'
import type { TaxRecord } from '../orders/order.entity.ts'
import { lockOrder } from '../orders/order-row.ts'
import { storeTaxRecord } from '../orders/store-tax-record.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { TaxCalculator } from '../tax/tax-calculator.ts'
import { taxRecordKey } from './document-tasks.ts'

type Parts = UnitOfWork & { tax: TaxCalculator }

const readSale = statement<{ orderId: string; taskKey: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => [
      'o.details',
      'o.currency',
      'o.total_amount as totalAmount',
      'o.credit_amount as creditAmount',
      'o.tax_record as record',
      o
        .selectFrom('charges as c')
        .select((c) => c.fn.coalesce(c.fn.sum<number>('c.captured_amount'), c.lit(0)).as('captured'))
        .whereRef('c.order_id', '=', 'o.id')
        .as('captured'),
      o
        .selectFrom('refunds as r')
        .select((r) => jsonList(r.ref('r.id'), r.ref('r.id')).as('list'))
        .whereRef('r.order_id', '=', 'o.id')
        .where('r.state', '=', 'succeeded')
        .as('refunds'),
      o
        .selectFrom('refunds as r')
        .select((r) => r.fn.coalesce(r.fn.sum<number>('r.refunded_amount'), r.lit(0)).as('refunded'))
        .whereRef('r.order_id', '=', 'o.id')
        .where('r.state', '=', 'succeeded')
        .as('refunded'),
      o
        .exists(
          o
            .selectFrom('tasks as t')
            .select('t.id')
            .where('t.dedupe_key', '=', $.taskKey)
            .where('t.state', 'in', ['pending', 'enqueued']),
        )
        .as('due'),
    ])
    .where('o.id', '=', $.orderId),
)

const readRefund = statement<{ orderId: string; refundId: string }>()((db, $) =>
  db
    .selectFrom('refunds')
    .select('refunded_amount as amount')
    .where('id', '=', $.refundId)
    .where('order_id', '=', $.orderId)
    .where('state', '=', 'succeeded'),
)

/**
 * Records the sale of an order whose money is decided with whoever calculated its tax, for the tax returns: all of it, and back what of it
 * was never taken or went back already. An order whose tax comes of our own table has nothing to record. Repeating it records once.
 * @throws ProviderError
 */
export async function recordTax(parts: Parts, orderId: string, taskId: string): Promise<void> {
  const read = { orderId, taskKey: taxRecordKey(orderId) }
  const [sale] = await readSale(parts.database, read)
  const reference = sale?.details?.taxReference
  if (sale && reference && parts.tax.commit && parts.tax.reverse) {
    const transaction = sale.record?.transaction ?? (await parts.tax.commit(reference, orderId))
    const record = sale.record ?? (await keepRecord(parts, read, transaction))
    const { currency } = sale
    if (record.notTaken > 0)
      await parts.tax.reverse(transaction, {
        key: `${orderId}-not-taken`,
        amount: { value: record.notTaken, currency },
      })
  }
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}

/** Keeps the transaction with what it says too much, under the order's lock: a refund is in it, or takes its part back itself. */
async function keepRecord(
  parts: Parts,
  read: { orderId: string; taskKey: string },
  transaction: string,
): Promise<TaxRecord> {
  return inTransaction(parts, async (tx) => {
    const order = await lockOrder(tx, read.orderId)
    const [sale] = await readSale(tx, read)
    if (!sale || !order) throw new Error(`order ${read.orderId} does not exist`)
    if (sale.record) return sale.record
    const view = sale.creditAmount > 0 ? await readOrder(tx.sql, { merchantId: order.merchantId }, order.id) : undefined
    const credit = view ? creditOf(view).used : 0
    const notTaken = sale.totalAmount - (sale.captured ?? 0) - credit + (sale.refunded ?? 0)
    const record = { transaction, notTaken, refunds: sale.refunds ?? [] }
    await storeTaxRecord(tx, { orderId: read.orderId, record })
    return record
  })
}

/**
 * Takes back of a recorded sale what a refund gave back. Nothing where no sale is recorded: what went back before is taken into account
 * when it is. @throws TaskBusy while the sale is being recorded; ProviderError
 */
export async function reverseTax(
  parts: Parts,
  { orderId, refundId }: { orderId: string; refundId: string },
  taskId: string,
): Promise<void> {
  const [sale] = await readSale(parts.database, { orderId, taskKey: taxRecordKey(orderId) })
  const [refund] = await readRefund(parts.database, { orderId, refundId })
  const record = sale?.record
  if (sale && !record && sale.due) throw new TaskBusy('sale_not_recorded')
  if (sale && record && refund && !record.refunds.includes(refundId) && parts.tax.reverse) {
    const amount = { value: refund.amount, currency: sale.currency }
    await parts.tax.reverse(record.transaction, { key: refundId, amount })
  }
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}
