import { statement } from '../database/statement.ts'
import type { TaxRecord } from './order.entity.ts'

/** Keeps how the sale of an order is recorded with whoever calculated its tax. */
export const storeTaxRecord = statement<{ orderId: string; record: TaxRecord }>()((db, $) =>
  db.updateTable('orders').set({ tax_record: $.record.json }).where('id', '=', $.orderId),
)
