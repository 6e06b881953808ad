import { type Expression, sql } from 'kysely'
import { db, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { creditType } from '../providers/source-types.ts'
import { checkCredit, checkSource } from '../sources/check-source.ts'
import { putOnCheckout, takeOffCheckout, takeReplacedOffCheckout } from '../sources/source.statements.ts'
import type { SourceRow } from '../sources/source-row.ts'
import { lockSource, sourceNotFound } from '../sources/sources.ts'
import type { Transaction } from '../tasks/transaction.ts'

type Target = { merchantId: string; checkoutId: string; sourceId: string }

const creditOf = (sourceId: Expression<string | null>) =>
  sql<number>`coalesce((${db.selectFrom('sources as s').select('s.amount').where('s.id', '=', sql<string>`${sourceId}`)}), 0)`

const lockCheckoutToPay = statement<{ merchantId: string; checkoutId: string }>()((db, $) =>
  db
    .selectFrom('checkouts')
    .select((c) => [
      'currency',
      'customer_id as customerId',
      'total_amount as totalAmount',
      'source_id as sourceId',
      'credit_source_id as creditSourceId',
      creditOf(c.ref('credit_source_id')).as('credit'),
      c('locked_at', 'is not', null).as('locked'),
    ])
    .where('id', '=', $.checkoutId)
    .where('merchant_id', '=', $.merchantId)
    .where('kind', '=', 'checkout')
    .where('deleted_at', 'is', null)
    .forUpdate(),
)

// Two changes within one transaction have two times, so that whoever compares them sees that something changed.
const changedNow = sql<Date>`clock_timestamp()`

const attach = statement<{ checkoutId: string; sourceId: string; replacedId: string | null }>()((db, $) =>
  db
    .with('replaced', () => takeReplacedOffCheckout($))
    .with('attached', () => putOnCheckout($))
    .updateTable('checkouts')
    .set({ source_id: $.sourceId, updated_at: changedNow })
    .where('id', '=', $.checkoutId),
)

const attachCredit = statement<{ checkoutId: string; sourceId: string }>()((db, $) =>
  db
    .with('attached', () => putOnCheckout($))
    .updateTable('checkouts')
    .set({ credit_source_id: $.sourceId, updated_at: changedNow })
    .where('id', '=', $.checkoutId),
)

const detach = statement<{ checkoutId: string; sourceId: string }>()((db, $) =>
  db
    .with('detached', () => takeOffCheckout($))
    .updateTable('checkouts')
    .set((c) => ({
      source_id: c.fn<string | null>('nullif', ['source_id', $.sourceId.typed('uuid')]),
      credit_source_id: c.fn<string | null>('nullif', ['credit_source_id', $.sourceId.typed('uuid')]),
      updated_at: changedNow,
    }))
    .where('id', '=', $.checkoutId),
)

/**
 * Makes a source the means by which a checkout will be paid; a second one replaces the first. A credit pays a part of it, beside that; it is
 * the only one. Returns the source. @throws ApiError `not_found`, `cart_locked`, `source_in_use`, `source_not_chargeable`,
 * `source_status_invalid_for_session`, `session_source_amount_too_large`, `invalid_parameter`
 */
export async function attachSourceToCheckout(tx: Transaction, target: Target): Promise<SourceRow> {
  const checkout = await lockCheckout(tx, target)
  const source = await lockSource(tx.sql, target)
  const parameter = 'sourceId'
  if (source.state === 'requires_action') throw new ApiError('source_not_chargeable', { parameter })
  if (source.state !== 'chargeable') throw new ApiError('source_status_invalid_for_session', { parameter })
  if (source.checkoutId !== null && source.checkoutId !== target.checkoutId && !source.reusable)
    throw new ApiError('source_status_invalid_for_session', { parameter })
  const { currency, credit } = checkout
  const total = checkout.totalAmount
  const attached = { ...source, checkoutId: target.checkoutId, currency: source.currency ?? currency }
  if (source.type === creditType) {
    await addCredit(tx, target, checkout, source)
    return attached
  }
  checkSource(source, { ...checkout, total })
  await attach(tx, { checkoutId: target.checkoutId, sourceId: source.id, replacedId: checkout.sourceId })
  return { ...attached, amount: Math.max(0, total - credit) }
}

async function addCredit(
  tx: Transaction,
  target: Target,
  checkout: Awaited<ReturnType<typeof lockCheckout>>,
  credit: SourceRow,
): Promise<void> {
  const { merchantId, checkoutId } = target
  const total = checkout.totalAmount
  if (checkout.creditSourceId !== null && checkout.creditSourceId !== credit.id) {
    throw new ApiError('invalid_parameter', {
      message: `This checkout has a ${creditType} already: detach it, and make one of the amount of both.`,
      parameter: 'sourceId',
    })
  }
  checkCredit(credit, { ...checkout, total })
  if (checkout.sourceId !== null) {
    const source = await lockSource(tx.sql, { merchantId, sourceId: checkout.sourceId })
    // What it costs may have changed since it was attached: whether that still can pay is asked with the order.
    if (source.state === 'chargeable') checkSource(source, { ...checkout, total, credit: credit.amount ?? 0 })
  }
  await attachCredit(tx, { checkoutId, sourceId: credit.id })
}

/**
 * Takes a source off its checkout. One that nobody saved is cancelled by that and cannot come back.
 * @throws ApiError `not_found`, `cart_locked`
 */
export async function detachSourceFromCheckout(tx: Transaction, target: Target): Promise<void> {
  const checkout = await lockCheckout(tx, target)
  if (checkout.sourceId !== target.sourceId && checkout.creditSourceId !== target.sourceId)
    throw sourceNotFound(target.sourceId, 'sourceId')
  await detach(tx, target)
}

async function lockCheckout(tx: Transaction, { merchantId, checkoutId }: Target) {
  const [checkout] = await lockCheckoutToPay(tx, { merchantId, checkoutId })
  if (!checkout) throw new ApiError('not_found', { message: `Checkout ${checkoutId} not found`, parameter: 'id' })
  if (checkout.locked) throw new ApiError('cart_locked')
  return checkout
}
