import type { Sql } from '../database/database.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type Customer, customerSql, isSavedSql, type Metadata } from './customer-row.ts'

/** What a caller may set on a customer. Absent keeps. */
export type CustomerChanges = {
  email?: string | undefined
  shipping?: Party | undefined
  locale?: string | undefined
  type?: CustomerType | undefined
  enabled?: boolean | undefined
  requestToBeForgotten?: boolean | undefined
  metadata?: Metadata | undefined
}

export const customerNotFound = (id: string) =>
  new ApiError('not_found', { message: `Customer ${id} not found`, parameter: 'id' })

/** Makes a customer, under the merchant's own id or a new one (R55). @throws ApiError `id_in_use`, also for a deleted one's */
export async function createCustomer(
  tx: Pick<Transaction, 'sql'>,
  input: CustomerChanges & { merchantId: string; id?: string | undefined; liveMode: boolean },
): Promise<Customer> {
  const id = input.id ?? newId('customer')
  const made = await tx.sql(
    `insert into customers (merchant_id, id, email, shipping, locale, type, enabled, request_to_be_forgotten, metadata, live_mode)
     values ($1, $2, $3, $4::jsonb, $5, coalesce($6, 'individual'), coalesce($7, true), coalesce($8, false), $9::jsonb, $10)
     on conflict (merchant_id, id) do nothing returning id`,
    [input.merchantId, id, ...valuesOf(input), JSON.stringify(input.metadata ?? {}), input.liveMode],
  )
  if (made.length === 0) throw new ApiError('id_in_use', { parameter: 'id' })
  return readCustomer(tx.sql, input.merchantId, id)
}

/** @throws ApiError `not_found`, also for another merchant's (I11) */
export async function readCustomer(sql: Sql, merchantId: string, id: string): Promise<Customer> {
  const [customer] = await sql<Customer>(
    `${customerSql} where c.merchant_id = $1 and c.id = $2 and c.deleted_at is null`,
    [merchantId, id],
  )
  if (!customer) throw customerNotFound(id)
  return customer
}

/** Keeps a customer as it is until the end of the transaction. @throws ApiError `not_found` */
export async function lockCustomer(sql: Sql, merchantId: string, id: string): Promise<void> {
  const found = await sql(
    'select id from customers where merchant_id = $1 and id = $2 and deleted_at is null for update',
    [merchantId, id],
  )
  if (found.length === 0) throw customerNotFound(id)
}

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
    const saved = await tx.sql(
      `select s.id from sources s where s.id = $3 and s.merchant_id = $1 and s.customer_id = $2 and ${isSavedSql}`,
      [merchantId, id, defaultSourceId],
    )
    if (saved.length === 0) {
      throw new ApiError('invalid_parameter', {
        message: 'The default source has to be attached to this customer first.',
        parameter: 'defaultSourceId',
      })
    }
  }
  const [changed] = await tx.sql<{ keys: number }>(
    `update customers set email = coalesce($3, email), shipping = coalesce($4::jsonb, shipping), locale = coalesce($5, locale),
       type = coalesce($6, type), enabled = coalesce($7, enabled), request_to_be_forgotten = coalesce($8, request_to_be_forgotten),
       metadata = metadata || $9::jsonb, default_source_id = coalesce($10, default_source_id), updated_at = now()
     where merchant_id = $1 and id = $2 returning (select count(*) from jsonb_object_keys(metadata)) as keys`,
    [merchantId, id, ...valuesOf(changes), JSON.stringify(changes.metadata ?? {}), defaultSourceId ?? null],
  )
  if (changed && changed.keys > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
  return readCustomer(tx.sql, merchantId, id)
}

const valuesOf = (changes: CustomerChanges) => [
  changes.email ?? null,
  changes.shipping ? JSON.stringify(changes.shipping) : null,
  changes.locale ?? null,
  changes.type ?? null,
  changes.enabled ?? null,
  changes.requestToBeForgotten ?? null,
]

export type CustomerFilter = {
  ids?: readonly string[] | undefined
  email?: string | undefined
  requestToBeForgotten?: boolean | undefined
}

/** One page of a merchant's customers, newest first, in one statement. Their ids may be the merchant's own, so time sorts them. */
export async function listCustomers(
  sql: Sql,
  merchantId: string,
  filter: CustomerFilter,
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; customers: Customer[] }> {
  const backwards = page.endingBefore !== undefined
  const order = backwards ? 'asc' : 'desc'
  const rows = await sql<Customer>(
    `${customerSql} where c.merchant_id = $1 and c.deleted_at is null
       and ($2::text[] is null or c.id = any($2)) and ($3::text is null or c.email = $3)
       and ($4::boolean is null or c.request_to_be_forgotten = $4)
       and ($5::text is null or (c.created_at, c.id) ${backwards ? '>' : '<'}
         (select n.created_at, n.id from customers n where n.merchant_id = $1 and n.id = $5))
     order by c.created_at ${order}, c.id ${order} limit $6`,
    [
      merchantId,
      filter.ids ?? null,
      filter.email ?? null,
      filter.requestToBeForgotten ?? null,
      page.endingBefore ?? page.startingAfter ?? null,
      page.limit + 1,
    ],
  )
  const customers = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, customers: backwards ? customers.toReversed() : customers }
}
