import { Migration } from '@mikro-orm/migrations'

/**
 * What an operation is for stands in columns. Those of operations before are read from their purposes, for the last time; one that was
 * refused gets its purpose back and is set aside instead.
 */
export class Migration20261129053000_operation_columns extends Migration {
  override name = 'Migration20261129053000_operation_columns'

  override up(): void {
    this.addSql(`alter table operations add column split_id text null, add column entry_id text null, add column shipment_id text null,
      add column reverses_id text null, add column final boolean null, add column set_aside boolean not null default false`)
    this.addSql('alter table operations drop constraint operations_purpose_unique')
    this.addSql(`update operations set set_aside = true, purpose = split_part(purpose, '-refused-', 1)
      where purpose like '%-refused-' || id`)
    this.addSql(`update operations o set split_id = s.id from splits s
      where o.kind = 'transfer' and s.order_id = o.order_id and s.id = split_part(o.purpose, '-transfer', 1)`)
    this.addSql(`update operations o set reverses_id = r.id from operations r
      where o.kind = 'transfer' and r.order_id = o.order_id and r.kind = 'transfer_reversal'
        and o.purpose = o.split_id || '-transfer-again-' || r.id`)
    this.addSql(`update operations o set reverses_id = t.id from operations t
      where o.kind = 'transfer_reversal' and t.order_id = o.order_id and t.kind = 'transfer'
        and t.id = split_part(o.purpose, '-reversal-', 1)`)
    this.addSql(`update operations o set entry_id = e.id from charge_entries e
      where o.kind = 'transfer_reversal' and e.order_id = o.order_id and e.id = split_part(o.purpose, '-reversal-', 2)`)
    this.addSql(`update operations o set entry_id = e.id from charge_entries e
      where o.kind = 'refund' and e.order_id = o.order_id and o.purpose = e.id || '-refund'`)
    this.addSql(`update operations o set shipment_id = s.id from shipments s
      where o.kind in ('label', 'pod_order', 'label_refund', 'pod_cancel') and s.order_id = o.order_id
        and o.purpose in (s.id || '-label', s.id || '-order', s.id || '-recall')`)
    this.addSql(`update operations o set final = o.purpose like '%-final' from charges c
      where o.kind = 'capture' and c.id = o.charge_id and (o.purpose like '%-final' or c.multicapture)
        and o.purpose like c.id || '-capture-%' and o.purpose not like c.id || '-capture-found-%'`)
    this.addSql('create unique index operations_purpose on operations (purpose) where not set_aside')
    this.addSql(`create index operations_given_up on operations (charge_id) where kind in ('cancel', 'refund')`)
    this.addSql(
      'alter table operations add constraint operations_split_id_fk foreign key (split_id) references splits (id)',
    )
    this.addSql(
      'alter table operations add constraint operations_entry_id_fk foreign key (entry_id) references charge_entries (id)',
    )
    this.addSql(
      'alter table operations add constraint operations_shipment_id_fk foreign key (shipment_id) references shipments (id)',
    )
    this.addSql(
      'alter table operations add constraint operations_reverses_id_fk foreign key (reverses_id) references operations (id)',
    )
  }
}
