import { sql } from 'kysely'
import { merged, now, statement } from '../database/statement.ts'

/** Shows an order that stood as a draft: it begins to exist for its merchant. */
export const publishDraft = statement<{ orderId: string; at: string }>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      draft: false,
      updated_at: now,
      state_transitions: sql`jsonb_build_object('created', ${o.ref('state_transitions')} -> 'pending', 'submitted', ${$.at.typed('text')})`,
    }))
    .where('id', '=', $.orderId)
    .where('draft', '=', true),
)

/** Ends a draft that nobody ever saw. It has no timeline, so it moves by itself. */
export const rejectDraft = statement<{ orderId: string; reason: string; stamp: Record<string, string> }>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({
      state: 'cancelled',
      cancel_reason: $.reason,
      expires_at: null,
      updated_at: now,
      state_transitions: merged(o.ref('state_transitions'), $.stamp),
    }))
    .where('id', '=', $.orderId)
    .where('draft', '=', true)
    .where('state', '=', 'pending'),
)

/** Keeps a hash of the key under which an order was submitted, so that the same request again is told from another. */
export const keepSubmissionKey = statement<{ orderId: string; details: { submissionKey: string } }>()((db, $) =>
  db
    .updateTable('orders')
    .set((o) => ({ details: sql`coalesce(${o.ref('details')}, '{}') || ${$.details.json}` }))
    .where('id', '=', $.orderId),
)
