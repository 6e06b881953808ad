import { sql } from 'kysely'
import { now, statement } from '../database/statement.ts'

/** Takes out of the charges of orders what leads to who paid. */
export const eraseCharges = statement<{ orderIds: string[] }>()((db, $) =>
  db
    .updateTable('charges')
    .set((c) => ({
      client_secret: null,
      checkout_url: null,
      return_url: null,
      failure_message: null,
      next_action: sql`${c.ref('next_action')} #- '{konbini,voucherUrl}' #- '{wireTransfer,instructionsUrl}' #- '{redirectUrl}'`,
      updated_at: now,
    }))
    .where((c) => c('order_id', '=', c.fn.any($.orderIds)))
    .returning('id'),
)
