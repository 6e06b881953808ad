import type { Address } from '../checkouts/address.ts'
import type { DatabaseTransaction } from '../platform/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'

type Tx = Pick<DatabaseTransaction, 'sql'>

export type MerchantFields = {
  name: string
  email: string | null
  commissionBps: number | null
  commissionFixed: number | null
  stripeAccountId: string | null
  shipFrom: Address | null
}
export type MerchantView = MerchantFields & { id: string; parentId: string | null; createdAt: string }

const columns = `id, parent_id as "parentId", name, email, commission_bps as "commissionBps", commission_fixed as "commissionFixed",
  stripe_account_id as "stripeAccountId", ship_from as "shipFrom", created_at as "createdAt"`

const values = (fields: MerchantFields) => [
  fields.name,
  fields.email,
  fields.commissionBps,
  fields.commissionFixed,
  fields.stripeAccountId,
  fields.shipFrom && JSON.stringify(fields.shipFrom),
]

/** Creates a merchant; with a parent it is a seller on the parent's marketplace. */
export async function createMerchant(tx: Tx, parentId: string | null, fields: MerchantFields): Promise<MerchantView> {
  const [merchant] = await tx.sql<MerchantView>(
    `insert into merchants (id, parent_id, name, email, commission_bps, commission_fixed, stripe_account_id, ship_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb) returning ${columns}`,
    [newId('merchant'), parentId, ...values(fields)],
  )
  if (!merchant) throw new Error('merchant was not stored')
  return merchant
}

/** Changes a merchant's own record or one of its sellers'. @throws ApiError `not_found` */
export async function updateMerchant(tx: Tx, owner: string, id: string, fields: MerchantFields): Promise<MerchantView> {
  const [merchant] = await tx.sql<MerchantView>(
    `update merchants set name = $3, email = $4, commission_bps = $5, commission_fixed = $6, stripe_account_id = $7, ship_from = $8::jsonb
     where id = $1 and (id = $2 or parent_id = $2) returning ${columns}`,
    [id, owner, ...values(fields)],
  )
  if (!merchant) throw new ApiError('not_found')
  return merchant
}

/** A merchant's own record or one of its sellers'. @throws ApiError `not_found` */
export async function readMerchant(tx: Tx, owner: string, id: string): Promise<MerchantView> {
  const [merchant] = await tx.sql<MerchantView>(
    `select ${columns} from merchants where id = $1 and (id = $2 or parent_id = $2)`,
    [id, owner],
  )
  if (!merchant) throw new ApiError('not_found')
  return merchant
}

export async function listMerchants(
  tx: Tx,
  owner: string,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; merchants: MerchantView[] }> {
  const rows = await tx.sql<MerchantView>(
    `select ${columns} from merchants where (id = $1 or parent_id = $1) and ($2::text is null or id < $2) order by id desc limit $3`,
    [owner, page.startingAfter ?? null, page.limit + 1],
  )
  return { hasMore: rows.length > page.limit, merchants: rows.slice(0, page.limit) }
}
