import { Migration } from '@mikro-orm/migrations'

/**
 * Goods whose money goes back are called off: labels are voided and print jobs cancelled. An order counts its refunds, so that a step which
 * read it before one was asked for notices.
 */
export class Migration20261125235201_called_off_goods extends Migration {
  override name = 'Migration20261125235201_called_off_goods'

  override up(): void {
    this.addSql('alter table operations drop constraint operations_kind_check')
    this.addSql(`alter table operations add constraint operations_kind_check check (kind in ('authorize', 'capture', 'cancel', 'refund',
      'transfer', 'transfer_reversal', 'label', 'pod_order', 'label_refund', 'pod_cancel'))`)
    this.addSql('alter table shipments drop constraint shipments_state_check')
    this.addSql(`alter table shipments add constraint shipments_state_check
      check (state in ('created', 'purchased', 'in_transit', 'delivered', 'failed', 'cancelled'))`)
    this.addSql('alter table orders add column refund_count int not null default 0')
    this.addSql(
      `alter table refunds add column forced boolean not null default false, add column goods jsonb not null default '[]'`,
    )
    this.addSql(`create function count_refund() returns trigger language plpgsql as $$
      begin update orders set refund_count = refund_count + 1 where id = new.order_id; return null; end $$`)
    this.addSql('create trigger refunds_counted after insert on refunds for each row execute function count_refund()')
  }
}
