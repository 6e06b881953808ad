import { listMails, readMail } from '../../../notifications/read-mails.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { mailboxPage, mailPage } from '../../pages/mailbox-page.ts'
import { sendPage } from '../../pages/page.ts'
import type { ApiParts } from '../../route-dependencies.ts'

const perPage = 50

/** `/ops/mailbox`: what buyers were mailed, to try out without a mail server. */
export function registerMailbox(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const { mail, production } = parts.config
  const operatorOnly = requireOperator(parts)

  app.get('/ops/mailbox', operatorOnly, async (c) => {
    const found = await listMails(sql, { limit: perPage + 1, before: c.req.query('before') })
    const mails = found.slice(0, perPage)
    const older = found.length > perPage ? mails.at(-1)?.id : undefined
    return sendPage(c, mailboxPage({ mails, older, sends: mail.smtpUrl !== undefined }))
  })

  app.get('/ops/mailbox/:id', operatorOnly, async (c) => {
    const found = await readMail(sql, c.req.param('id'))
    if (!found) throw new ApiError('not_found')
    return sendPage(c, mailPage(found, { readable: !production }))
  })
}
