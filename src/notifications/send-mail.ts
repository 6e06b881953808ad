import { sql } from 'kysely'
import type { Payload } from '../../queues/catalog.ts'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import type { FileParts } from '../files/files.ts'
import { toldByUs } from '../orders/notify-buyer.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import { inGroup } from '../tasks/in-group.ts'
import type { Transaction, UnitOfWork } from '../tasks/transaction.ts'
import { orderPageOf, readBuyersOrders } from './buyers-orders.ts'
import { readClaim } from './claim.ts'
import { composeMail } from './compose-mail.ts'
import type { MailState } from './mail.entity.ts'
import { renderContent } from './mail-content.ts'
import type { MailCause } from './mail-order.ts'
import { type Mailer, type MailMessage, plainAddress } from './mailer.ts'
import { linkInvoice, type PaperParts } from './paper-links.ts'
import { type ReadForMail, readForMail } from './read-mail-order.ts'
import { readRefundedAmount } from './refunded-amount.ts'

type Parts = UnitOfWork & Pick<FileParts, 'files'> & { config: Config; mailer: Mailer }
type Job = Payload<'send-mail'>

/** A mail as it is stored; who was forgotten gets none. */
type StoredMail = { id: string; to: string | null; state: MailState }

/**
 * Mails a buyer what a job asks for. It is written once and committed before the server is spoken to; a crash between sending and
 * noting it sends a second copy with the same message id, which mail has no better protection against. Where no mail is sent, writing it
 * is all, and mails that come together are written together.
 */
export async function sendMail(parts: Parts, job: Job, taskId: string): Promise<void> {
  const about = job.orderId
  const sends = await inGroup(parts, { kind: 'write-mail', about }, (tx) => storeMail(tx, parts, job, taskId))
  if (!sends) return
  // Two workers at once keep one mail: what is sent is what stands there.
  const [mail] = await readByTask(parts.database, { taskId })
  if (mail?.to) await parts.mailer.send({ ...mail, to: mail.to })
  await inGroup(parts, { kind: 'note-mail', about }, async (tx) => {
    if (mail) await storeEnd(tx, { id: mail.id, state: 'sent' })
    finishMail(tx, job, taskId, mail && { ...mail, state: 'sent' })
  })
}

/** Writes a mail, unless there is nothing to say, and says whether it is to be sent; one that is not is at its end. */
async function storeMail(tx: Transaction, parts: Parts, job: Job, taskId: string): Promise<boolean> {
  const [order] = await readForMail(tx, { orderId: job.orderId, taskId })
  const mail = order?.mail ?? (order && (await writeMail(tx, parts, job, taskId, order)))
  if (mail?.state === 'pending' && mail.to !== null && parts.mailer.enabled) return true
  if (order?.mail?.state === 'pending') await storeEnd(tx, { id: order.mail.id, state: 'kept' })
  finishMail(tx, job, taskId, mail?.state === 'pending' ? { ...mail, state: 'kept' } : mail)
  return false
}

function finishMail(tx: Transaction, job: Job, taskId: string, mail: StoredMail | undefined): void {
  if (mail)
    tx.note({
      orderId: job.orderId,
      kind: 'note',
      // Only what hands goods over is an event of its own.
      subject: job.kind === 'delivery' ? 'delivery' : 'order',
      subjectId: mail.id,
      to: mail.state,
      cause: `mail ${job.kind}`,
    })
  tx.finish(taskId)
}

const storeEnd = statement<{ id: string; state: MailState }>({ id: 'text', state: 'text' })((db, $) =>
  db.updateTable('mails').set({ state: $.state, sent_at: now }).where('id', '=', $.id),
)

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

const insertMail = statement<{ mail: NewRow<'mails'> }>({ mail: 'jsonb' })((_, $) =>
  insertRows('mails', $.mail).onConflict((conflict) => conflict.column('task_id').doNothing()),
)

/** So many mails an address was sent in so many seconds. */
const countMailed = statement<{ to: string; seconds: number }>()((db, $) =>
  db
    .selectFrom('mails')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('recipient', '=', $.to)
    .where('created_at', '>', sql<Date>`now() - make_interval(secs => ${$.seconds})`)
    .where('state', '<>', 'withheld'),
)

/**
 * Writes a mail and keeps it; two workers at once keep one. Returns undefined when there is nothing to say. Whoever orders names the
 * address, so what nobody has paid for is mailed to one address so many times and no more.
 */
async function writeMail(
  tx: Transaction,
  parts: Parts,
  job: Job,
  taskId: string,
  order: ReadForMail,
): Promise<StoredMail | undefined> {
  const written = await compose(tx, parts, job, order)
  if (!written) return
  const { to, replyTo, subject, text, html } = written
  const state = await stateOfNew(tx, parts.config, order)
  const id = newId('mail')
  await insertMail(tx, {
    mail: {
      id,
      merchant_id: order.merchantId,
      order_id: order.id,
      kind: job.kind,
      task_id: taskId,
      recipient: to,
      reply_to: replyTo,
      subject,
      text,
      html,
      state: state === 'pending' && !parts.mailer.enabled ? 'kept' : state,
      sent_at: state === 'pending' && parts.mailer.enabled ? null : new Date().toISOString(),
    },
  })
  return { id, to, state }
}

const paidStates: readonly string[] = ['capturable', 'processing', 'complete']

async function stateOfNew(
  tx: Transaction,
  { rateLimits }: Config,
  order: ReadForMail,
): Promise<'pending' | 'withheld'> {
  if (order.charges.some(({ state }) => paidStates.includes(state))) return 'pending'
  // Mails to one address are counted one after the other.
  tx.only(order.to)
  const { points, seconds } = rateLimits.mails
  const [mailed] = await countMailed(tx, { to: order.to, seconds })
  return (mailed?.count ?? 0) >= points ? 'withheld' : 'pending'
}

type WrittenMail = Omit<MailMessage, 'id'>

async function compose(tx: Transaction, parts: Parts, job: Job, order: ReadForMail): Promise<WrittenMail | undefined> {
  const { config } = parts
  if (order.erased) return
  const shop = { name: order.shopName, email: order.shopEmail ?? plainAddress(config.mail.from) }
  const sold = job.kind === 'delivery' && order.slug !== null
  const asked = sold || job.kind === toldByUs || job.kind === 'order_links'
  if (order.fulfilledBy === 'engine' && !config.mail.forCarts && !asked) return
  const orderPage = job.kind === 'order_links' ? undefined : orderPageOf(config, order)
  const cause = await readCause({ ...parts, database: tx }, job, order)
  const content = composeMail(job.kind, order, shop, { ...cause, buyerName: order.buyerName, orderPage })
  return content && { to: order.to, replyTo: shop.email, ...renderContent(content) }
}

async function readCause(parts: PaperParts, { kind, causeId }: Job, order: ReadForMail): Promise<MailCause> {
  const { merchantId, to: email } = order
  if (kind === 'order_links')
    return { orders: await readBuyersOrders(parts.database.sql, parts.config, { merchantId, email }) }
  if (kind === 'refund_claim') return { claim: await readClaim(parts.database, { orderId: order.id, causeId }) }
  if (kind === 'invoice' && causeId)
    return { invoice: await linkInvoice(parts, order, { merchantId, fileId: causeId }) }
  if (kind !== 'refund' || causeId === undefined) return { causeId }
  return { causeId, refund: await readRefundedAmount(parts, order, causeId) }
}
