import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { DocumentData } from './document-data.ts'

const readOne = statement<{ merchantId: string; fileId: string }>()((db, $) =>
  db
    .selectFrom('files as f')
    .leftJoin('order_documents as d', 'd.file_id', 'f.id')
    .select('d.data')
    .where('f.id', '=', $.fileId)
    .where('f.merchant_id', '=', $.merchantId)
    .where('f.state', '=', 'stored'),
)

/** The invoice or credit memo that a merchant's own file shows. @throws ApiError `not_found`, `not_an_invoice` */
export async function readDocument(on: Sql, owner: { merchantId: string; fileId: string }): Promise<DocumentData> {
  const [document] = await readOne(on, owner)
  if (!document) throw new ApiError('not_found')
  if (!document.data) throw new ApiError('not_an_invoice')
  return document.data
}
