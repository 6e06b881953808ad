import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'

const countUp = statement<{ linkId: string }>()((db, $) =>
  db
    .updateTable('links')
    .set((link) => ({ use_count: link('use_count', '+', 1) }))
    .where('id', '=', $.linkId)
    .where((link) => link.or([link('max_uses', '=', 0), link('use_count', '<', link.ref('max_uses'))]))
    .returning('id'),
)

/**
 * Counts one paid order of a link, under the link's row lock. False when the link has sold all it may:
 * the order must then not be accepted, and its money goes back.
 */
export async function useLink(tx: Transaction, linkId: string): Promise<boolean> {
  const used = await countUp(tx, { linkId })
  return used.length === 1
}
