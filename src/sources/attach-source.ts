import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { checkSource } from './check-source.ts'
import type { SourceRow } from './source-row.ts'
import { lockSource, sourceNotFound } from './sources.ts'

type Target = { merchantId: string; checkoutId: string; sourceId: string }

type CheckoutToPay = {
  currency: string
  customerId: string | null
  totalAmount: number
  sourceId: string | null
  locked: boolean
}

/**
 * Makes a source the means by which a checkout will be paid; a second one replaces the first (R63, R64). Returns the source.
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
  await tx.sql(
    `with replaced as (
      update sources set checkout_id = null, updated_at = now() where id = $3 and id <> $2 and checkout_id = $1
    ), attached as (
      update sources set checkout_id = $1, updated_at = now() where id = $2
    )
    update checkouts set source_id = $2, updated_at = clock_timestamp() where id = $1`,
    [target.checkoutId, source.id, checkout.sourceId],
  )
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
  await tx.sql(
    `with detached as (
      update sources set checkout_id = case when checkout_id = $1 then null else checkout_id end,
        state = case when not reusable and state in ('requires_action', 'chargeable') then 'cancelled' else state end, updated_at = now()
      where id = $2
    )
    update checkouts set source_id = null, updated_at = clock_timestamp() where id = $1`,
    [target.checkoutId, target.sourceId],
  )
}

async function lockCheckout(tx: Transaction, { merchantId, checkoutId }: Target): Promise<CheckoutToPay> {
  const [checkout] = await tx.sql<CheckoutToPay>(
    `select currency, customer_id as "customerId", total_amount as "totalAmount", source_id as "sourceId", locked_at is not null as locked
     from checkouts where id = $1 and merchant_id = $2 and kind = 'checkout' and deleted_at is null for update`,
    [checkoutId, merchantId],
  )
  if (!checkout) throw new ApiError('not_found', { message: `Checkout ${checkoutId} not found`, parameter: 'id' })
  if (checkout.locked) throw new ApiError('cart_locked')
  return checkout
}
