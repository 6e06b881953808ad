import { statement } from '../database/statement.ts'
import type { GoodsOnTheirWay } from '../goods/call-off-goods.ts'
import type { Transaction } from '../tasks/transaction.ts'

const keepGoods = statement<{ refundId: string; goods: GoodsOnTheirWay[] }>()((db, $) =>
  db.updateTable('refunds').set({ goods: $.goods.json }).where('id', '=', $.refundId),
)

/** Writes on a refund which of its goods are on their way all the same. */
export async function writeGoods(
  tx: Pick<Transaction, 'sql'>,
  refundId: string,
  goods: GoodsOnTheirWay[],
): Promise<void> {
  if (goods.length > 0) await keepGoods(tx, { refundId, goods })
}
