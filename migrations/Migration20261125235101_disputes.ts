import { Migration } from '@mikro-orm/migrations'

/**
 * Each dispute becomes a row of its own. What is known of earlier ones is read from the webhooks that told of them: of several about one
 * dispute the one that closed it, or else the latest. Deliveries no longer carry what the dispute says.
 */
export class Migration20261125235101_disputes extends Migration {
  override name = 'Migration20261125235101_disputes'

  override up(): void {
    this.addSql(`create table disputes (
      id text not null primary key, order_id text not null, charge_id text not null, provider text not null,
      provider_reference text not null, amount bigint not null, currency text not null, reason text null,
      state text check (state in ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response', 'under_review',
        'won', 'lost', 'prevented')) not null,
      state_transitions jsonb not null, created_at timestamptz not null default now(), updated_at timestamptz not null default now())`)
    this.addSql('alter table disputes add constraint disputes_provider_reference unique (provider, provider_reference)')
    this.addSql('create index disputes_order_id_index on disputes (order_id)')
    this.addSql('create index disputes_charge_id_index on disputes (charge_id)')
    this.addSql(
      'alter table disputes add constraint disputes_order_id_fk foreign key (order_id) references orders (id)',
    )
    this.addSql(
      'alter table disputes add constraint disputes_charge_id_fk foreign key (charge_id) references charges (id)',
    )
    this.addSql(`insert into disputes (id, order_id, charge_id, provider, provider_reference, amount, currency, reason, state, state_transitions)
      select distinct on (e.body ->> 'id') 'dsp_' || substr(md5(e.body ->> 'id'), 1, 26), c.order_id, c.id, e.provider, e.body ->> 'id',
        c.amount, c.currency, e.body ->> 'reason', e.body ->> 'status', jsonb_build_object(e.body ->> 'status',
          to_char(e.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      from inbox_events e join charges c on c.id = e.charge_id
      where e.type like 'charge.dispute.%' and e.handled_at is not null and e.body ? 'id'
        and e.body ->> 'status' in ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response', 'under_review',
          'won', 'lost', 'prevented')
      order by e.body ->> 'id', e.body ->> 'status' in ('won', 'lost', 'warning_closed', 'prevented') desc, e.received_at desc`)
    this.addSql(`update orders o set dispute_state = w.state from (
        select distinct on (order_id) order_id, state from disputes order by order_id, array_position(array['needs_response', 'under_review',
          'lost', 'warning_needs_response', 'warning_under_review', 'prevented', 'won', 'warning_closed'], state)) w
      where w.order_id = o.id`)
    this.addSql(`update deliveries d set state = 'delivered' from orders o
      where o.id = d.order_id and d.state = 'revoked' and o.dispute_state is not null and o.erased_at is null
        and o.state not in ('returned', 'cancelled', 'blocked')
        and not exists (select 1 from order_items i where i.id = d.order_item_id and i.refunded_amount > 0)`)
  }
}
