import type { Transporter } from 'nodemailer'
import type { Config } from '../platform/config.ts'
import { TaskError } from '../tasks/task-error.ts'

export type MailMessage = {
  id: string
  to: string
  /** Where answers go: to the shop, not to the installation. */
  replyTo: string
  subject: string
  text: string
  html: string
}

/** Sends mails; `enabled` is false where no SMTP server is configured, and mails are then only kept to be read. */
export type Mailer = { enabled: boolean; send(message: MailMessage): Promise<void>; close(): void }

/** Mail over SMTP. The message id is ours, so that a second copy after a lost answer can be told from a second mail. */
export function createMailer({ mail }: Config): Mailer {
  let transport: Promise<Transporter> | undefined
  const connect = (url: string) => {
    transport ??= import('nodemailer').then(({ createTransport }) =>
      createTransport(url, { pool: true, connectionTimeout: 10_000, socketTimeout: 20_000 } as never),
    )
    return transport
  }
  const domain = plainAddress(mail.from).split('@')[1] ?? 'localhost'
  return {
    enabled: mail.smtpUrl !== undefined,
    async send({ id, to, replyTo, subject, text, html }) {
      if (!mail.smtpUrl) return
      const transporter = await connect(mail.smtpUrl)
      try {
        await transporter.sendMail({
          from: mail.from,
          to,
          replyTo,
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
        })
      } catch (error) {
        const { responseCode, code } = error as { responseCode?: number; code?: string }
        throw new TaskError(`smtp_${responseCode ?? code ?? 'error'}`, {
          retry: responseCode === undefined || responseCode < 500,
          cause: error,
        })
      }
    },
    close() {
      void transport?.then((transporter) => transporter.close())
    },
  }
}

/** The address of `Name <address>`. */
export const plainAddress = (from: string): string => /<([^>]+)>\s*$/.exec(from)?.[1] ?? from.trim()
