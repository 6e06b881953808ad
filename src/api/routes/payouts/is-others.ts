import type { BalanceOwner } from '../../../payouts/balance-owner.ts'

/** Whether a balance is not a merchant's own: nobody pays himself out, or says that it failed. */
export const isOthers = ({ merchantId, recipientId }: BalanceOwner, callerId: string): boolean =>
  merchantId !== callerId || (recipientId !== undefined && recipientId !== null)
