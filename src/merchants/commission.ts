import type { EntityManager } from '@mikro-orm/postgresql'
import type { Sql } from '../database/database.ts'
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

/** An operator's word about a merchant's commission, or about that of one of its SKUs. @throws ApiError `not_found` */
export async function setCommission(
  sql: Sql,
  {
    merchantId,
    skuId,
    commissionBps,
    commissionFixed,
  }: Commission & { merchantId: string; skuId?: string | undefined },
): Promise<void> {
  const changed =
    skuId === undefined
      ? await sql<{ id: string }>(
          'update merchants set commission_bps = $2, commission_fixed = $3 where id = $1 returning id',
          [merchantId, commissionBps, commissionFixed],
        )
      : await sql<{ id: string }>(
          `update skus set commission_bps = $3, updated_at = now() where merchant_id = $1 and id = $2 and deleted_at is null
           returning id`,
          [merchantId, skuId, commissionBps],
        )
  if (changed.length === 0) throw new ApiError('not_found')
}
