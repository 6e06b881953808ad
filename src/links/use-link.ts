import type { Transaction } from '../tasks/transaction.ts'

/**
 * Counts one paid order of a link, under the link's row lock. False when the link has sold all it may:
 * the order must then not be accepted, and its money goes back.
 */
export async function useLink(tx: Transaction, linkId: string): Promise<boolean> {
  const used = await tx.sql<{ id: string }>(
    'update links set use_count = use_count + 1 where id = $1 and (max_uses = 0 or use_count < max_uses) returning id',
    [linkId],
  )
  return used.length === 1
}
