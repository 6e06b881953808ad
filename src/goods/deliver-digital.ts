import { handOutLicences } from '../catalog/licence-keys.ts'
import { statement } from '../database/statement.ts'
import { fulfilItems, type ItemStamp, stampNow } from '../orders/move-items.ts'
import { countStep } from '../orders/open-steps.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { insertDeliveries, type NewDelivery } from './deliveries.ts'
import { completeStep } from './finish-step.ts'
import { cancelStopped, leftToSend, lockStep } from './lock-step.ts'

const handOver = statement<{
  orderId: string
  deliveries: readonly NewDelivery[]
  itemIds: readonly string[]
  stamp: ItemStamp
}>({ orderId: 'text', deliveries: 'jsonb', itemIds: 'text[]', stamp: 'jsonb' })((db, $) =>
  countStep(
    db
      .with('handed_over', () => insertDeliveries($.deliveries))
      .with('fulfilled', () =>
        fulfilItems($.stamp)
          .where('i.order_id', '=', $.orderId)
          .where('i.id', '=', (i) => i.fn.any($.itemIds.typed('text[]'))),
      ),
    $.orderId,
  ),
)

/** `mailsCarts`: whether the buyers of carts are mailed by us; those of links are, always. */
type DeliveryStep = { orderId: string; sellerId: string; taskId: string; mailsCarts?: boolean }

/**
 * Hands over the digital goods of one seller, without any outside provider, and calls for the mail to the buyer.
 * The entitlement row is unique per order item, so content and licence key are handed over once.
 * @throws TaskError `licence_pool_empty`; the order then waits for a person.
 */
export async function deliverDigital(
  tx: Transaction,
  { orderId, sellerId, taskId, mailsCarts = true }: DeliveryStep,
): Promise<void> {
  const order = await lockStep(tx, { orderId, sellerId, kind: 'digital', taskId })
  if (!order) return
  // An item without content is handed over by the merchant, in its own way.
  const items = leftToSend(order).filter((item) => item.product.delivery)
  await cancelStopped(tx, order)
  const licences = await handOutLicences(tx, order.merchantId, items)
  const deliveries = items.flatMap(({ id, product: { delivery, downloadLimit } }): NewDelivery[] =>
    delivery
      ? [
          {
            id: newId('delivery'),
            order_id: orderId,
            order_item_id: id,
            content_type: delivery.contentType,
            download_limit: downloadLimit ?? null,
            content: withLicences(delivery.content, licences.get(id) ?? []),
          },
        ]
      : [],
  )
  const itemIds = items.map((item) => item.id)
  const [counted] = await handOver(tx, { orderId, deliveries, itemIds, stamp: stampNow('fulfilled') })
  for (const item of items) {
    tx.note({
      orderId,
      kind: 'transition',
      subject: 'item',
      subjectId: item.id,
      from: item.state,
      to: 'fulfilled',
      cause: 'delivered',
    })
  }
  if (items.length > 0 && (mailsCarts || order.linkId !== null)) {
    // Several sellers hand over what is theirs at times of their own.
    const dedupeKey = order.linkId === null ? `${orderId}-delivery-mail-${sellerId}` : `${orderId}-delivery-mail-1`
    tx.enqueue({ job: 'send-mail', payload: { orderId, kind: 'delivery' }, dedupeKey })
  }
  await completeStep(tx, orderId, taskId, counted?.openSteps)
}

/** Puts keys where the content says `{licence_key}`, else below it. */
function withLicences(content: string, keys: readonly string[]): string {
  if (keys.length === 0) return content
  const list = keys.join('\n')
  return content.includes('{licence_key}') ? content.replaceAll('{licence_key}', list) : `${content}\n${list}`.trim()
}
