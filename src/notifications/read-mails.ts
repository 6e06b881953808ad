import type { Sql } from '../database/database.ts'
import { ifGiven } from '../database/page.ts'
import { runQuery, statement } from '../database/statement.ts'
import type { MailKind, MailState } from './mail.entity.ts'

export type MailHead = {
  id: string
  orderId: string
  kind: MailKind
  state: MailState
  recipient: string | null
  createdAt: Date
}
export type MailView = MailHead & { subject: string | null; text: string | null; html: string | null }

const head = ['id', 'order_id as orderId', 'kind', 'state', 'recipient', 'created_at as createdAt'] as const

/** The newest mails of the installation, or those before one of them; ids sort by time. */
export const listMails = (sql: Sql, page: { limit: number; before?: string | undefined }): Promise<MailHead[]> =>
  runQuery(sql, (db) =>
    db
      .selectFrom('mails')
      .select(head)
      .where((mail) => mail.and(ifGiven(page.before, (before) => mail('id', '<', before))))
      .orderBy('id', 'desc')
      .limit(page.limit),
  )

const readOne = statement<{ id: string }>()((db, $) =>
  db.selectFrom('mails').select(head).select(['subject', 'text', 'html']).where('id', '=', $.id),
)

/** A mail with what it says, or undefined where there is none. */
export async function readMail(sql: Sql, id: string): Promise<MailView | undefined> {
  const [mail] = await readOne(sql, { id })
  return mail
}
