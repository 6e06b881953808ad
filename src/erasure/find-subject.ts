import { type Expression, expressionBuilder, sql } from 'kysely'
import { isSaved } from '../customers/customer-row.ts'
import type { Sql } from '../database/database.ts'
import { db, type Holes, jsonList, now, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { type SourceRow, sourceRow } from '../sources/source-row.ts'

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

const finalStates: OrderState[] = ['cancelled', 'blocked', 'complete', 'returned']

/** The values of a column as a Postgres array, empty where there are none. */
const arrayOf = (values: Expression<unknown>) => sql<string[]>`array(${values})`

const findOrders = statement<{ merchantId: string; orderId: string | null; customerId: string | null }>()((db, $) =>
  db
    .with('reached', (db) =>
      db
        .selectFrom('orders')
        .select(['id', 'checkout_id'])
        .where('merchant_id', '=', $.merchantId)
        .where((o) => o.or([o('id', '=', $.orderId), o('customer_id', '=', $.customerId)])),
    )
    .selectNoFrom((of) => [
      arrayOf(of.selectFrom('reached').select('id')).as('orderIds'),
      arrayOf(
        // Also those that are not kept any more: a means of payment may still name them.
        of
          .selectFrom('reached')
          .select((o) => o.cast<string>('checkout_id', 'text').as('id'))
          .union((of) =>
            of
              .selectFrom('checkouts')
              .select((c) => c.cast<string>('id', 'text').as('id'))
              .where('merchant_id', '=', $.merchantId)
              .where('customer_id', '=', $.customerId),
          ),
      ).as('checkoutIds'),
    ]),
)

type Reached = { merchantId: string; orderIds: string[]; checkoutIds: string[]; customerId: string | null }

const chargesOf = ($: Holes<Reached>) =>
  db
    .selectFrom('charges')
    .select(['id', 'source_id', 'provider_reference', 'provider_charge_id'])
    .where((c) => c('order_id', '=', c.fn.any($.orderIds)))

/** The customer's means of payment, and those of nobody that a checkout or a charge of these orders took. */
const sourcesOf = ($: Holes<Reached>, charged: Expression<string | null>) =>
  db
    .selectFrom('sources as s')
    .selectAll('s')
    .where('s.merchant_id', '=', $.merchantId)
    .where((s) =>
      s.or([
        s('s.customer_id', '=', $.customerId),
        s.and([
          s('s.customer_id', 'is', null),
          s.or([
            s('s.checkout_id', '=', s.fn.any($.checkoutIds)),
            s('s.id', 'in', charged),
            s(
              's.id',
              'in',
              s
                .selectFrom('checkouts')
                .select('source_id')
                .where((c) => c('checkouts.id', '=', c.fn.any($.checkoutIds))),
            ),
          ]),
        ]),
      ]),
    )

/** The customer's tax identifiers, and those of nobody that these orders and checkouts name and no other order does. */
const taxIdentifiersOf = ($: Holes<Reached>) =>
  db
    .selectFrom('tax_identifiers as t')
    .select('t.id')
    .where('t.merchant_id', '=', $.merchantId)
    .where((t) =>
      t.or([
        t('t.customer_id', '=', $.customerId),
        t.and([
          t('t.customer_id', 'is', null),
          t.or([
            sql<boolean>`${t.ref('t.id')} in (select a ->> 'id' from orders o, jsonb_array_elements(o.tax_identifiers) a
                  where o.id = any(${$.orderIds}))`,
            sql<boolean>`${t.ref('t.id')} in (select jsonb_array_elements_text(c.tax_identifier_ids) from checkouts c
                  where c.id = any(${$.checkoutIds}))`,
          ]),
          t.not(
            t.exists(
              t
                .selectFrom('orders as o')
                .select('o.id')
                .where('o.merchant_id', '=', $.merchantId)
                .where((o) => sql<boolean>`${o.ref('o.id')} <> all(${$.orderIds})`)
                .where(
                  (o) =>
                    sql<boolean>`${o.ref('o.tax_identifiers')} @> jsonb_build_array(jsonb_build_object('id', ${t.ref('t.id')}))`,
                ),
            ),
          ),
        ]),
      ]),
    )

/** An order is not over, a task or an event of one waits, or one is being told. */
const isBusy = ($: Holes<Reached>) => {
  const of = expressionBuilder<Tables>()
  return of
    .or([
      of.exists(
        of
          .selectFrom('orders')
          .select('id')
          .where((o) => o('id', '=', o.fn.any($.orderIds)))
          .where('state', 'not in', finalStates),
      ),
      of.exists(
        of
          .selectFrom('tasks')
          .select('id')
          .where((t) => t('order_id', '=', t.fn.any($.orderIds)))
          .where('state', 'in', ['pending', 'enqueued']),
      ),
      of.exists(
        of
          .selectFrom('order_timeline')
          .select('id')
          .where((l) => l('order_id', '=', l.fn.any($.orderIds)))
          .where('published_at', 'is', null),
      ),
      of.exists(
        of
          .selectFrom('outgoing_events as e')
          .innerJoin('event_deliveries as d', 'd.event_id', 'e.id')
          .select('e.id')
          .where((e) => e('e.order_id', '=', e.fn.any($.orderIds)))
          .where('d.claimed_until', '>', now),
      ),
    ])
    .$castTo<boolean>()
}

const findRest = statement<Reached>()((db, $) =>
  db
    .with('paid', () => chargesOf($))
    .with('means', (db) => sourcesOf($, db.selectFrom('paid').select('source_id').$asScalar()))
    .with('numbers', () => taxIdentifiersOf($))
    .with('known', (db) =>
      db
        .selectFrom('paid')
        .select('provider_reference as reference')
        .union((of) => of.selectFrom('paid').select('provider_charge_id as reference'))
        .union((of) =>
          of
            .selectFrom('shipments')
            .select('provider_reference as reference')
            .where((s) => s('order_id', '=', s.fn.any($.orderIds))),
        )
        .union((of) => of.selectFrom('means').select('provider_reference as reference'))
        .union((of) => of.selectFrom('means').select('setup_reference as reference')),
    )
    .selectNoFrom((of) => [
      arrayOf(of.selectFrom('means').select((s) => s.cast<string>('id', 'text').as('id'))).as('sourceIds'),
      arrayOf(of.selectFrom('numbers').select('id')).as('taxIdentifierIds'),
      arrayOf(of.selectFrom('paid').select('id')).as('chargeIds'),
      arrayOf(of.selectFrom('known').select('reference').where('reference', 'is not', null)).as('references'),
      scalar(
        of
          .selectFrom('means as s')
          .select(jsonList(sourceRow).as('list'))
          .where('s.customer_id', 'is not', null)
          .where(isSaved),
      ).as('saved'),
      isBusy($).as('busy'),
    ]),
)

/** Finds what hangs on the order or customer of a request. */
export async function findSubject(on: Sql, { merchantId, orderId, customerId }: Erasure): Promise<Subject> {
  const [basics] = await findOrders(on, { merchantId, orderId, customerId })
  const { orderIds = [], checkoutIds = [] } = basics ?? {}
  const [found] = await findRest(on, { merchantId, orderIds, checkoutIds, customerId })
  if (!found) throw new Error('a select without from gives one row')
  return { merchantId, customerId, orderIds, checkoutIds, ...found }
}

/** Addresses, names, numbers and streets that the person is known by, to look for afterwards. They live in memory only. */
export async function readValues(on: Sql, subject: Subject): Promise<string[]> {
  // Raw: a union of what thirteen columns hold reads as such in SQL alone.
  const rows = await on<{ value: string }>(
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
