import { sql } from 'kysely'
import { begins } from '../database/begins.ts'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { cutPage, ifGiven, type Page } from '../database/page.ts'
import { insertRows, merged, type NewRow, now, runQuery, statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { isCurrent, type TaxCertificate } from '../tax/tax-certificate.ts'
import { type Customer, isSaved, type Metadata, selectCustomers } from './customer-row.ts'

/** What a caller may set on a customer. Absent keeps. */
export type CustomerChanges = {
  email?: string | undefined
  shipping?: Party | undefined
  locale?: string | undefined
  type?: CustomerType | undefined
  enabled?: boolean | undefined
  requestToBeForgotten?: boolean | undefined
  metadata?: Metadata | undefined
  /** In the place of all that it has. */
  taxCertificates?: TaxCertificate[] | undefined
}

export const customerNotFound = (id: string) =>
  new ApiError('not_found', { message: `Customer ${id} not found`, parameter: 'id' })

const insertCustomer = statement<{ customer: NewRow<'customers'> }>()((_, $) =>
  insertRows('customers', $.customer)
    .onConflict((conflict) => conflict.columns(['merchant_id', 'id']).doNothing())
    .returning('id'),
)

/** Makes a customer, under the merchant's own id or a new one. @throws ApiError `id_in_use`, also for a deleted one's */
export async function createCustomer(
  tx: Pick<Transaction, 'sql'>,
  input: CustomerChanges & { merchantId: string; id?: string | undefined; liveMode: boolean },
): Promise<Customer> {
  const id = input.id ?? newId('customer')
  const made = await insertCustomer(tx, {
    customer: {
      merchant_id: input.merchantId,
      id,
      email: input.email ?? null,
      shipping: input.shipping ?? null,
      locale: input.locale ?? null,
      type: input.type ?? 'individual',
      enabled: input.enabled ?? true,
      provider_references: {},
      request_to_be_forgotten: input.requestToBeForgotten ?? false,
      metadata: input.metadata ?? {},
      tax_certificates: input.taxCertificates ?? [],
      live_mode: input.liveMode,
    },
  })
  if (made.length === 0) throw new ApiError('id_in_use', { parameter: 'id' })
  return readCustomer(tx.sql, input.merchantId, id)
}

const read = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectCustomers(db)
    .where('c.merchant_id', '=', $.merchantId)
    .where('c.id', '=', $.id)
    .where('c.deleted_at', 'is', null),
)

const lock = statement<{ merchantId: string; id: string }>()((db, $) =>
  db
    .selectFrom('customers')
    .select('id')
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.id)
    .where('deleted_at', 'is', null)
    .forUpdate(),
)

/** @throws ApiError `not_found`, also for another merchant's */
export async function readCustomer(on: Sql, merchantId: string, id: string): Promise<Customer> {
  const [customer] = await read(on, { merchantId, id })
  if (!customer) throw customerNotFound(id)
  return customer
}

/** Keeps a customer as it is until the end of the transaction. @throws ApiError `not_found` */
export async function lockCustomer(on: Sql, merchantId: string, id: string): Promise<void> {
  const found = await lock(on, { merchantId, id })
  if (found.length === 0) throw customerNotFound(id)
}

const findSaved = statement<{ merchantId: string; id: string; sourceId: string }>()((db, $) =>
  db
    .selectFrom('sources as s')
    .select('s.id')
    .where('s.id', '=', $.sourceId)
    .where('s.merchant_id', '=', $.merchantId)
    .where('s.customer_id', '=', $.id)
    .where(isSaved),
)

type StoredChanges = {
  merchantId: string
  id: string
  email: string | null
  shipping: Party | null
  locale: string | null
  type: CustomerType | null
  enabled: boolean | null
  requestToBeForgotten: boolean | null
  metadata: Metadata
  taxCertificates: TaxCertificate[] | null
  defaultSourceId: string | null
}

const storeChanges = statement<StoredChanges>()((db, $) =>
  db
    .updateTable('customers')
    .set((c) => ({
      email: c.fn.coalesce($.email, 'email'),
      shipping: c.fn.coalesce($.shipping.json, 'shipping'),
      locale: c.fn.coalesce($.locale, 'locale'),
      type: c.fn.coalesce($.type, 'type'),
      enabled: c.fn.coalesce($.enabled, 'enabled'),
      request_to_be_forgotten: c.fn.coalesce($.requestToBeForgotten, 'request_to_be_forgotten'),
      metadata: merged(c.ref('metadata'), $.metadata),
      tax_certificates: c.fn.coalesce($.taxCertificates.json, 'tax_certificates'),
      default_source_id: c.fn.coalesce($.defaultSourceId, 'default_source_id'),
      updated_at: now,
    }))
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.id)
    .returning((c) => sql<number>`(select count(*) from jsonb_object_keys(${c.ref('metadata')}))`.as('keys')),
)

/**
 * Changes a customer; metadata keys are merged. `defaultSourceId` has to be one of its saved sources.
 * @throws ApiError `not_found`, `invalid_parameter`, `invalid_metadata`
 */
export async function updateCustomer(
  tx: Pick<Transaction, 'sql'>,
  { merchantId, id }: { merchantId: string; id: string },
  changes: CustomerChanges & { defaultSourceId?: string | undefined },
): Promise<Customer> {
  await lockCustomer(tx.sql, merchantId, id)
  const { defaultSourceId } = changes
  if (defaultSourceId !== undefined) {
    const saved = await findSaved(tx, { merchantId, id, sourceId: defaultSourceId })
    if (saved.length === 0) {
      throw new ApiError('invalid_parameter', {
        message: 'The default source has to be attached to this customer first.',
        parameter: 'defaultSourceId',
      })
    }
  }
  const [changed] = await storeChanges(tx, {
    merchantId,
    id,
    email: changes.email ?? null,
    shipping: changes.shipping ?? null,
    locale: changes.locale ?? null,
    type: changes.type ?? null,
    enabled: changes.enabled ?? null,
    requestToBeForgotten: changes.requestToBeForgotten ?? null,
    metadata: changes.metadata ?? {},
    taxCertificates: changes.taxCertificates ?? null,
    defaultSourceId: defaultSourceId ?? null,
  })
  if (changed && changed.keys > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
  return readCustomer(tx.sql, merchantId, id)
}

const readCertificates = statement<{ merchantId: string; id: string }>()((db, $) =>
  db
    .selectFrom('customers')
    .select('tax_certificates as certificates')
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.id)
    .where('deleted_at', 'is', null),
)

/** The certificates of a customer that count now; none for one that there is not. */
export async function currentTaxCertificates(on: Sql, merchantId: string, id: string): Promise<TaxCertificate[]> {
  const [customer] = await readCertificates(on, { merchantId, id })
  const now = new Date()
  return (customer?.certificates ?? []).filter((certificate) => isCurrent(certificate, now))
}

export type CustomerFilter = {
  ids?: readonly string[] | undefined
  email?: string | undefined
  requestToBeForgotten?: boolean | undefined
  created?: Period | undefined
  /** How their address begins, or their id. */
  text?: string | undefined
}

/** A customer whose address begins like a text, whatever the case, or whose id it is. */
const isCustomer = (merchantId: string, text: string) =>
  sql<boolean>`c.id = any(array(select n.id from customers n where n.merchant_id = ${merchantId}
    and n.email is not null and ${begins(sql`n.email`, text)} union all select ${text}::text))`

/** One page of a merchant's customers, newest first, in one statement. Their ids may be the merchant's own, so time sorts them. */
export async function listCustomers(
  on: Sql,
  merchantId: string,
  filter: CustomerFilter,
  page: Page,
): Promise<{ hasMore: boolean; customers: Customer[] }> {
  const backwards = page.endingBefore !== undefined
  const order = backwards ? 'asc' : 'desc'
  const found = await runQuery(on, (db) =>
    selectCustomers(db)
      .where('c.merchant_id', '=', merchantId)
      .where('c.deleted_at', 'is', null)
      .where((c) =>
        c.and([
          ...ifGiven(filter.ids, (ids) => c('c.id', '=', c.fn.any(c.val(ids)))),
          ...ifGiven(filter.email, (email) => c('c.email', '=', email)),
          ...madeWithin('c', undefined, filter.created),
          ...ifGiven(filter.text, (text) => isCustomer(merchantId, text)),
          ...ifGiven(filter.requestToBeForgotten, (asked) => c('c.request_to_be_forgotten', '=', asked)),
          ...ifGiven(page.endingBefore ?? page.startingAfter, (edge) =>
            c(
              c.refTuple('c.created_at', 'c.id'),
              backwards ? '>' : '<',
              c
                .selectFrom('customers as n')
                .select(['n.created_at', 'n.id'])
                .where('n.merchant_id', '=', merchantId)
                .where('n.id', '=', edge)
                .$asTuple('created_at', 'id'),
            ),
          ),
        ]),
      )
      .orderBy('c.created_at', order)
      .orderBy('c.id', order)
      .limit(page.limit + 1),
  )
  const { hasMore, rows } = cutPage(found, page)
  return { hasMore, customers: rows }
}
