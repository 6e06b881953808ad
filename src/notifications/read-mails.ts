import type { Sql } from '../database/database.ts'
import type { MailKind, MailState } from './mail.entity.ts'

export type MailHead = {
  id: string
  orderId: string
  kind: MailKind
  state: MailState
  recipient: string | null
  createdAt: string
}
export type MailView = MailHead & { subject: string | null; text: string | null; html: string | null }

const head = `id, order_id as "orderId", kind, state, recipient, created_at as "createdAt"`

/** The newest mails of the installation, or those before one of them; ids sort by time. */
export const listMails = (sql: Sql, page: { limit: number; before?: string | undefined }): Promise<MailHead[]> =>
  sql<MailHead>(`select ${head} from mails where $2::text is null or id < $2 order by id desc limit $1`, [
    page.limit,
    page.before ?? null,
  ])

/** A mail with what it says, or undefined where there is none. */
export async function readMail(sql: Sql, id: string): Promise<MailView | undefined> {
  const [mail] = await sql<MailView>(`select ${head}, subject, text, html from mails where id = $1`, [id])
  return mail
}
