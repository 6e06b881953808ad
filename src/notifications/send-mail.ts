import type { Payload } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import type { FileParts } from '../files/files.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import type { BuyerMailKind } from '../orders/notify-buyer.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { composeMail } from './compose-mail.ts'
import { writeDeliveryMail } from './delivery-mail.ts'
import type { MailState } from './mail.entity.ts'
import { renderContent } from './mail-content.ts'
import type { MailCause } from './mail-order.ts'
import { type Mailer, type MailMessage, plainAddress } from './mailer.ts'
import { readRefundedAmount } from './refunded-amount.ts'

type Parts = UnitOfWork & Pick<FileParts, 'files'> & { config: Config; mailer: Mailer }
type Job = Payload<'send-mail'>

/** A mail as it was written; who was forgotten gets none. */
type StoredMail = Omit<MailMessage, 'to'> & { to: string | null; state: MailState }

/**
 * Mails a buyer what a job asks for. It is written once and committed before the server is spoken to; a crash between sending and
 * noting it sends a second copy with the same message id, which mail has no better protection against.
 */
export async function sendMail(parts: Parts, job: Job, taskId: string): Promise<void> {
  const { sql } = parts.database
  const mail = (await readStored(sql, taskId)) ?? (await storeMail(parts, job, taskId))
  const withheld = mail?.state === 'withheld'
  const sends = parts.mailer.enabled && mail !== undefined && mail.to !== null && !withheld
  if (sends) await parts.mailer.send({ ...mail, to: mail.to ?? '' })
  await inTransaction(parts, async (tx) => {
    if (mail) {
      const state = withheld ? 'withheld' : sends ? 'sent' : 'kept'
      await tx.sql(`update mails set state = $2, sent_at = now() where id = $1`, [mail.id, state])
      tx.note({
        orderId: job.orderId,
        kind: 'note',
        // Only what hands goods over is an event of its own.
        subject: job.kind === 'delivery' ? 'delivery' : 'order',
        subjectId: mail.id,
        to: state,
        cause: `mail ${job.kind}`,
      })
    }
    tx.finish(taskId)
  })
}

async function readStored(sql: Sql, taskId: string): Promise<StoredMail | undefined> {
  const [mail] = await sql<StoredMail>(
    `select id, recipient as "to", reply_to as "replyTo", subject, text, html, state from mails where task_id = $1`,
    [taskId],
  )
  return mail
}

/**
 * Writes a mail and keeps it; two workers at once keep one. Returns undefined when there is nothing to say. Whoever orders names the
 * address, so what nobody has paid for is mailed to one address so many times and no more.
 */
async function storeMail(parts: Parts, job: Job, taskId: string): Promise<StoredMail | undefined> {
  const { sql } = parts.database
  const written = await writeMail(parts, job)
  if (!written) return
  const limit = parts.config.rateLimits.mails
  await sql(
    `insert into mails (id, merchant_id, order_id, kind, task_id, recipient, reply_to, subject, text, html, state)
     select $1, o.merchant_id, o.id, $3, $4, $5, $6, $7, $8, $9,
       case when not exists (select 1 from charges c where c.order_id = o.id and c.state in ('capturable', 'processing', 'complete'))
         and (select count(*) from mails m where m.recipient = $5 and m.created_at > now() - make_interval(secs => $11)
           and m.state <> 'withheld') >= $10 then 'withheld' else 'pending' end
     from orders o where o.id = $2
     on conflict (task_id) do nothing`,
    [
      newId('mail'),
      job.orderId,
      job.kind,
      taskId,
      written.to,
      written.replyTo,
      written.subject,
      written.text,
      written.html,
      limit.points,
      limit.seconds,
    ],
  )
  return readStored(sql, taskId)
}

type WrittenMail = Omit<MailMessage, 'id'>

async function writeMail(parts: Parts, job: Job): Promise<WrittenMail | undefined> {
  const { config } = parts
  const { sql } = parts.database
  const [envelope] = await sql<{
    merchantId: string
    fulfilledBy: 'engine' | 'merchant'
    to: string
    erased: boolean
    shopName: string
    shopEmail: string | null
  }>(
    `select o.merchant_id as "merchantId", o.fulfilled_by as "fulfilledBy", o.email as to, o.erased_at is not null as erased,
       m.name as "shopName", m.email as "shopEmail"
     from orders o join merchants m on m.id = o.merchant_id where o.id = $1`,
    [job.orderId],
  )
  if (!envelope || envelope.erased) return
  const shop = { name: envelope.shopName, email: envelope.shopEmail ?? plainAddress(config.mail.from) }
  const head = { to: envelope.to, replyTo: shop.email }
  if (job.kind === 'delivery') {
    const form = await writeDeliveryMail(sql, job.orderId, config.publicUrl)
    return form && { ...head, ...form }
  }
  if (envelope.fulfilledBy === 'engine' && !config.mail.forCarts) return
  const order = await readOrder(sql, { merchantId: envelope.merchantId }, job.orderId)
  const content = order && composeMail(job.kind, order, shop, await readCause(parts, job.kind, job, order))
  return content && { ...head, ...renderContent(content) }
}

async function readCause(parts: Parts, kind: BuyerMailKind, job: Job, order: OrderView): Promise<MailCause> {
  const { causeId } = job
  if (kind !== 'refund' || causeId === undefined) return { causeId }
  return { causeId, refund: await readRefundedAmount(parts, order, causeId) }
}
