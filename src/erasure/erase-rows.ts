import type { Transaction } from '../tasks/transaction.ts'
import type { Subject } from './find-subject.ts'

/** Stands where an address is required; nothing is ever mailed to it (RFC 2606). */
export const erasedEmail = 'erased@invalid'

type Statement = { table: string; sql: string; params: readonly unknown[] }

/** Of an address remains where it is: taxes are owed there. */
const placeOf = (party: string) =>
  `case when ${party} is null then null when ${party} #> '{address,country}' is null then '{}'::jsonb
   else jsonb_build_object('address', jsonb_strip_nulls(jsonb_build_object('country', ${party} #> '{address,country}',
     'state', ${party} #> '{address,state}'))) end`

/** A carrier's offer is for a parcel to somebody: its shipment and the fingerprint of the parcel go. */
const choiceWithoutOffers = `case when jsonb_typeof(shipping_choice -> 'parts') = 'array' then jsonb_set(shipping_choice, '{parts}',
    coalesce((select jsonb_agg(part - 'quote') from jsonb_array_elements(shipping_choice -> 'parts') as part), '[]')) else shipping_choice end`

const detailsWithoutPerson = `details - 'browserIp' - 'organization' #- '{purchaseLocation,postalCode}'`

/**
 * Takes out of every table what tells who somebody is. Amounts, taxes, countries, states, times and document numbers stay, and so do
 * the documents that the law wants kept. Returns the number of rows by table.
 */
export async function eraseRows(tx: Pick<Transaction, 'sql'>, subject: Subject): Promise<Record<string, number>> {
  const erased: Record<string, number> = {}
  for (const { table, sql, params } of statementsFor(subject)) {
    const [changed] = await tx.sql<{ rows: number }>(
      `with changed as (${sql} returning 1) select count(*) as rows from changed`,
      [...params],
    )
    if (changed && changed.rows > 0) erased[table] = (erased[table] ?? 0) + changed.rows
  }
  return erased
}

const statementsFor = (subject: Subject): Statement[] => [
  ...ofOrders(subject),
  ...ofCheckouts(subject),
  ...ofPayment(subject),
  ...ofCopies(subject),
  ...ofCustomer(subject),
]

const ofOrders = ({ orderIds }: Subject): Statement[] =>
  [
    {
      table: 'orders',
      sql: `update orders set email = '${erasedEmail}', buyer_name = null, ship_to = ${placeOf('ship_to')}, bill_to = ${placeOf('bill_to')},
        metadata = '{}', tax_identifiers = null, cancel_reason = null, shipping_choice = ${choiceWithoutOffers},
        details = ${detailsWithoutPerson}, request_to_be_forgotten = true, erased_at = coalesce(erased_at, now()), updated_at = now()
        where id = any($1::text[])`,
    },
    {
      table: 'order_items',
      sql: `update order_items set metadata = null where order_id = any($1::text[]) and metadata is not null`,
    },
    {
      table: 'shipments',
      sql: `update shipments set tracking_number = null, tracking_url = null, label_url = null where order_id = any($1::text[])`,
    },
    {
      table: 'fulfillments',
      sql: `update fulfillments set tracking_company = null, tracking_number = null, tracking_url = null, metadata = '{}'
        where order_id = any($1::text[])`,
    },
    {
      table: 'returns',
      sql: `update returns set reason = null, location = null, metadata = '{}' where order_id = any($1::text[])`,
    },
    { table: 'refunds', sql: `update refunds set reason = null, metadata = '{}' where order_id = any($1::text[])` },
    {
      // Whoever was sent one could still open the invoice.
      table: 'file_links',
      sql: `delete from file_links where file_id in (select file_id from order_documents where order_id = any($1::text[]))`,
    },
    {
      table: 'downloads',
      sql: `delete from downloads where delivery_id in (select id from deliveries where order_id = any($1::text[]))`,
    },
    {
      table: 'deliveries',
      sql: `update deliveries set content = '', state = 'revoked' where order_id = any($1::text[])`,
    },
    { table: 'fraud_signals', sql: `delete from fraud_signals where order_id = any($1::text[])` },
    {
      table: 'mails',
      sql: `update mails set recipient = null, subject = null, text = null, html = null where order_id = any($1::text[])`,
    },
  ].map((statement) => ({ ...statement, params: [orderIds] }))

const ofCheckouts = ({ checkoutIds }: Subject): Statement[] =>
  [
    {
      table: 'checkouts',
      sql: `update checkouts set email = null, ship_to = ${placeOf('ship_to')}, bill_to = ${placeOf('bill_to')}, metadata = '{}',
        tax_identifier_ids = null, shipping_choice = ${choiceWithoutOffers}, details = ${detailsWithoutPerson}, updated_at = now()
        where id = any($1::uuid[])`,
    },
    { table: 'shipping_rates', sql: `delete from shipping_rates where checkout_id = any($1::uuid[])` },
    {
      table: 'checkout_items',
      sql: `update checkout_items set metadata = null where checkout_id = any($1::uuid[]) and metadata is not null`,
    },
  ].map((statement) => ({ ...statement, params: [checkoutIds] }))

const ofPayment = ({ orderIds, sourceIds, taxIdentifierIds }: Subject): Statement[] => [
  {
    table: 'charges',
    sql: `update charges set client_secret = null, checkout_url = null, return_url = null, failure_message = null,
      next_action = next_action #- '{konbini,voucherUrl}' #- '{wireTransfer,instructionsUrl}' #- '{redirectUrl}', updated_at = now()
      where order_id = any($1::text[])`,
    params: [orderIds],
  },
  {
    table: 'sources',
    sql: `update sources set owner = null, details = '{}', fingerprint = null, provider_reference = null, setup_reference = null,
      client_secret = null, customer_id = null, state = case when state = 'chargeable' then 'cancelled' else state end, updated_at = now()
      where id = any($1::uuid[])`,
    params: [sourceIds],
  },
  {
    table: 'tax_identifiers',
    sql: `delete from tax_identifiers where id = any($1::text[])`,
    params: [taxIdentifierIds],
  },
]

/** What others were told and what providers told us. */
const ofCopies = (subject: Subject): Statement[] => {
  const { merchantId, orderIds, checkoutIds, sourceIds, taxIdentifierIds, chargeIds, references, customerId } = subject
  const things = [...checkoutIds, ...sourceIds, ...taxIdentifierIds, ...(customerId === null ? [] : [customerId])]
  const isAboutThem = `(e.order_id = any($2::text[]) or e.order_id is null and e.data #>> '{object,id}' = any($3::text[]))`
  return [
    {
      table: 'event_deliveries',
      sql: `update event_deliveries d set attempt_log = '[]' from outgoing_events e
        where e.id = d.event_id and e.merchant_id = $1 and ${isAboutThem}`,
      params: [merchantId, orderIds, things],
    },
    {
      // An order is read again for whoever asks for its event; of anything else the id remains.
      table: 'outgoing_events',
      sql: `update outgoing_events e set data = case when e.order_id is null
          then jsonb_build_object('object', jsonb_build_object('id', e.data #> '{object,id}')) else e.data - 'object' end
        where e.merchant_id = $1 and ${isAboutThem}`,
      params: [merchantId, orderIds, things],
    },
    {
      table: 'inbox_events',
      sql: `update inbox_events set body = '{}'
        where order_id = any($1::text[]) or charge_id = any($2::text[]) or reference = any($3::text[])`,
      params: [orderIds, chargeIds, references],
    },
    {
      table: 'idempotency_keys',
      sql: `update idempotency_keys set response = '{}'
        where merchant_id = $1 and exists (select 1 from unnest($2::text[]) as thing where position('"' || thing || '"' in response) > 0)`,
      params: [merchantId, [...orderIds, ...things]],
    },
  ]
}

const ofCustomer = ({ merchantId, customerId }: Subject): Statement[] =>
  customerId === null
    ? []
    : [
        {
          table: 'customers',
          sql: `update customers set email = null, shipping = null, metadata = '{}', default_source_id = null, provider_references = '{}',
            enabled = false, request_to_be_forgotten = true, updated_at = now()
            where merchant_id = $1 and id = $2`,
          params: [merchantId, customerId],
        },
      ]
