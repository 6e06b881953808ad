import { handOutLicences } from '../catalog/licence-keys.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { completeStep, countStepSql } from './finish-step.ts'
import { cancelStopped, leftToSend, lockStep } from './lock-step.ts'

/**
 * Hands over the digital goods of one seller, without any outside provider (R39), and calls for the mail to the buyer.
 * The entitlement row is unique per order item, so content and licence key are handed over once.
 * @throws TaskError `licence_pool_empty`; the order then waits for a person.
 */
export async function deliverDigital(
  tx: Transaction,
  { orderId, sellerId, taskId }: { orderId: string; sellerId: string; taskId: string },
): Promise<void> {
  const order = await lockStep(tx, { orderId, sellerId, kind: 'digital', taskId })
  if (!order) return
  // An item without content is handed over by the merchant, in its own way.
  const items = leftToSend(order).filter((item) => item.product.delivery)
  await cancelStopped(tx, order)
  const licences = await handOutLicences(tx, order.merchantId, items)
  const deliveries = items.map(({ id, product: { delivery, downloadLimit } }) => ({
    id: newId('delivery'),
    order_item_id: id,
    content_type: delivery?.contentType,
    download_limit: downloadLimit ?? null,
    content: withLicences(delivery?.content ?? '', licences.get(id) ?? []),
  }))
  const [counted] = await tx.sql<{ openSteps: number }>(
    `with handed_over as (
      insert into deliveries (id, order_id, order_item_id, content_type, content, download_limit)
      select id, $1, order_item_id, content_type, content, download_limit
      from jsonb_to_recordset($2::jsonb) as d(id text, order_item_id text, content_type text, content text, download_limit int)
      on conflict (order_item_id) do nothing
    ), fulfilled as (
      update order_items set state = 'fulfilled', fulfilled_quantity = quantity - cancelled_quantity,
      state_transitions = state_transitions || jsonb_build_object('fulfilled', $3::text)
      where order_id = $1 and id = any($4::text[]) and state = 'created'
    )${countStepSql('$1')}`,
    [orderId, JSON.stringify(deliveries), new Date().toISOString(), items.map((item) => item.id)],
  )
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
  if (items.length > 0 && order.linkId !== null) {
    tx.enqueue({ job: 'send-mail', payload: { orderId, kind: 'delivery' }, dedupeKey: `${orderId}-delivery-mail-1` })
  }
  await completeStep(tx, orderId, taskId, counted?.openSteps)
}

/** Puts keys where the content says `{licence_key}`, else below it. */
function withLicences(content: string, keys: readonly string[]): string {
  if (keys.length === 0) return content
  const list = keys.join('\n')
  return content.includes('{licence_key}') ? content.replaceAll('{licence_key}', list) : `${content}\n${list}`.trim()
}
