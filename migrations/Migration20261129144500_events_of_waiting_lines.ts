import { Migration } from '@mikro-orm/migrations'

/**
 * An event is committed with its line from now on. Lines that an earlier version left for the publisher have none yet; they get theirs here,
 * and the publisher goes on as before.
 */
export class Migration20261129144500_events_of_waiting_lines extends Migration {
  override name = 'Migration20261129144500_events_of_waiting_lines'

  override up(): void | Promise<void> {
    this.addSql(`with moves (subject, to_state, type) as (values
      ('order', 'pending', 'order.created'),
      ('order', 'pending_payment', 'order.pending_payment'),
      ('order', 'in_review', 'order.review_opened'),
      ('order', 'accepted', 'order.accepted'),
      ('order', 'blocked', 'order.blocked'),
      ('order', 'cancelled', 'order.cancelled'),
      ('order', 'confirmed', 'order.confirmed'),
      ('order', 'fulfilled', 'order.fulfilled'),
      ('order', 'complete', 'order.complete'),
      ('order', 'returned', 'order.refunded'),
      ('charge', 'pending', 'order.charge.pending'),
      ('charge', 'failed', 'order.charge.failed'),
      ('charge', 'capturable', 'order.charge.capturable'),
      ('charge', 'processing', 'order.charge.processing'),
      ('charge', 'complete', 'order.charge.complete'),
      ('charge', 'cancelled', 'order.charge.cancelled'),
      ('item', 'fulfilled', 'order.item.fulfilled'),
      ('item', 'cancelled', 'order.item.cancelled'),
      ('item', 'returned', 'order.item.returned'),
      ('refund', 'pending', 'refund.pending'),
      ('refund', 'pending_information', 'refund.pending_information'),
      ('refund', 'succeeded', 'refund.complete'),
      ('refund', 'failed', 'refund.failed'),
      ('dispute', 'warning_needs_response', 'order.dispute'),
      ('dispute', 'warning_under_review', 'order.dispute'),
      ('dispute', 'needs_response', 'order.dispute'),
      ('dispute', 'under_review', 'order.dispute'),
      ('dispute', 'warning_closed', 'order.dispute.resolved'),
      ('dispute', 'won', 'order.dispute.resolved'),
      ('dispute', 'lost', 'order.dispute.resolved'),
      ('dispute', 'prevented', 'order.dispute.resolved'),
      ('return', 'created', 'return.created'),
      ('return', 'accepted', 'return.accepted'),
      ('delivery', 'sent', 'delivery.sent'),
      ('delivery', 'failed', 'delivery.failed')),
    operations (cause, to_state, type) as (values
      ('capture', 'complete', 'order.charge.capture.complete'),
      ('capture', 'failed', 'order.charge.capture.failed'),
      ('cancel', 'complete', 'order.charge.cancel.complete'),
      ('cancel', 'failed', 'order.charge.cancel.failed'),
      ('refund', 'complete', 'order.charge.refund.complete'),
      ('refund', 'failed', 'order.charge.refund.failed')),
    waiting as (
      select l.id, l.order_id, l.at, o.merchant_id, o.live_mode,
        coalesce(m.type, p.type, case when l.kind = 'event' then l.cause end) as type,
        case when l.kind <> 'transition' or l.from_state is null then '{}'
          when l.subject = 'order' then jsonb_build_object('previousAttributes', jsonb_build_object('state', l.from_state))
          when l.subject in ('charge', 'item') then jsonb_build_object('previousAttributes', jsonb_build_object(
            l.subject || 's', jsonb_build_array(jsonb_build_object('id', l.subject_id, 'state', l.from_state))))
          else '{}' end as data,
        (select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', ((floor(extract(epoch from l.at) * 1000)::bigint >> (5 * (9 - i))) & 31)::int + 1, 1), '' order by i)
          from generate_series(0, 9) i) as time
      from order_timeline l
      join orders o on o.id = l.order_id and not o.draft
      left join moves m on m.subject = l.subject and m.to_state = l.to_state
        and (l.kind = 'transition' or (l.kind = 'note' and (l.subject = 'delivery' or (l.subject = 'charge' and l.to_state = 'pending'))))
      left join operations p on l.kind = 'operation' and p.cause = l.cause and p.to_state = l.to_state
      where l.published_at is null
        and not exists (select 1 from outgoing_events e where e.order_id = l.order_id and e.line_id = l.id)
    ),
    counted as (
      insert into event_sequences (order_id, last_sequence)
      select order_id, count(*) from waiting where type is not null group by order_id
      on conflict (order_id) do update set last_sequence = event_sequences.last_sequence + excluded.last_sequence
      returning order_id, last_sequence
    )
    insert into outgoing_events (id, merchant_id, order_id, line_id, type, sequence, live_mode, data, created_at)
    select 'evt_' || w.time || lpad(w.id::text, 16, '0'), w.merchant_id, w.order_id, w.id, w.type,
      c.last_sequence - count(*) over (partition by w.order_id) + row_number() over (partition by w.order_id order by w.id),
      w.live_mode, w.data, w.at
    from waiting w join counted c on c.order_id = w.order_id
    where w.type is not null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`select 1;`)
  }
}
