import type { Sql } from '../database/database.ts'
import { type SourceRow, sourceRowJson } from '../sources/source-row.ts'

export type Erasure = { id: string; merchantId: string; orderId: string | null; customerId: string | null }

/** Everything of a person that a request reaches, by ids. */
export type Subject = {
  merchantId: string
  customerId: string | null
  orderIds: string[]
  checkoutIds: string[]
  sourceIds: string[]
  taxIdentifierIds: string[]
  chargeIds: string[]
  /** What providers call their payments, parcels and means of payment. */
  references: string[]
  /** Saved with the customer at the provider. */
  saved: SourceRow[]
  /** An order is on its way, or something about one is still to be told. */
  busy: boolean
}

const finalStates = ['cancelled', 'blocked', 'complete', 'returned']

/** Finds what hangs on the order or customer of a request. */
export async function findSubject(sql: Sql, { merchantId, orderId, customerId }: Erasure): Promise<Subject> {
  const [basics] = await sql<{ orderIds: string[]; checkoutIds: string[] }>(
    `with reached as (
      select id, checkout_id from orders
      where merchant_id = $1 and (id = $2 or customer_id = $3 and $3 is not null)
    )
    select coalesce((select array_agg(id) from reached), '{}') as "orderIds",
      coalesce((select array_agg(id::text) from checkouts
        where id in (select checkout_id from reached) or merchant_id = $1 and customer_id = $3), '{}') as "checkoutIds"`,
    [merchantId, orderId, customerId],
  )
  const { orderIds = [], checkoutIds = [] } = basics ?? {}
  const [found] = await sql<Omit<Subject, 'merchantId' | 'customerId' | 'orderIds' | 'checkoutIds'>>(
    `with paid as (
      select id, source_id, provider_reference, provider_charge_id from charges where order_id = any($2::text[])
    ), means as (
      select s.* from sources s
      where s.merchant_id = $1 and (s.customer_id = $4
        or (s.customer_id is null and (s.checkout_id = any($3::uuid[]) or s.id in (select source_id from paid)
          or s.id in (select source_id from checkouts where id = any($3::uuid[])))))
    ), numbers as (
      select t.id from tax_identifiers t
      where t.merchant_id = $1 and (t.customer_id = $4
        or (t.customer_id is null and (
            t.id in (select a ->> 'id' from orders o, jsonb_array_elements(o.tax_identifiers) a where o.id = any($2::text[]))
            or t.id in (select jsonb_array_elements_text(c.tax_identifier_ids) from checkouts c where c.id = any($3::uuid[])))
          and not exists (select 1 from orders o where o.merchant_id = $1 and o.id <> all($2::text[])
            and o.tax_identifiers @> jsonb_build_array(jsonb_build_object('id', t.id)))))
    )
    select coalesce((select array_agg(id::text) from means), '{}') as "sourceIds",
      coalesce((select array_agg(id) from numbers), '{}') as "taxIdentifierIds",
      coalesce((select array_agg(id) from paid), '{}') as "chargeIds",
      coalesce((select array_agg(reference) from (
        select provider_reference as reference from paid union select provider_charge_id from paid
        union select provider_reference from shipments where order_id = any($2::text[])
        union select provider_reference from means union select setup_reference from means) r
        where reference is not null), '{}') as references,
      coalesce((select json_agg(${sourceRowJson('m')}) from means m
        where m.customer_id is not null and m.reusable and m.state = 'chargeable'), '[]') as saved,
      (exists (select 1 from orders where id = any($2::text[]) and state <> all($5::text[]))
        or exists (select 1 from tasks where order_id = any($2::text[]) and state in ('pending', 'enqueued'))
        or exists (select 1 from order_timeline where order_id = any($2::text[]) and published_at is null)
        or exists (select 1 from outgoing_events e join event_deliveries d on d.event_id = e.id
          where e.order_id = any($2::text[]) and d.claimed_until > now())) as busy`,
    [merchantId, orderIds, checkoutIds, customerId, finalStates],
  )
  if (!found) throw new Error('a select without from gives one row')
  return { merchantId, customerId, orderIds, checkoutIds, ...found }
}

/** Addresses, names, numbers and streets that the person is known by, to look for afterwards. They live in memory only. */
export async function readValues(sql: Sql, subject: Subject): Promise<string[]> {
  const rows = await sql<{ value: string }>(
    `with parties as (
      select ship_to as party from orders where id = any($2::text[]) union all select bill_to from orders where id = any($2::text[])
      union all select ship_to from checkouts where id = any($3::uuid[]) union all select bill_to from checkouts where id = any($3::uuid[])
      union all select shipping from customers where merchant_id = $1 and id = $4
    ), owners as (select owner from sources where id = any($5::uuid[]))
    select distinct value from (
      select email as value from orders where id = any($2::text[]) and erased_at is null
      union select buyer_name from orders where id = any($2::text[])
      union select email from checkouts where id = any($3::uuid[])
      union select email from customers where merchant_id = $1 and id = $4
      union select owner ->> 'email' from owners
      union select concat_ws(' ', owner ->> 'firstName', owner ->> 'lastName') from owners
      union select party ->> 'name' from parties union select party ->> 'email' from parties union select party ->> 'phone' from parties
      union select party #>> '{address,line1}' from parties union select owner #>> '{address,line1}' from owners
    ) v where length(value) >= ${shortestValue}`,
    [subject.merchantId, subject.orderIds, subject.checkoutIds, subject.customerId, subject.sourceIds],
  )
  return rows.map(({ value }) => value)
}

/** What is shorter is found everywhere. */
const shortestValue = 5
