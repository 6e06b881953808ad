import type { Customer } from '../customers/customer-row.ts'
import { readCustomer } from '../customers/customers.ts'
import { releaseSource, type SavingParts } from '../customers/save-source.ts'
import { now, statement } from '../database/statement.ts'
import { lockOrders } from '../orders/erase.ts'
import type { Tell } from '../outgoing/announce.ts'
import { inTransaction, type Transaction } from '../tasks/transaction.ts'
import { eraseRows } from './erase-rows.ts'
import type { ErasureReport } from './erasure.entity.ts'
import { type Erasure, findSubject, readValues, type Subject } from './find-subject.ts'
import { findTraces } from './find-traces.ts'

type Parts = SavingParts & { tell: { customer: Tell<Customer> } }

const readOpen = statement<{ erasureId: string }>()((db, $) =>
  db
    .selectFrom('erasures')
    .select(['id', 'merchant_id as merchantId', 'order_id as orderId', 'customer_id as customerId'])
    .where('id', '=', $.erasureId)
    .where('done_at', 'is', null),
)

/**
 * Carries a request to be forgotten out, once every order it reaches is over: saved sources are given up at the provider,
 * then every copy of the person goes in one transaction. What a search of the whole database still finds is reported with it.
 */
export async function erasePerson(parts: Parts, erasureId: string, taskId: string): Promise<void> {
  const { sql } = parts.database
  const [erasure] = await readOpen(sql, { erasureId })
  const subject = erasure && (await findSubject(sql, erasure))
  // The sweep asks again later.
  if (!erasure || !subject || subject.busy) return inTransaction(parts, async (tx) => tx.finish(taskId))

  for (const source of subject.saved) await releaseSource(parts, source)
  const values = await readValues(sql, subject)
  const outcome = await inTransaction(parts, (tx) => eraseSubject(tx, parts, erasure, subject))
  await inTransaction(parts, async (tx) => {
    if (outcome) await storeReport(tx, erasureId, outcome, values)
    tx.finish(taskId)
  })
}

type Erased = { subject: Subject; rows: Record<string, number> }

/** Undefined when somebody ordered, paid or saved something in between: then it is tried again later. */
async function eraseSubject(
  tx: Transaction,
  { tell }: Parts,
  erasure: Erasure,
  before: Subject,
): Promise<Erased | undefined> {
  await lockOrders(tx, { orderIds: before.orderIds })
  const subject = await findSubject(tx.sql, erasure)
  const released = new Set(before.saved.map(({ id }) => id))
  if (subject.busy || subject.saved.some(({ id }) => !released.has(id))) return
  const rows = await eraseRows(tx, subject)
  const { merchantId, customerId } = erasure
  if (rows.customers && customerId !== null) {
    const customer = await readCustomer(tx.sql, merchantId, customerId)
    await tell.customer(tx, { merchantId, type: 'customer.updated', object: customer })
  }
  return { subject, rows }
}

const storeDone = statement<{ erasureId: string; report: ErasureReport }>()((db, $) =>
  db.updateTable('erasures').set({ done_at: now, report: $.report.json }).where('id', '=', $.erasureId),
)

async function storeReport(
  tx: Transaction,
  erasureId: string,
  { subject, rows }: Erased,
  values: readonly string[],
): Promise<void> {
  const report: ErasureReport = {
    orders: subject.orderIds.length,
    checkouts: subject.checkoutIds.length,
    sources: subject.sourceIds.length,
    erased: rows,
    // An earlier attempt died after it had erased: nobody knows any more what to search for.
    left: values.length > 0 ? await findTraces(tx.sql, values) : null,
  }
  await storeDone(tx, { erasureId, report })
}
