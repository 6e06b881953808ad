import type { Customer } from '../customers/customer-row.ts'
import { readCustomer } from '../customers/customers.ts'
import { releaseSource, type SavingParts } from '../customers/save-source.ts'
import type { Tell } from '../outgoing/announce.ts'
import { inTransaction, type Transaction } from '../tasks/transaction.ts'
import { eraseRows } from './erase-rows.ts'
import type { ErasureReport } from './erasure.entity.ts'
import { type Erasure, findSubject, readValues, type Subject } from './find-subject.ts'
import { findTraces } from './find-traces.ts'

type Parts = SavingParts & { tell: { customer: Tell<Customer> } }

/**
 * Carries a request to be forgotten out, once every order it reaches is over (R231, R238, I10): saved sources are given up at the provider,
 * then every copy of the person goes in one transaction. What a search of the whole database still finds is reported with it.
 */
export async function erasePerson(parts: Parts, erasureId: string, taskId: string): Promise<void> {
  const { sql } = parts.database
  const [erasure] = await sql<Erasure>(
    `select id, merchant_id as "merchantId", order_id as "orderId", customer_id as "customerId" from erasures
     where id = $1 and done_at is null`,
    [erasureId],
  )
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
  await tx.sql('select id from orders where id = any($1::text[]) order by id for update', [before.orderIds])
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
  await tx.sql('update erasures set done_at = now(), report = $2::jsonb where id = $1', [
    erasureId,
    JSON.stringify(report),
  ])
}
