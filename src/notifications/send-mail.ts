import { sql } from 'kysely'
import type { Payload } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import type { FileParts } from '../files/files.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import { type BuyerMailKind, toldByUs } from '../orders/notify-buyer.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { readClaim } from './claim.ts'
import { composeMail } from './compose-mail.ts'
import { writeDeliveryMail } from './delivery-mail.ts'
import type { MailKind, MailState } from './mail.entity.ts'
import { renderContent } from './mail-content.ts'
import type { MailCause } from './mail-order.ts'
import { type Mailer, type MailMessage, plainAddress } from './mailer.ts'
import { readRefundedAmount } from './refunded-amount.ts'

type Parts = UnitOfWork & Pick<FileParts, 'files'> & { config: Config; mailer: Mailer }
type Job = Payload<'send-mail'>

/** A mail as it was written; who was forgotten gets none. */
type StoredMail = Omit<MailMessage, 'to'> & { to: string | null; state: MailState }

const storeEnd = statement<{ id: string; state: MailState }>()((db, $) =>
  db.updateTable('mails').set({ state: $.state, sent_at: now }).where('id', '=', $.id),
)

/**
 * Mails a buyer what a job asks for. It is written once and committed before the server is spoken to; a crash between sending and
 * noting it sends a second copy with the same message id, which mail has no better protection against.
 */
export async function sendMail(parts: Parts, job: Job, taskId: string): Promise<void> {
  const mail = (await readStored(parts.database.sql, taskId)) ?? (await storeMail(parts, job, taskId))
  const withheld = mail?.state === 'withheld'
  const sends = parts.mailer.enabled && mail !== undefined && mail.to !== null && !withheld
  if (sends) await parts.mailer.send({ ...mail, to: mail.to ?? '' })
  await inTransaction(parts, async (tx) => {
    if (mail) {
      const state = withheld ? 'withheld' : sends ? 'sent' : 'kept'
      await storeEnd(tx, { id: mail.id, state })
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

const readByTask = statement<{ taskId: string }>()((db, $) =>
  db
    .selectFrom('mails')
    .select((mail) => [
      'id',
      'recipient as to',
      // What a mail says goes with its recipient.
      mail.ref('reply_to').$notNull().as('replyTo'),
      mail.ref('subject').$notNull().as('subject'),
      mail.ref('text').$notNull().as('text'),
      mail.ref('html').$notNull().as('html'),
      'state',
    ])
    .where('task_id', '=', $.taskId),
)

async function readStored(on: Sql, taskId: string): Promise<StoredMail | undefined> {
  const [mail] = await readByTask(on, { taskId })
  return mail
}

type NewMail = {
  id: string
  orderId: string
  kind: MailKind
  taskId: string
  to: string
  replyTo: string
  subject: string
  text: string
  html: string
  /** So many mails to one address about orders that nobody has paid. */
  most: number
  seconds: number
}

const insertMail = statement<NewMail>()((db, $) => {
  const paid = db
    .selectFrom('charges as c')
    .select('c.id')
    .where('c.order_id', '=', sql.ref<string>('o.id'))
    .where('c.state', 'in', ['capturable', 'processing', 'complete'])
  const mailed = db
    .selectFrom('mails as m')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('m.recipient', '=', $.to)
    .where('m.created_at', '>', sql<Date>`now() - make_interval(secs => ${$.seconds})`)
    .where('m.state', '<>', 'withheld')
  return db
    .insertInto('mails')
    .columns([
      'id',
      'merchant_id',
      'order_id',
      'kind',
      'task_id',
      'recipient',
      'reply_to',
      'subject',
      'text',
      'html',
      'state',
    ])
    .expression(
      db
        .selectFrom('orders as o')
        .select((o) => [
          $.id.typed('text').as('id'),
          'o.merchant_id',
          'o.id as order_id',
          $.kind.typed('text').as('kind'),
          $.taskId.typed('text').as('task_id'),
          $.to.typed('text').as('recipient'),
          $.replyTo.typed('text').as('reply_to'),
          $.subject.typed('text').as('subject'),
          $.text.typed('text').as('text'),
          $.html.typed('text').as('html'),
          o
            .case()
            .when(o.and([o.not(o.exists(paid)), sql<boolean>`${mailed} >= ${$.most}`]))
            .then(sql.lit<MailState>('withheld'))
            .else(sql.lit<MailState>('pending'))
            .end()
            .as('state'),
        ])
        .where('o.id', '=', $.orderId),
    )
    .onConflict((conflict) => conflict.column('task_id').doNothing())
})

/**
 * Writes a mail and keeps it; two workers at once keep one. Returns undefined when there is nothing to say. Whoever orders names the
 * address, so what nobody has paid for is mailed to one address so many times and no more.
 */
async function storeMail(parts: Parts, job: Job, taskId: string): Promise<StoredMail | undefined> {
  const written = await writeMail(parts, job)
  if (!written) return
  const { points: most, seconds } = parts.config.rateLimits.mails
  const { orderId, kind } = job
  await insertMail(parts.database, { id: newId('mail'), orderId, kind, taskId, ...written, most, seconds })
  return readStored(parts.database.sql, taskId)
}

const readEnvelope = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('merchants as m', 'm.id', 'o.merchant_id')
    .select((o) => [
      'o.merchant_id as merchantId',
      'o.fulfilled_by as fulfilledBy',
      'o.email as to',
      o('o.erased_at', 'is not', null).as('erased'),
      'm.name as shopName',
      'm.email as shopEmail',
    ])
    .where('o.id', '=', $.orderId),
)

type WrittenMail = Omit<MailMessage, 'id'>

async function writeMail(parts: Parts, job: Job): Promise<WrittenMail | undefined> {
  const { config } = parts
  const [envelope] = await readEnvelope(parts.database, { orderId: job.orderId })
  if (!envelope || envelope.erased) return
  const shop = { name: envelope.shopName, email: envelope.shopEmail ?? plainAddress(config.mail.from) }
  const head = { to: envelope.to, replyTo: shop.email }
  if (job.kind === 'delivery') {
    const form = await writeDeliveryMail(parts.database.sql, job.orderId, config.publicUrl)
    return form && { ...head, ...form }
  }
  if (envelope.fulfilledBy === 'engine' && !config.mail.forCarts && job.kind !== toldByUs) return
  const order = await readOrder(parts.database.sql, { merchantId: envelope.merchantId }, job.orderId)
  const content = order && composeMail(job.kind, order, shop, await readCause(parts, job.kind, job, order))
  return content && { ...head, ...renderContent(content) }
}

async function readCause(parts: Parts, kind: BuyerMailKind, job: Job, order: OrderView): Promise<MailCause> {
  const { causeId } = job
  if (kind === 'refund_claim') return { claim: await readClaim(parts.database, { orderId: order.id, causeId }) }
  if (kind !== 'refund' || causeId === undefined) return { causeId }
  return { causeId, refund: await readRefundedAmount(parts, order, causeId) }
}
