import type { DigitalContent } from '../catalog/sku.entity.ts'
import { type Runs, statement } from '../database/statement.ts'
import { keepDelivery } from '../orders/digital-items.ts'

type Replacement = { itemId: string; content: DigitalContent; contentType: DigitalContent['contentType']; text: string }

const replace = statement<Replacement>()((db, $) =>
  db
    .with('snapshot', () => keepDelivery($))
    .updateTable('deliveries')
    .set({ content_type: $.contentType, content: $.text })
    .where('order_item_id', '=', $.itemId),
)

/** Replaces what an item of a locked order hands over, whether or not it was handed over. */
export async function replaceDelivery(tx: Runs, itemId: string, content: DigitalContent): Promise<void> {
  await replace(tx, { itemId, content, contentType: content.contentType, text: content.content })
}
