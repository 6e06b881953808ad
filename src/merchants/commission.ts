import type { EntityManager } from '@mikro-orm/postgresql'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { MerchantEntity } from './merchant.entity.ts'

/** Who gives the platform how much: basis points of the undiscounted price, and minor units an order; null takes the default. */
export type Commission = { commissionBps: number | null; commissionFixed: number | null }

/**
 * The commission that a request may set. A marketplace sets that of its sellers; nobody sets the own one, and a seller none at all:
 * that would be choosing what to pay. Sending what stands already is no change, and leaving it away keeps it.
 * @throws ApiError `commission_not_yours`
 */
export async function settableCommission(
  em: EntityManager,
  { caller, seller }: { caller: string; seller: string },
  { given, stored }: { given: Commission; stored: Commission },
): Promise<Commission> {
  const maySet = seller !== caller && (await em.count(MerchantEntity, { id: caller, parentId: null })) === 1
  if (maySet) return given
  const names = ['commissionBps', 'commissionFixed'] as const
  const changed = names.find((name) => given[name] !== null && given[name] !== stored[name])
  if (changed) throw new ApiError('commission_not_yours', { parameter: changed })
  return stored
}

const storeCommission = statement<Commission & { merchantId: string }>()((db, $) =>
  db
    .updateTable('merchants')
    .set({ commission_bps: $.commissionBps, commission_fixed: $.commissionFixed })
    .where('id', '=', $.merchantId)
    .returning('id'),
)

/** An operator's word about a merchant's commission. @throws ApiError `not_found` */
export async function setCommission(sql: Sql, commission: Commission & { merchantId: string }): Promise<void> {
  const changed = await storeCommission(sql, commission)
  if (changed.length === 0) throw new ApiError('not_found')
}
