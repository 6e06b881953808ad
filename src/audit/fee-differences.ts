import { statement } from '../database/statement.ts'
import type { Movement } from '../ledger/ledger.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'
import { noteDebtors } from '../merchants/debtors.ts'
import { allocate } from '../platform/money.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** A line of a provider's books that tells what it kept of a payment. Minor units. */
type ChargeLine = {
  id: string
  chargeId: string
  orderId: string | null
  amount: number
  fee: number
  currency: string
}

const readExpected = statement<{ chargeIds: readonly string[] }>()((db, $) =>
  db
    .selectFrom('splits as s')
    .innerJoin('charges as c', 'c.id', 's.charge_id')
    .select((s) => [
      's.id',
      's.charge_id as chargeId',
      s.ref('s.seller_id').$notNull().as('sellerId'),
      's.recipient',
      's.amount',
      's.currency',
      'c.amount as chargeAmount',
    ])
    .where('s.charge_id', '=', (s) => s.fn.any($.chargeIds.typed('text[]')))
    .where('s.kind', '=', 'provider_fee')
    .where('s.seller_id', 'is not', null)
    .orderBy('s.position'),
)

/**
 * What merchants still owe of the fees that a provider really took, or get back of those they were told before: of each payment the
 * difference, shared by its sellers as the expected fee was. Of a part that was captured by itself, its part of the expected fee counts.
 */
export async function feeDifferences(tx: Transaction, lines: readonly ChargeLine[]): Promise<Movement[]> {
  if (lines.length === 0) return []
  const expected = await readExpected(tx, { chargeIds: lines.map(({ chargeId }) => chargeId) })
  const debtors = new Set<string>()
  const movements = lines.flatMap(({ id, chargeId, orderId, amount, fee, currency }) => {
    const shares = expected.filter((share) => share.chargeId === chargeId && share.currency === currency)
    const [first] = shares
    if (!first || first.chargeAmount === 0) return []
    const weights = shares.map((share) => share.amount)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const told = Number((BigInt(total) * BigInt(amount)) / BigInt(first.chargeAmount))
    const parts = allocate(Math.abs(fee - told), total > 0 ? weights : weights.map(() => 1))
    return shares.map(({ id: splitId, sellerId, recipient }, index): Movement => {
      if (fee > told) debtors.add(sellerId)
      const merchant = merchantAccount(sellerId)
      const [from, to] = fee > told ? [merchant, recipient] : [recipient, merchant]
      return { correlationKey: `${id}-fee-of-${splitId}`, orderId, from, to, amount: parts[index] ?? 0, currency }
    })
  })
  await noteDebtors(tx, [...debtors])
  return movements
}
