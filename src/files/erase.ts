import type { Expression } from 'kysely'
import { db, scalar } from '../database/statement.ts'

/** Takes the links to files back. */
export const removeLinksTo = (fileIds: Expression<{ file_id: string }>) =>
  db
    .deleteFrom('file_links')
    .where((link) => link('file_id', 'in', scalar(fileIds)))
    .returning('id')
