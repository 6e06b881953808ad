import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'

type SkuCommission = { merchantId: string; skuId: string; commissionBps: number | null }

const storeCommission = statement<SkuCommission>()((db, $) =>
  db
    .updateTable('skus')
    .set({ commission_bps: $.commissionBps, updated_at: now })
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.skuId)
    .where('deleted_at', 'is', null)
    .returning('id'),
)

/** An operator's word about the commission of one of a merchant's SKUs, in basis points. @throws ApiError `not_found` */
export async function setSkuCommission(sql: Sql, commission: SkuCommission): Promise<void> {
  const changed = await storeCommission(sql, commission)
  if (changed.length === 0) throw new ApiError('not_found')
}
