import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { checkSource } from '../sources/check-source.ts'
import { putOnCheckout, takeOffCheckout, takeReplacedOffCheckout } from '../sources/source.statements.ts'
import type { SourceRow } from '../sources/source-row.ts'
import { lockSource, sourceNotFound } from '../sources/sources.ts'
import type { Transaction } from '../tasks/transaction.ts'

type Target = { merchantId: string; checkoutId: string; sourceId: string }

const lockCheckoutToPay = statement<{ merchantId: string; checkoutId: string }>()((db, $) =>
  db
    .selectFrom('checkouts')
    .select((c) => [
      'currency',
      'customer_id as customerId',
      'total_amount as totalAmount',
      'source_id as sourceId',
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

const detach = statement<{ checkoutId: string; sourceId: string }>()((db, $) =>
  db
    .with('detached', () => takeOffCheckout($))
    .updateTable('checkouts')
    .set({ source_id: null, updated_at: changedNow })
    .where('id', '=', $.checkoutId),
)

/**
 * Makes a source the means by which a checkout will be paid; a second one replaces the first. Returns the source.
 * @throws ApiError `not_found`, `cart_locked`, `source_in_use`, `source_not_chargeable`, `source_status_invalid_for_session`,
 * `invalid_parameter`
 */
export async function attachSourceToCheckout(tx: Transaction, target: Target): Promise<SourceRow> {
  const checkout = await lockCheckout(tx, target)
  const source = await lockSource(tx.sql, target)
  const parameter = 'sourceId'
  if (source.state === 'requires_action') throw new ApiError('source_not_chargeable', { parameter })
  if (source.state !== 'chargeable') throw new ApiError('source_status_invalid_for_session', { parameter })
  if (source.checkoutId !== null && source.checkoutId !== target.checkoutId && !source.reusable)
    throw new ApiError('source_status_invalid_for_session', { parameter })
  checkSource(source, { ...checkout, total: checkout.totalAmount })
  await attach(tx, { checkoutId: target.checkoutId, sourceId: source.id, replacedId: checkout.sourceId })
  const { currency, totalAmount } = checkout
  return { ...source, checkoutId: target.checkoutId, currency: source.currency ?? currency, amount: totalAmount }
}

/**
 * Takes a source off its checkout. One that nobody saved is cancelled by that and cannot come back.
 * @throws ApiError `not_found`, `cart_locked`
 */
export async function detachSourceFromCheckout(tx: Transaction, target: Target): Promise<void> {
  const checkout = await lockCheckout(tx, target)
  if (checkout.sourceId !== target.sourceId) throw sourceNotFound(target.sourceId, 'sourceId')
  await detach(tx, target)
}

async function lockCheckout(tx: Transaction, { merchantId, checkoutId }: Target) {
  const [checkout] = await lockCheckoutToPay(tx, { merchantId, checkoutId })
  if (!checkout) throw new ApiError('not_found', { message: `Checkout ${checkoutId} not found`, parameter: 'id' })
  if (checkout.locked) throw new ApiError('cart_locked')
  return checkout
}
