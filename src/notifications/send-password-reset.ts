import type { Payload } from '../../queues/catalog.ts'
import { findOpenReset, tokenOfReset } from '../operators/password-resets.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { renderContent } from './mail-content.ts'
import { type Mailer, plainAddress } from './mailer.ts'

type Parts = UnitOfWork & { config: Config; mailer: Mailer; log: Log }

/**
 * Mails somebody the address where a new password is set. It is not kept among the mails, as it lets in whoever reads it; without a mail
 * server nobody gets it, and an owner has to invite that person again.
 */
export async function sendPasswordReset(
  parts: Parts,
  { resetId }: Payload<'send-password-reset'>,
  taskId: string,
): Promise<void> {
  const { config, mailer } = parts
  const reset = await findOpenReset(parts.database.sql, resetId)
  if (reset && mailer.enabled) {
    const address = `${config.publicUrl}/dashboard/login/reset?token=${tokenOfReset(config, resetId)}`
    await mailer.send({
      id: resetId,
      to: reset.email,
      replyTo: plainAddress(config.mail.from),
      ...renderContent({
        language: 'en',
        direction: 'ltr',
        subject: `A new password for ${reset.merchantName}`,
        blocks: [
          {
            type: 'text',
            text: `Somebody, you it seems, has forgotten the password of this address at ${reset.merchantName}.`,
          },
          { type: 'link', label: 'Set a new password', url: address },
          {
            type: 'text',
            text: 'The address works once, for thirty minutes. If it was not you, there is nothing to do.',
          },
        ],
      }),
    })
  }
  if (reset && !mailer.enabled)
    parts.log.warn({ userId: reset.userId }, 'no mail server is set: a password reset was not sent')
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}
