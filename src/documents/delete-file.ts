import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { FileParts } from '../files/files.ts'
import { discardFile } from '../files/receive-file.ts'
import { closeFile, lockFile } from '../files/remove-file.ts'
import { ApiError } from '../platform/errors.ts'

const findUse = statement<{ id: string }>()((db, $) => {
  const mentioning = sql<string>`'%' || ${$.id} || '%'`
  return db.selectNoFrom((file) =>
    file
      .or([
        file.exists(file.selectFrom('order_documents').select('id').where('file_id', '=', $.id)),
        file.exists(
          file
            .selectFrom('skus')
            .select('id')
            .where((sku) => sql<boolean>`${sku.ref('delivery')} ->> 'content' like ${mentioning}`),
        ),
        file.exists(file.selectFrom('deliveries').select('id').where('content', 'like', mentioning)),
      ])
      .as('used'),
  )
})

/**
 * Removes a file and its links. What was issued or sold stays.
 * @throws ApiError `not_found`; `in_use` for an invoice or credit memo, and for what a product or a delivery hands over
 */
export async function deleteFile(parts: FileParts, merchantId: string, id: string): Promise<void> {
  const file = await parts.database.transaction(async (tx) => {
    const locked = await lockFile(tx, { merchantId, id })
    const [use] = await findUse(tx, { id })
    if (use?.used) throw new ApiError('in_use')
    await closeFile(tx, id)
    return locked
  })
  await discardFile(parts, file)
}
