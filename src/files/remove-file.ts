import { type Runs, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'

const lock = statement<{ merchantId: string; id: string }>()((db, $) =>
  db
    .selectFrom('files')
    .select(['id', 'storage_key as storageKey'])
    .where('id', '=', $.id)
    .where('merchant_id', '=', $.merchantId)
    .where('state', '=', 'stored')
    .forUpdate(),
)

/** Keeps a merchant's stored file as it is until the end of the transaction. @throws ApiError `not_found` */
export async function lockFile(
  tx: Runs,
  owner: { merchantId: string; id: string },
): Promise<{ id: string; storageKey: string }> {
  const [file] = await lock(tx, owner)
  if (!file) throw new ApiError('not_found')
  return file
}

// Pending, it is swept when this process dies before its content is gone.
const close = statement<{ id: string }>()((db, $) =>
  db
    .with('gone', (db) => db.deleteFrom('file_links').where('file_id', '=', $.id))
    .updateTable('files')
    .set({ state: 'pending' })
    .where('id', '=', $.id),
)

/** Takes a locked file and its links away; its content has to be discarded after the commit. */
export async function closeFile(tx: Runs, id: string): Promise<void> {
  await close(tx, { id })
}
