import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'

const find = statement<{ orderId: string; merchantId: string }>()((db, $) =>
  db
    .selectFrom('orders')
    .select('id')
    .where('id', '=', $.orderId)
    .where('merchant_id', '=', $.merchantId)
    .where('draft', '=', false),
)

/** That the order whose goods are to be replaced is one of the merchant's own, where one is named. @throws ApiError `not_found` */
export async function checkExchange(on: Sql, merchantId: string, exchangeOf: string | undefined): Promise<void> {
  if (exchangeOf === undefined) return
  const [order] = await find(on, { orderId: exchangeOf, merchantId })
  if (!order) throw new ApiError('not_found', { parameter: 'exchangeOf' })
}
