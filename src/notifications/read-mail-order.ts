import { type Expression, expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { db, jsonList, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { documentsOf, shipmentsOf } from '../order-view/read-order.ts'
import { deliveryState } from '../orders/held-by-dispute.ts'

// A delivery's state depends on its order.
const orderOfItems = expressionBuilder<Tables & { o: Tables['orders'] }, 'o'>()

const itemsOf = (orderId: Expression<string>) =>
  scalar(
    orderOfItems
      .selectFrom('order_items as i')
      .leftJoin('deliveries as d', 'd.order_item_id', 'i.id')
      .select((i) => {
        const content = jsonBuildObject({
          contentType: i.ref('d.content_type').$notNull(),
          content: i.ref('d.content').$notNull(),
        })
        const delivered = sql<boolean>`${i.ref('d.id')} is not null and ${deliveryState(i.ref('d.state'))} = 'delivered'`
        return jsonList(
          jsonBuildObject({
            id: i.ref('i.id'),
            product: i.ref('i.product'),
            quantity: i.ref('i.quantity'),
            amount: i.ref('i.amount'),
            cancelledQuantity: i.ref('i.cancelled_quantity'),
            delivery: i.case().when(delivered).then(content).end(),
          }),
          i.ref('i.position'),
        ).as('list')
      })
      .where('i.order_id', '=', orderId),
  )

const chargesOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('charges as c')
      .select((c) =>
        jsonList(
          jsonBuildObject({
            id: c.ref('c.id'),
            state: c.ref('c.state'),
            method: c.ref('c.method'),
            amount: c.ref('c.amount'),
            capturedAmount: c.ref('c.captured_amount'),
            cancelledAmount: c.ref('c.cancelled_amount'),
            refundedAmount: c.ref('c.refunded_amount'),
            failureCode: c.ref('c.failure_code'),
            failureMessage: c.ref('c.failure_message'),
            nextAction: c.ref('c.next_action'),
            sourceId: c.ref('c.source_id'),
          }),
          c.ref('c.created_at'),
        ).as('list'),
      )
      .where('c.order_id', '=', orderId),
  )

const sourcesOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('sources as s')
      .innerJoin('charges as c', 'c.source_id', 's.id')
      .select((s) =>
        jsonList(jsonBuildObject({ id: s.ref('s.id'), type: s.ref('s.type'), details: s.ref('s.details') })).as('list'),
      )
      .where('c.order_id', '=', orderId),
  )

const mailOf = (taskId: Expression<string>) =>
  db
    .selectFrom('mails as m')
    .select((m) => jsonBuildObject({ id: m.ref('m.id'), to: m.ref('m.recipient'), state: m.ref('m.state') }).as('mail'))
    .where('m.task_id', '=', taskId)

/** What a mail about an order is written from, and the mail itself where the task has written it already. */
export const readForMail = statement<{ orderId: string; taskId: string }>({ orderId: 'text', taskId: 'text' })((_, $) =>
  db
    .selectFrom('orders as o')
    .innerJoin('merchants as m', 'm.id', 'o.merchant_id')
    .leftJoin('brands as b', 'b.merchant_id', 'o.merchant_id')
    .leftJoin('links as l', 'l.id', 'o.link_id')
    .select((o) => [
      'o.id',
      'o.merchant_id as merchantId',
      'o.live_mode as liveMode',
      'o.fulfilled_by as fulfilledBy',
      'o.created_at as createdAt',
      'o.expires_at as expiresAt',
      'o.locale',
      'o.currency',
      'o.state_transitions as stateTransitions',
      'o.total_shipping as totalShipping',
      'o.total_tax as totalTax',
      'o.total_duty as totalDuty',
      'o.total_fees as totalFees',
      'o.total_amount as totalAmount',
      'o.credit_amount as creditAmount',
      'o.bill_to as billTo',
      'o.ship_to as shipTo',
      'o.email as to',
      'o.buyer_name as buyerName',
      o('o.erased_at', 'is not', null).as('erased'),
      'l.slug',
      o.fn.coalesce('b.display_name', 'm.name').as('shopName'),
      o.fn.coalesce('b.support_email', 'm.email').as('shopEmail'),
      itemsOf(o.ref('o.id')).as('items'),
      chargesOf(o.ref('o.id')).as('charges'),
      sourcesOf(o.ref('o.id')).as('sources'),
      shipmentsOf(o.ref('o.id')).as('shipments'),
      documentsOf(o.ref('o.id')).as('documents'),
      mailOf($.taskId.typed('text')).as('mail'),
    ])
    .where('o.id', '=', $.orderId)
    .where('o.draft', '=', false),
)

export type ReadForMail = Awaited<ReturnType<typeof readForMail>>[number]
