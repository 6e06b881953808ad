import type { Context } from 'hono'
import { readMerchant } from '../../../merchants/merchants.ts'
import { findEarner } from '../../../merchants/recipients.ts'
import type { BalanceOwner } from '../../../payouts/balance-owner.ts'
import type { ApiEnv } from '../../env.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam } from '../../schemas.ts'

/** Whose balance is asked for. */
export const ofMerchant = idParam
  .optional()
  .openapi({ description: 'One of the sellers on the marketplace of the caller, instead of the caller.' })

/** Whose affiliate's or referrer's balance is asked for. */
export const ofRecipient = idParam
  .optional()
  .openapi({ description: 'One of the recipients of that merchant: who earns by recommending its products.' })

type Asked = { merchantId?: string | undefined; recipientId?: string | undefined }

/** The caller, or the seller of its marketplace, or the recipient of either that it asks for. @throws ApiError `not_found` */
export async function ownerOf(
  c: Context<ApiEnv>,
  parts: ApiParts,
  { merchantId: asked, recipientId }: Asked,
): Promise<BalanceOwner> {
  const { merchantId: caller } = c.get('caller')
  const merchantId =
    asked === undefined || asked === caller ? caller : (await readMerchant(parts.database.em(), caller, asked)).id
  if (recipientId !== undefined) await findEarner(parts.database.sql, merchantId, recipientId)
  return { merchantId, recipientId }
}
