import type { Sql } from '../database/database.ts'
import type { Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'

/** What a checkout takes from its customer (R183). */
export type CustomerDefaults = {
  email: string | null
  shipping: Party | null
  locale: string | null
  defaultSourceId: string | null
}

/** Reads a merchant's customer. @throws ApiError `invalid_parameter` for an unknown one (R235) */
export async function findCustomer(sql: Sql, merchantId: string, id: string): Promise<CustomerDefaults> {
  const [customer] = await sql<CustomerDefaults>(
    `select email, shipping, locale, default_source_id as "defaultSourceId" from customers
     where merchant_id = $1 and id = $2 and deleted_at is null`,
    [merchantId, id],
  )
  if (!customer)
    throw new ApiError('invalid_parameter', { message: `There is no customer ${id}.`, parameter: 'customerId' })
  return customer
}
