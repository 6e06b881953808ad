import { now, statement } from '../database/statement.ts'
import { attentionReason } from './attention.ts'

/** Shows on an order how its disputes stand; with `settled` no person need look any more who was called for the reason `attention`. */
export const showDispute = statement<{ orderId: string; state: string | null; settled: boolean; attention: string }>()(
  (db, $) =>
    db
      .updateTable('orders')
      .set((o) => ({
        dispute_state: $.state,
        updated_at: now,
        attention: o
          .case()
          .when(o.and([$.settled.typed('boolean'), o(attentionReason(o.ref('attention')), '=', $.attention)]))
          .then(null)
          .else(o.ref('attention'))
          .end(),
      }))
      .where('id', '=', $.orderId),
)
