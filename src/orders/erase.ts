import { sql } from 'kysely'
import { placeOf, withoutOffers, withoutPerson } from '../checkouts/erase.ts'
import { now, statement } from '../database/statement.ts'

/** Stands where an address is required; nothing is ever mailed to it (RFC 2606). */
export const erasedEmail = 'erased@invalid'

type Orders = { orderIds: string[] }

/** Keeps orders as they are until the end of the transaction. */
export const lockOrders = statement<Orders>()((db, $) =>
  db
    .selectFrom('orders')
    .select('id')
    .where((o) => o('id', '=', o.fn.any($.orderIds)))
    .orderBy('id')
    .forUpdate(),
)

/** Takes out of orders who their buyer is. */
export const eraseOrders = statement<Orders>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      email: erasedEmail,
      buyer_name: null,
      ship_to: placeOf(o.ref('ship_to')),
      bill_to: placeOf(o.ref('bill_to')),
      metadata: sql`'{}'`,
      tax_identifiers: null,
      cancel_reason: null,
      shipping_choice: withoutOffers(o.ref('shipping_choice')),
      details: withoutPerson(o.ref('details')),
      request_to_be_forgotten: true,
      erased_at: o.fn.coalesce('erased_at', now),
      updated_at: now,
    }))
    .where((o) => o('id', '=', o.fn.any($.orderIds)))
    .returning('id'),
)

/** Takes away what a seller has noted about orders. */
export const eraseOrderNotes = statement<Orders>()((db, $) =>
  db
    .deleteFrom('order_notes')
    .where((note) => note('order_id', '=', note.fn.any($.orderIds)))
    .returning('order_id as id'),
)

/** Takes away the words that a seller finds orders by: a name may be among them. */
export const eraseOrderTags = statement<Orders>()((db, $) =>
  db
    .deleteFrom('order_tags')
    .where((tag) => tag('order_id', '=', tag.fn.any($.orderIds)))
    .returning('order_id as id'),
)

/** Takes out of the lines of orders what their buyer may have said. */
export const eraseOrderItems = statement<Orders>()((db, $) =>
  db
    .updateTable('order_items')
    .set({ metadata: null })
    .where((i) => i('order_id', '=', i.fn.any($.orderIds)))
    .where('metadata', 'is not', null)
    .returning('id'),
)
