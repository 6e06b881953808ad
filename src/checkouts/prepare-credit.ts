import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newUuid } from '../platform/ids.ts'
import { creditType } from '../providers/source-types.ts'
import type { PreparedSource } from '../sources/store-source.ts'

/** A credit that a merchant grants a buyer. `checkoutId` is that of the checkout which alone it may pay. Minor units. */
export type CreditInput = Pick<PreparedSource, 'merchantId' | 'owner' | 'liveMode' | 'upstreamId'> & {
  amount: number
  currency: string
  checkoutId?: string | undefined
}

const readCurrency = statement<{ merchantId: string; checkoutId: string }>()((db, $) =>
  db
    .selectFrom('checkouts')
    .select('currency')
    .where('id', '=', $.checkoutId)
    .where('merchant_id', '=', $.merchantId)
    .where('kind', '=', 'checkout')
    .where('deleted_at', 'is', null),
)

/** The currency of the checkout whose payment session this is. @throws ApiError `not_found`, also for another merchant's */
export async function currencyOfSession(
  sql: Sql,
  session: { merchantId: string; checkoutId: string },
): Promise<string> {
  const [checkout] = await readCurrency(sql, session)
  if (checkout) return checkout.currency
  throw new ApiError('not_found', {
    message: `Payment session ${session.checkoutId} not found`,
    parameter: 'paymentSessionId',
  })
}

/** A credit as it is stored: it can pay at once, once, and no provider is asked about it. */
export const prepareCredit = (credit: CreditInput): PreparedSource => ({
  ...credit,
  id: newUuid(),
  apiKeyId: null,
  type: creditType,
  provider: null,
  state: 'chargeable',
  details: {},
})
