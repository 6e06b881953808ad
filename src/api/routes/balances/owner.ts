import type { Context } from 'hono'
import { readMerchant } from '../../../merchants/merchants.ts'
import type { ApiEnv } from '../../env.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam } from '../../schemas.ts'

/** Whose balance is asked for. */
export const ofMerchant = idParam
  .optional()
  .openapi({ description: 'One of the sellers on the marketplace of the caller, instead of the caller.' })

/** The caller, or the seller of its marketplace that it asks for. @throws ApiError `not_found` */
export async function ownerOf(c: Context<ApiEnv>, parts: ApiParts, asked: string | undefined): Promise<string> {
  const { merchantId } = c.get('caller')
  if (asked === undefined || asked === merchantId) return merchantId
  return (await readMerchant(parts.database.em(), merchantId, asked)).id
}
