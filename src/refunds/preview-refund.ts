import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { type RefundInput, requestRefund } from './request-refund.ts'
import { readToReverse } from './reverse-shares.statements.ts'
import { sharesToTake } from './reverse-shares.ts'

/** What a refund would do. Minor units. */
export type RefundPreview = {
  amount: number
  items: { itemId: string; amount: number }[]
  shipping: number
  /** What of `amount` goes back to the buyer's credit, and not by the provider. */
  credit: number
  /** From whose shares it would be taken; money that is not shared out yet has none. */
  from: { recipient: string; kind: string; amount: number }[]
}

/** Undoes a refund that was only to be looked at. */
class Previewed extends Error {
  readonly preview: RefundPreview

  constructor(preview: RefundPreview) {
    super('a refund was looked at')
    this.preview = preview
  }
}

/**
 * Says what a refund would give back and who would pay it: it is made, looked at, and undone before anybody knows of it.
 * @throws ApiError what {@link requestRefund} throws
 */
export async function previewRefund(parts: UnitOfWork, input: RefundInput): Promise<RefundPreview> {
  try {
    return await inTransaction(parts, async (tx): Promise<never> => {
      const refundId = await requestRefund(tx, input)
      throw new Previewed(await readPreview(tx, { orderId: input.orderId, refundId }))
    })
  } catch (error) {
    if (error instanceof Previewed) return error.preview
    throw error
  }
}

type Made = { orderId: string; refundId: string }

const readRefund = statement<Made>()((db, $) =>
  db
    .selectFrom('refunds')
    .select(['amount', 'credit_amount as credit', 'items', 'shipping'])
    .where('id', '=', $.refundId)
    .where('order_id', '=', $.orderId),
)

const readEntries = statement<Made>()((db, $) =>
  db
    .selectFrom('charge_entries')
    .select(['id', 'charge_id as chargeId', 'amount'])
    .where('order_id', '=', $.orderId)
    .where('refund_id', '=', $.refundId)
    .orderBy('id'),
)

async function readPreview(tx: Transaction, made: Made): Promise<RefundPreview> {
  const [refund] = await readRefund(tx, made)
  if (!refund) throw new Error(`refund ${made.refundId} was not stored`)
  const shares = new Map<string, RefundPreview['from'][number]>()
  for (const { id: entryId, chargeId, amount } of await readEntries(tx, made)) {
    const locked = await lockCharge(tx, { orderId: made.orderId, chargeId })
    const [read] = await readToReverse(tx, { ...made, chargeId, entryId })
    if (!locked || !read) continue
    for (const { split, share } of sharesToTake(locked.charge, read, amount)) {
      const { recipient, kind } = split
      const before = shares.get(`${recipient} ${kind}`)?.amount ?? 0
      shares.set(`${recipient} ${kind}`, { recipient, kind, amount: before + share })
    }
  }
  return {
    amount: refund.amount,
    credit: refund.credit,
    items: refund.items.map(({ itemId, amount }) => ({ itemId, amount })),
    shipping: refund.shipping.reduce((sum, { amount }) => sum + amount, 0),
    from: [...shares.values()],
  }
}
