import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'

/** What a checkout takes from its customer. */
export type CustomerDefaults = {
  email: string | null
  shipping: Party | null
  locale: string | null
  defaultSourceId: string | null
}

const readDefaults = statement<{ merchantId: string; id: string }>()((db, $) =>
  db
    .selectFrom('customers')
    .select(['email', 'shipping', 'locale', 'default_source_id as defaultSourceId'])
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.id)
    .where('deleted_at', 'is', null),
)

/** Reads a merchant's customer. @throws ApiError `invalid_parameter` for an unknown one */
export async function findCustomer(sql: Sql, merchantId: string, id: string): Promise<CustomerDefaults> {
  const [customer] = await readDefaults(sql, { merchantId, id })
  if (!customer)
    throw new ApiError('invalid_parameter', { message: `There is no customer ${id}.`, parameter: 'customerId' })
  return customer
}
