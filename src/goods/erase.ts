import { statement } from '../database/statement.ts'
import { revokeDeliveries } from './deliveries.ts'

type Orders = { orderIds: string[] }

/** Takes out of parcels what leads to their receiver. */
export const eraseShipments = statement<Orders>()((db, $) =>
  db
    .updateTable('shipments')
    .set({ tracking_number: null, tracking_url: null, label_url: null })
    .where((s) => s('order_id', '=', s.fn.any($.orderIds)))
    .returning('id'),
)

/** Forgets when somebody downloaded something. */
export const eraseDownloads = statement<Orders>()((db, $) =>
  db
    .deleteFrom('downloads')
    .where((d) =>
      d(
        'delivery_id',
        'in',
        d
          .selectFrom('deliveries')
          .select('id')
          .where((of) => of('order_id', '=', of.fn.any($.orderIds))),
      ),
    )
    .returning('token_hash'),
)

/** Takes back what was handed over: it may name its buyer. */
export const eraseDeliveries = statement<Orders>()((_, $) =>
  revokeDeliveries()
    .set({ content: '' })
    .where((d) => d('d.order_id', '=', d.fn.any($.orderIds)))
    .returning('d.id'),
)
