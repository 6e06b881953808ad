import type pg from 'pg'
import type { Intent, OurBooks, OurCharge, ProviderBooks } from './books.ts'
import { otherPayments } from './other-providers.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

/** Everything our tables say, in one read-only snapshot. */
export async function readOurBooks(pool: pg.Pool): Promise<OurBooks> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const rows = async <Row extends object>(text: string) => (await client.query<Row>(text)).rows
    const books: OurBooks = {
      orders: await rows(
        `select id, checkout_id as "checkoutId", state, total_amount::float8 as total, attention ->> 'reason' as attention from orders`,
      ),
      items: await rows(`select id, order_id as "orderId", seller_id as "sellerId", kind, state from order_items`),
      charges: await rows(
        `select id, order_id as "orderId", provider_reference as reference, state, amount::float8 as amount,
           captured_amount::float8 as captured, refunded_amount::float8 as refunded from charges`,
      ),
      splits: await rows(
        `select id, order_id as "orderId", charge_id as "chargeId", destination, (amount - withheld_amount)::float8 as amount,
           withheld_amount::float8 as withheld, state from splits`,
      ),
      operations: await rows(
        `select id, order_id as "orderId", kind, state, provider_reference as reference, failure_code as "failureCode" from operations`,
      ),
      shipments: await rows(
        `select id, order_id as "orderId", seller_id as "sellerId", path, state, provider_reference as reference from shipments`,
      ),
      deliveries: await rows(`select order_id as "orderId", order_item_id as "itemId" from deliveries`),
      tasks: await rows(`select id, job, order_id as "orderId", state, last_error as "lastError" from tasks`),
      events: await rows(
        `select id, provider, type, event_id as "eventId", order_id as "orderId", handled_at is not null as handled, outcome
         from inbox_events`,
      ),
      ledger: await rows(
        `select correlation_key as "correlationKey", order_id as "orderId", account, amount::float8 as amount from ledger_entries`,
      ),
    }
    await client.query('commit')
    return books
  } finally {
    client.release()
  }
}

type Entry = Record<string, unknown> & { id: string; orderId: string | null }

/** What the sandbox's providers have done; payments elsewhere than at Stripe are those of `charges`. */
export async function readProviderBooks(
  stage: Pick<Stage, 'http'>,
  charges: readonly OurCharge[] = [],
): Promise<ProviderBooks> {
  const books = (await control(stage, 'GET', '/sandbox/books')) as Record<string, Record<string, Entry[]>>
  const list = (provider: string, kind: string): Entry[] => books[provider]?.[kind] ?? []
  const voided = new Set(list('easypost', 'shipments').flatMap(({ id, refund_status: status }) => (status ? [id] : [])))
  return {
    intents: list('stripe', 'paymentIntents')
      .map(
        (intent): Intent => ({
          id: intent.id,
          orderId: intent.orderId,
          status: String(intent.status),
          amount: Number(intent.amount),
          received: Number(intent.amount_received),
        }),
      )
      .concat(otherPayments(books, charges)),
    refunds: list('stripe', 'refunds').map((refund) => ({
      id: refund.id,
      intentId: String(refund.payment_intent),
      amount: Number(refund.amount),
      status: String(refund.status),
    })),
    transfers: list('stripe', 'transfers').map((transfer) => ({
      id: transfer.id,
      orderId: transfer.orderId,
      splitId: (transfer.metadata as { splitId?: string } | undefined)?.splitId ?? null,
      destination: String(transfer.destination),
      amount: Number(transfer.amount),
      reversed: Number(transfer.amount_reversed),
    })),
    labels: list('easypost', 'labels').map((label) => ({
      voided: voided.has(String(label.shipment_id)),
      id: label.id,
      shipmentId: String(label.shipment_id),
      amount: Number(label.amount),
    })),
    podOrders: list('printful', 'orders').map((order) => ({
      id: String(order.id),
      externalId: textOrNull(order.external_id),
      status: String(order.status),
    })),
  }
}

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null)

/** Everything that happened to some orders, one line each, for a person who looks for the reason. */
export async function readTimelines(pool: pg.Pool, orderIds: readonly string[]): Promise<Record<string, string[]>> {
  const { rows } = await pool.query<{ id: string; line: string }>(
    `select order_id as id, to_char(at, 'HH24:MI:SS.MS') || ' ' || kind || ' ' || subject || ' ' || subject_id || ' '
         || coalesce(from_state, '') || '→' || coalesce(to_state, '') || ' (' || cause || ') ' || coalesce(detail::text, '') as line, at
       from order_timeline where order_id = any($1)
     union all
     select order_id, to_char(created_at, 'HH24:MI:SS.MS') || ' task ' || job || ' ' || id || ' ' || state || ', ' || attempts
         || ' failed attempts, ' || rings || ' rings again, done ' || coalesce(to_char(done_at, 'HH24:MI:SS.MS'), 'never')
         || coalesce(', ' || last_error, ''), created_at from tasks where order_id = any($1)
     union all
     select order_id, to_char(created_at, 'HH24:MI:SS.MS') || ' operation ' || kind || ' ' || id || ' ' || state || ', ' || attempts
         || ' attempts, ' || coalesce(provider_reference, 'no reference') || coalesce(', ' || failure_code, ''), created_at
       from operations where order_id = any($1)
     union all
     select order_id, to_char(received_at, 'HH24:MI:SS.MS') || ' webhook ' || type || ' ' || event_id || ' ' || coalesce(outcome, 'unhandled'),
         received_at from inbox_events where order_id = any($1)
     union all
     select order_id, to_char(created_at, 'HH24:MI:SS.MS') || ' charge ' || id || ' ' || state || ' ' || coalesce(provider_reference, 'no reference')
         || ' secret ' || coalesce(left(client_secret, 6), 'none'), created_at from charges where order_id = any($1)
     order by at`,
    [orderIds],
  )
  return Object.fromEntries(
    [...Map.groupBy(rows, ({ id }) => id)].map(([id, lines]) => [id, lines.map(({ line }) => line)]),
  )
}
