import type { Context } from 'hono'
import type { Sql } from '../database/database.ts'
import { iso } from '../database/database.ts'
import { type DigitalOrder, type DigitalOrderFilter, listDigitalOrders } from '../links/digital-orders.ts'
import { decimalAmount } from '../platform/money.ts'
import { type Cell, sendCsv, toCsv } from './csv.ts'

const atOnce = 1_000

const orderColumns = [
  'id',
  'createdTime',
  'state',
  'email',
  'buyerName',
  'product',
  'link',
  'amount',
  'refunded',
  'currency',
  'attention',
]

const toOrderCells = (order: DigitalOrder): Cell[] => [
  order.id,
  iso(order.createdAt),
  order.state,
  order.email,
  order.buyerName,
  order.productName,
  order.slug,
  decimalAmount(order.amount, order.currency),
  decimalAmount(order.refunded, order.currency),
  order.currency,
  order.attention?.reason ?? null,
]

/** These orders as CSV, under the columns of {@link sendOrdersCsv}. */
export const ordersAsCsv = (orders: readonly DigitalOrder[]): string =>
  toCsv([orderColumns, ...orders.map(toOrderCells)])

/** Sends all of a seller's orders that fit, newest first. Amounts are decimals of `currency`, as on the page. */
export const sendOrdersCsv = (
  c: Context,
  sql: Sql,
  merchantId: string,
  filter: DigitalOrderFilter,
): Promise<Response> =>
  sendCsv(c, {
    filename: 'orders.csv',
    header: orderColumns,
    toCells: toOrderCells,
    read: async (after: string | undefined) => {
      const { hasMore, orders } = await listDigitalOrders(sql, merchantId, filter, {
        limit: atOnce,
        startingAfter: after,
      })
      return { rows: orders, next: hasMore ? orders.at(-1)?.id : undefined }
    },
  })
