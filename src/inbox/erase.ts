import { sql } from 'kysely'
import { statement } from '../database/statement.ts'

type About = {
  orderIds: string[]
  chargeIds: string[]
  /** What providers call somebody's payments, parcels and means of payment. */
  references: string[]
}

const empty = sql<Record<string, unknown>>`'{}'`

/** Empties webhooks about somebody. */
export const eraseInboxEvents = statement<About>()((db, $) =>
  db
    .updateTable('inbox_events')
    .set({ body: empty })
    .where((e) =>
      e.or([
        e('order_id', '=', e.fn.any($.orderIds)),
        e('charge_id', '=', e.fn.any($.chargeIds)),
        e('reference', '=', e.fn.any($.references)),
      ]),
    )
    .returning('id'),
)

/** Empties webhooks of the last day that are about orders whose buyer was forgotten. */
export const eraseLateInboxEvents = statement()((db) =>
  db
    .with('forgotten', (db) => db.selectFrom('orders').select('id').where('erased_at', 'is not', null))
    .updateTable('inbox_events')
    .set({ body: empty })
    .where('handled_at', 'is not', null)
    .where('received_at', '>', sql<Date>`now() - interval '1 day'`)
    .where((e) => sql<boolean>`${e.ref('body')} <> '{}'`)
    .where((e) =>
      e.or([
        e('order_id', 'in', e.selectFrom('forgotten').select('id')),
        e(
          'charge_id',
          'in',
          e.selectFrom('charges as c').innerJoin('forgotten as f', 'f.id', 'c.order_id').select('c.id'),
        ),
      ]),
    )
    .returning('id'),
)
