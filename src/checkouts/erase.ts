import { type Expression, sql } from 'kysely'
import { now, statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import type { CheckoutDetails, ShippingChoice } from './checkout.entity.ts'

/** Of an address remains where it is: taxes are owed there. */
export const placeOf = (party: Expression<Party | null>) =>
  sql<Party | null>`case when ${party} is null then null when ${party} #> '{address,country}' is null then '{}'::jsonb
    else jsonb_build_object('address', jsonb_strip_nulls(jsonb_build_object('country', ${party} #> '{address,country}',
      'state', ${party} #> '{address,state}'))) end`

/** A carrier's offer is for a parcel to somebody: its shipment and the fingerprint of the parcel go. */
export const withoutOffers = (choice: Expression<ShippingChoice | null>) =>
  sql<ShippingChoice | null>`case when jsonb_typeof(${choice} -> 'parts') = 'array' then jsonb_set(${choice}, '{parts}',
    coalesce((select jsonb_agg(part - 'quote') from jsonb_array_elements(${choice} -> 'parts') as part), '[]')) else ${choice} end`

/**
 * What a basket holds beside its lines, without what tells who the buyer is. Of a tax certificate goes the name, for that of a firm may be a
 * person's; by its number, authority and dates an auditor finds out why no tax was taken.
 */
export const withoutPerson = (details: Expression<CheckoutDetails | null>) =>
  sql<CheckoutDetails | null>`(case when jsonb_typeof(${details} -> 'taxExemption') = 'array'
    then jsonb_set(${details}, '{taxExemption}', (select coalesce(jsonb_agg(certificate - 'companyName'), '[]')
      from jsonb_array_elements(${details} -> 'taxExemption') as certificate)) else ${details} end)
    - 'browserIp' - 'organization' #- '{purchaseLocation,postalCode}'`

type Checkouts = { checkoutIds: string[] }

/** Takes out of checkouts who their buyer is. */
export const eraseCheckouts = statement<Checkouts>()((db, $) =>
  db
    .updateTable('checkouts')
    .set((c) => ({
      email: null,
      ship_to: placeOf(c.ref('ship_to')),
      bill_to: placeOf(c.ref('bill_to')),
      metadata: sql`'{}'`,
      tax_identifier_ids: null,
      shipping_choice: withoutOffers(c.ref('shipping_choice')),
      details: withoutPerson(c.ref('details')),
      updated_at: now,
    }))
    .where((c) => c('id', '=', c.fn.any($.checkoutIds)))
    .returning('id'),
)

/** Takes out of the lines of checkouts what their buyer may have said. */
export const eraseCheckoutItems = statement<Checkouts>()((db, $) =>
  db
    .updateTable('checkout_items')
    .set({ metadata: null })
    .where((i) => i('checkout_id', '=', i.fn.any($.checkoutIds)))
    .where('metadata', 'is not', null)
    .returning('id'),
)

/** Removes the offers of shipping to somebody. */
export const eraseShippingRates = statement<Checkouts>()((db, $) =>
  db
    .deleteFrom('shipping_rates')
    .where((r) => r('checkout_id', '=', r.fn.any($.checkoutIds)))
    .returning('id'),
)
