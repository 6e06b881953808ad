import { statement } from '../database/statement.ts'

/** Forgets by what orders were compared with others. */
export const eraseFraudSignals = statement<{ orderIds: string[] }>()((db, $) =>
  db
    .deleteFrom('fraud_signals')
    .where((s) => s('order_id', '=', s.fn.any($.orderIds)))
    .returning('order_id'),
)
