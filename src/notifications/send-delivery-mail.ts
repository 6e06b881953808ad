import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import { inTransaction, type UnitOfWork } from '../platform/transaction.ts'
import { type DeliveredGoods, deliveryMail } from './delivery-mail.ts'
import type { Mailer, MailMessage } from './mailer.ts'

type Parts = UnitOfWork & { config: Config; mailer: Mailer }

/**
 * Mails a buyer what was delivered. The mail's row is committed before the server is spoken to; a crash between sending and
 * noting it sends a second copy with the same message id, which mail has no better protection against.
 */
export async function sendDeliveryMail(parts: Parts, orderId: string, taskId: string): Promise<void> {
  const [mail] = await parts.database.sql<{ id: string }>(
    `with made as (
      insert into mails (id, merchant_id, order_id, kind, task_id)
      select $1, merchant_id, id, 'delivery', $3 from orders where id = $2
      on conflict (task_id) do nothing returning id
    )
    select id from made union all select id from mails where task_id = $3 limit 1`,
    [newId('mail'), orderId, taskId],
  )
  const message = mail && (await renderMail(parts, mail.id))
  if (message && parts.mailer.enabled) await parts.mailer.send(message)
  await inTransaction(parts, async (tx) => {
    if (mail) {
      await tx.sql(`update mails set state = $2, sent_at = now() where id = $1`, [
        mail.id,
        parts.mailer.enabled && message ? 'sent' : 'kept',
      ])
      tx.note({
        orderId,
        kind: 'note',
        subject: 'delivery',
        subjectId: mail.id,
        to: parts.mailer.enabled ? 'sent' : 'kept',
        cause: 'delivery mail',
      })
    }
    tx.finish(taskId)
  })
}

/** The text of a mail, made from the order as it is; undefined when nothing is delivered (any more). */
export async function renderMail(
  { database, config }: Pick<Parts, 'database' | 'config'>,
  mailId: string,
): Promise<MailMessage | undefined> {
  const [goods] = await database.sql<DeliveredGoods>(
    `select m.id as "mailId", o.id as "orderId", o.email, o.buyer_name as "buyerName", mer.name as "merchantName", l.slug,
       (select coalesce(json_agg(json_build_object('name', i.product ->> 'name', 'contentType', d.content_type, 'content', d.content)
           order by i.position), '[]')
         from order_items i join deliveries d on d.order_item_id = i.id and d.state = 'delivered' where i.order_id = o.id) as items
     from mails m join orders o on o.id = m.order_id join merchants mer on mer.id = o.merchant_id join links l on l.id = o.link_id
     where m.id = $1`,
    [mailId],
  )
  return goods && goods.items.length > 0 ? deliveryMail(goods, config.publicUrl) : undefined
}
