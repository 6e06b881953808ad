import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { db } from '../database/statement.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'

/** Whose balance: a merchant's, or that of somebody who earns by recommending its products. */
export type BalanceOwner = { merchantId: string; recipientId?: string | null | undefined }

/** What says in a statement whose rows are meant. */
export type OwnerValues = {
  /** The accounts of what is owed. */
  accounts: readonly string[]
  /** The merchant of a recipient, else null: another merchant may know another recipient by the same id. */
  ofMerchant: string | null
}

export const ownerValues = ({ merchantId, recipientId }: BalanceOwner): OwnerValues =>
  recipientId === undefined || recipientId === null
    ? { accounts: [merchantAccount(merchantId)], ofMerchant: null }
    : { accounts: [`affiliate:${recipientId}`, `referrer:${recipientId}`], ofMerchant: merchantId }

/** What locks a balance while something is paid out of it. */
export const lockNameOf = ({ merchantId, recipientId }: BalanceOwner): string =>
  `balance ${merchantId} ${recipientId ?? ''}`

/** Whose order it is, one by one: asked for by `exists`, all orders would be read to be asked among. */
const ownerOfOrder = (orderId: string) =>
  db.selectFrom('orders as o').select('o.merchant_id').where('o.id', '=', sql.ref<string>(orderId))

const ownerOfPayout = db
  .selectFrom('payouts as p')
  .select('p.merchant_id')
  .where('p.id', '=', sql.ref<string>('l.payout_id'))

/** Whether an order is one of a merchant's. */
export const isOrderOf = (orderId: string, merchantId: Expression<string | null>): RawBuilder<SqlBool> =>
  sql<SqlBool>`${ownerOfOrder(orderId)} = ${merchantId}`

/** Whether a row of the ledger, of `ledger_entries as l`, is about an order or a payout of a merchant's. */
export const isEntryOf = (merchantId: Expression<string | null>): RawBuilder<SqlBool> =>
  sql<SqlBool>`coalesce(${ownerOfOrder('l.order_id')}, ${ownerOfPayout}) = ${merchantId}`
