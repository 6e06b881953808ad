import { statement } from '../database/statement.ts'
import { removeLinksTo } from '../files/erase.ts'

/** Takes the links to the documents of orders back: whoever was sent one could still open the invoice. */
export const eraseDocumentLinks = statement<{ orderIds: string[] }>()((db, $) =>
  removeLinksTo(
    db
      .selectFrom('order_documents')
      .select('file_id')
      .where((d) => d('order_id', '=', d.fn.any($.orderIds))),
  ),
)
