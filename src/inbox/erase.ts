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

/** Empties webhooks that came since, as their ids say, and are about orders whose buyer was forgotten. */
export const eraseLateInboxEvents = statement<{ since: string }>()((db, $) =>
  db
    .with('forgotten', (db) => db.selectFrom('orders').select('id').where('erased_at', 'is not', null))
    .with('paid', (db) =>
      db
        .selectFrom('charges')
        .select('id')
        .where((charge) => charge('order_id', '=', charge.fn.any(sql<string[]>`array(select id from forgotten)`))),
    )
    .updateTable('inbox_events')
    .set({ body: empty })
    .where('id', '>=', $.since)
    .where('handled_at', 'is not', null)
    .where((e) => sql<boolean>`${e.ref('body')} <> '{}'`)
    .where((e) =>
      e.or([
        e('order_id', '=', e.fn.any(sql<string[]>`array(select id from forgotten)`)),
        e('charge_id', '=', e.fn.any(sql<string[]>`array(select id from paid)`)),
      ]),
    )
    .returning('id'),
)
