import type { Expression } from 'kysely'
import { db, type Hole, now, scalar } from '../database/statement.ts'
import { cancelUnused, moveSources } from './move-source.ts'
import { sourceRow } from './source-row.ts'

// Parts of the statements of rooms above that change a means of payment together with what it is for.

/** Lets a source pay a checkout. */
export const putOnCheckout = ($: { sourceId: Hole<string>; checkoutId: Hole<string> }) =>
  db.updateTable('sources').set({ checkout_id: $.checkoutId, updated_at: now }).where('id', '=', $.sourceId)

/** Takes the source that a checkout had so far off it, unless it is the one that stays. */
export const takeReplacedOffCheckout = ($: {
  replacedId: Hole<string | null>
  sourceId: Hole<string>
  checkoutId: Hole<string>
}) =>
  db
    .updateTable('sources')
    .set({ checkout_id: null, updated_at: now })
    .where('id', '=', $.replacedId)
    .where('id', '<>', $.sourceId)
    .where('checkout_id', '=', $.checkoutId)

/** Takes a source off a checkout. One that nobody saved is cancelled by that. */
export const takeOffCheckout = ($: { sourceId: Hole<string>; checkoutId: Hole<string> }) =>
  cancelUnused()
    .set((s) => ({
      checkout_id: s.case().when('s.checkout_id', '=', $.checkoutId).then(null).else(s.ref('s.checkout_id')).end(),
    }))
    .where('s.id', '=', $.sourceId)

/** Frees the sources of checkouts that are gone for other ones. */
export const freeOfCheckout = (checkoutIds: Expression<{ id: string }>) =>
  db
    .updateTable('sources')
    .set({ checkout_id: null, updated_at: now })
    .where((s) => s('checkout_id', 'in', scalar(checkoutIds)))

/** Saves a source with a customer, for good; returns it. */
export const saveWithCustomer = ($: { sourceId: Hole<string>; merchantId: Hole<string>; customerId: Hole<string> }) =>
  db
    .updateTable('sources as s')
    .set({ customer_id: $.customerId, reusable: true, updated_at: now })
    .where('s.id', '=', $.sourceId)
    .where('s.merchant_id', '=', $.merchantId)
    .returning(sourceRow.as('source'))

/** Takes a saved source from its customer, for good; returns it. */
export const cancelSaved = ($: { sourceId: Hole<string>; merchantId: Hole<string> }) =>
  moveSources('cancelled')
    .set({ customer_id: null })
    .where('s.id', '=', $.sourceId)
    .where('s.merchant_id', '=', $.merchantId)
    .returning(sourceRow.as('source'))

/** Takes saved sources from their customer, for good. */
export const cancelAllSaved = ($: { sourceIds: Hole<string[]>; merchantId: Hole<string>; customerId: Hole<string> }) =>
  moveSources('cancelled')
    .set({ customer_id: null })
    .where('s.merchant_id', '=', $.merchantId)
    .where('s.customer_id', '=', $.customerId)
    .where((s) => s('s.id', '=', s.fn.any($.sourceIds)))
