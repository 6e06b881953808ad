import { statement } from '../database/statement.ts'

/** Empties the mails about orders. */
export const eraseMails = statement<{ orderIds: string[] }>()((db, $) =>
  db
    .updateTable('mails')
    .set({ recipient: null, subject: null, text: null, html: null })
    .where((m) => m('order_id', '=', m.fn.any($.orderIds)))
    .returning('id'),
)
