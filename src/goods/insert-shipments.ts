import { insertRows, type NewRow, statement } from '../database/statement.ts'

/** Makes the parcels and print jobs of an order; one that stands already stays as it is. */
export const insertShipments = statement<{ shipments: readonly NewRow<'shipments'>[] }>({ shipments: 'jsonb' })(
  (_, $) =>
    insertRows('shipments', $.shipments).onConflict((conflict) =>
      conflict.columns(['order_id', 'path', 'seller_id']).doNothing(),
    ),
)
