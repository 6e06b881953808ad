import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import type { Tell } from '../outgoing/announce.ts'
import { ApiError } from '../platform/errors.ts'
import { askProvider, sourceProvider, sourceRefused } from '../providers/ask-provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { creditType, sourceTypes } from '../providers/source-types.ts'
import { cancelSaved, saveWithCustomer } from '../sources/source.statements.ts'
import { type SourceRow, sourceRow } from '../sources/source-row.ts'
import { lockSource, sourceNotFound } from '../sources/sources.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { isSaved } from './customer-row.ts'
import { customerNotFound, lockCustomer } from './customers.ts'
import { providerCustomer } from './provider-customer.ts'

export type SavingParts = UnitOfWork & { providers: PaymentProviders; tell: { source: Tell<SourceRow> } }

type Target = { merchantId: string; customerId: string; sourceId: string }

const save = statement<Target>()((db, $) =>
  db
    .with('chosen', (db) =>
      db
        .updateTable('customers')
        .set((c) => ({ default_source_id: c.fn.coalesce('default_source_id', $.sourceId), updated_at: now }))
        .where('merchant_id', '=', $.merchantId)
        .where('id', '=', $.customerId),
    )
    .with('saved', () => saveWithCustomer($))
    .selectFrom('saved')
    .select('source'),
)

const forget = statement<Target>()((db, $) =>
  db
    .with('moved', (db) =>
      db
        .updateTable('customers')
        .set((c) => ({
          updated_at: now,
          default_source_id: c
            .case()
            .when('default_source_id', 'is distinct from', $.sourceId)
            .then(c.ref('default_source_id'))
            .else(
              c
                .selectFrom('sources as s')
                .select('s.id')
                .where('s.merchant_id', '=', $.merchantId)
                .where('s.customer_id', '=', $.customerId)
                .where('s.id', '<>', $.sourceId)
                .where(isSaved)
                .orderBy('s.created_at')
                .orderBy('s.id')
                .limit(1)
                .$asScalar(),
            )
            .end(),
        }))
        .where('merchant_id', '=', $.merchantId)
        .where('id', '=', $.customerId),
    )
    .with('forgotten', () => cancelSaved($))
    .selectFrom('forgotten')
    .select('source'),
)

/**
 * Saves a source with a customer, so that it can be charged again; the first one becomes the default. The provider keeps it
 * before we say so: when it fails, nothing has changed here and the same request may be sent again. Saving twice changes nothing.
 * @throws ApiError `not_found`, `source_in_use`, `nonreusable_source`, `source_not_chargeable`, `provider_unavailable`
 */
export async function saveSource(parts: SavingParts, target: Target): Promise<SourceRow> {
  const { merchantId, customerId, sourceId } = target
  const found = await findBoth(parts.database.sql, target)
  if (isSavedWith(found.source, customerId)) return found.source
  checkSavable(found, customerId)
  const { sources } = sourceProvider(parts.providers)
  const customer = await providerCustomer(parts, target)
  const paymentMethod = requireReference(found.source)
  await askProvider(
    () => sources.attach(paymentMethod, customer, `${sourceId}-${customer}-attach`),
    (error) => sourceRefused(error),
  )
  return inTransaction(parts, async (tx) => {
    await lockCustomer(tx.sql, merchantId, customerId)
    await lockSource(tx.sql, target)
    const current = await findBoth(tx.sql, target)
    if (isSavedWith(current.source, customerId)) return current.source
    checkSavable(current, customerId)
    const [row] = await save(tx, target)
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
    const [row] = await forget(tx, target)
    if (row) await parts.tell.source(tx, { merchantId, type: 'customer.source.deleted', object: row.source })
  })
}

/** Lets the provider forget a saved source; one it has let go of already is fine. @throws ApiError `provider_unavailable` */
export async function releaseSource({ providers }: SavingParts, source: SourceRow): Promise<void> {
  const { sources } = sourceProvider(providers)
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
  if (source.type === creditType || !sourceTypes[source.type].reusable)
    throw new ApiError('nonreusable_source', { parameter })
  if (source.state !== 'chargeable') throw new ApiError('source_not_chargeable', { parameter })
  // On somebody else's checkout it could no longer pay once it was saved.
  if (onCheckout && checkoutCustomerId !== customerId) {
    throw new ApiError('source_in_use', {
      message: 'This source is attached to the checkout of somebody else.',
      parameter,
    })
  }
}

const readBoth = statement<Target>()((db, $) =>
  db
    .selectFrom(db.selectNoFrom((one) => one.lit(1).as('one')).as('always'))
    .leftJoin('sources as s', (on) => on.on('s.id', '=', $.sourceId).on('s.merchant_id', '=', $.merchantId))
    .leftJoin('checkouts as k', (on) => on.onRef('k.id', '=', 's.checkout_id').on('k.deleted_at', 'is', null))
    .select((row) => [
      row
        .exists(
          row
            .selectFrom('customers')
            .select('id')
            .where('merchant_id', '=', $.merchantId)
            .where('id', '=', $.customerId)
            .where('deleted_at', 'is', null),
        )
        .as('hasCustomer'),
      row.case().when('s.id', 'is not', null).then(sourceRow).end().as('source'),
      row('k.id', 'is not', null).as('onCheckout'),
      'k.customer_id as checkoutCustomerId',
    ]),
)

async function findBoth(on: Sql, target: Target): Promise<Both> {
  const [row] = await readBoth(on, target)
  if (!row?.hasCustomer) throw customerNotFound(target.customerId)
  const { source, onCheckout, checkoutCustomerId } = row
  if (!source) throw sourceNotFound(target.sourceId, 'sourceId')
  return { source, onCheckout: Boolean(onCheckout), checkoutCustomerId }
}

function requireReference({ id, providerReference }: SourceRow): string {
  if (providerReference === null) throw new Error(`source ${id} is chargeable without the provider's id`)
  return providerReference
}
