export const bankLineKinds = [
  'charge',
  'refund',
  'refund_failure',
  'transfer',
  'reversal',
  'dispute',
  'fee',
  'payout',
  'other',
] as const
export type BankLineKind = (typeof bankLineKinds)[number]

/** One line of a provider's own books. Our minor units; both amounts as they change our balance there, so `fee` is taken off. */
export type BankLine = {
  /** The provider's id of the line. */
  reference: string
  kind: BankLineKind
  /** The provider's id of what caused it: a charge, a refund, a transfer, a reversal, a dispute, a payout. */
  source: string | undefined
  /** Our operation that caused it, where the provider tells. */
  operationId: string | undefined
  amount: number
  fee: number
  currency: string
  at: Date
  availableOn: Date | undefined
}
