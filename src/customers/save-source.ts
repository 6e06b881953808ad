import type { Sql } from '../database/database.ts'
import type { Tell } from '../outgoing/announce.ts'
import { ApiError } from '../platform/errors.ts'
import { askProvider, sourcePayments, sourceRefused } from '../providers/ask-provider.ts'
import { providerCustomer } from '../providers/provider-customer.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { sourceTypes } from '../providers/source-types.ts'
import { type SourceRow, sourceRowJson } from '../sources/source-row.ts'
import { lockSource, sourceNotFound } from '../sources/sources.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { isSavedSql } from './customer-row.ts'
import { customerNotFound, lockCustomer } from './customers.ts'

export type SavingParts = UnitOfWork & { providers: PaymentProviders; tell: { source: Tell<SourceRow> } }

type Target = { merchantId: string; customerId: string; sourceId: string }

/**
 * Saves a source with a customer, so that it can be charged again; the first one becomes the default (R61, R62). The provider keeps it
 * before we say so: when it fails, nothing has changed here and the same request may be sent again. Saving twice changes nothing.
 * @throws ApiError `not_found`, `source_in_use`, `nonreusable_source`, `source_not_chargeable`, `provider_unavailable`
 */
export async function saveSource(parts: SavingParts, target: Target): Promise<SourceRow> {
  const { merchantId, customerId, sourceId } = target
  const found = await findBoth(parts.database.sql, target)
  if (isSavedWith(found.source, customerId)) return found.source
  checkSavable(found, customerId)
  const sources = sourcePayments(parts.providers)
  const customer = await providerCustomer(parts, target)
  const paymentMethod = requireReference(found.source)
  await askProvider(
    () => sources.attach(paymentMethod, customer, `${sourceId}-${customer}-attach`),
    (error) => sourceRefused(error),
  )
  return inTransaction(parts, async (tx) => {
    await lockCustomer(tx.sql, merchantId, customerId)
    await lockSource(tx.sql, target)
    const now = await findBoth(tx.sql, target)
    if (isSavedWith(now.source, customerId)) return now.source
    checkSavable(now, customerId)
    const [row] = await tx.sql<{ source: SourceRow }>(
      `with chosen as (
        update customers set default_source_id = coalesce(default_source_id, $3), updated_at = now() where merchant_id = $1 and id = $2
      )
      update sources s set customer_id = $2, reusable = true, updated_at = now() where id = $3 and merchant_id = $1
      returning ${sourceRowJson('s')} as source`,
      [merchantId, customerId, sourceId],
    )
    if (!row) throw new Error(`source ${sourceId} was not locked`)
    await parts.tell.source(tx, { merchantId, type: 'customer.source.created', object: row.source })
    return row.source
  })
}

/**
 * Takes a saved source from its customer for good: it is cancelled and cannot be saved again. The next oldest becomes the default.
 * @throws ApiError `not_found`, `provider_unavailable`
 */
export async function forgetSource(parts: SavingParts, target: Target): Promise<void> {
  const { merchantId, customerId, sourceId } = target
  const { source } = await findBoth(parts.database.sql, target)
  if (!isSavedWith(source, customerId)) throw sourceNotFound(sourceId, 'sourceId')
  await releaseSource(parts, source)
  await inTransaction(parts, async (tx) => {
    await lockCustomer(tx.sql, merchantId, customerId)
    if (!isSavedWith(await lockSource(tx.sql, target), customerId)) throw sourceNotFound(sourceId, 'sourceId')
    const [row] = await tx.sql<{ source: SourceRow }>(
      `with moved as (
        update customers set updated_at = now(), default_source_id = case when default_source_id is distinct from $3 then default_source_id
          else (select s.id from sources s where s.merchant_id = $1 and s.customer_id = $2 and s.id <> $3 and ${isSavedSql}
                order by s.created_at, s.id limit 1) end
        where merchant_id = $1 and id = $2
      )
      update sources s set customer_id = null, state = 'cancelled', updated_at = now() where id = $3 and merchant_id = $1
      returning ${sourceRowJson('s')} as source`,
      [merchantId, customerId, sourceId],
    )
    if (row) await parts.tell.source(tx, { merchantId, type: 'customer.source.deleted', object: row.source })
  })
}

/** Lets the provider forget a saved source; one it has let go of already is fine. @throws ApiError `provider_unavailable` */
export async function releaseSource({ providers }: SavingParts, source: SourceRow): Promise<void> {
  const sources = sourcePayments(providers)
  await askProvider(
    () => sources.detach(requireReference(source), `${source.id}-detach`),
    (cause) => new ApiError('provider_unavailable', { cause }),
  )
}

type Both = { source: SourceRow; onCheckout: boolean; checkoutCustomerId: string | null }

const isSavedWith = (source: SourceRow, customerId: string): boolean =>
  source.customerId === customerId && source.reusable && source.state === 'chargeable'

function checkSavable({ source, onCheckout, checkoutCustomerId }: Both, customerId: string): void {
  const parameter = 'sourceId'
  if (source.customerId !== null && source.customerId !== customerId) throw new ApiError('source_in_use', { parameter })
  if (!sourceTypes[source.type].reusable) throw new ApiError('nonreusable_source', { parameter })
  if (source.state !== 'chargeable') throw new ApiError('source_not_chargeable', { parameter })
  // On somebody else's checkout it could no longer pay once it was saved.
  if (onCheckout && checkoutCustomerId !== customerId) {
    throw new ApiError('source_in_use', {
      message: 'This source is attached to the checkout of somebody else.',
      parameter,
    })
  }
}

async function findBoth(sql: Sql, { merchantId, customerId, sourceId }: Target): Promise<Both> {
  const [row] = await sql<Both & { hasCustomer: boolean; source: SourceRow | null }>(
    `select exists (select 1 from customers where merchant_id = $1 and id = $2 and deleted_at is null) as "hasCustomer",
       ${sourceRowJson('s')} as source, k.id is not null as "onCheckout", k.customer_id as "checkoutCustomerId"
     from (select 1) as always left join sources s on s.id = $3 and s.merchant_id = $1
       left join checkouts k on k.id = s.checkout_id and k.deleted_at is null`,
    [merchantId, customerId, sourceId],
  )
  if (!row?.hasCustomer) throw customerNotFound(customerId)
  if (!row.source?.id) throw sourceNotFound(sourceId, 'sourceId')
  return row
}

function requireReference({ id, providerReference }: SourceRow): string {
  if (providerReference === null) throw new Error(`source ${id} is chargeable without the provider's id`)
  return providerReference
}
