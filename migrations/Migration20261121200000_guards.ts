import { Migration } from '@mikro-orm/migrations'

/**
 * Rules that the entities cannot express: references between rows, and the ledger's sums (I6). The timeline and the ledger are only ever
 * added to, by steps that hold their order, so they go without the cost of a reference.
 */
export class Migration20261121200000_guards extends Migration {
  override name = 'Migration20261121200000_guards'

  override up(): void {
    const reference = (table: string, column: string, target: string, more = '') =>
      this.addSql(
        `alter table ${table} add constraint ${table}_${column}_fk foreign key (${column}) references ${target} (id)${more}`,
      )
    reference('checkout_items', 'checkout_id', 'checkouts')
    reference('shipping_rates', 'checkout_id', 'checkouts')
    reference('orders', 'merchant_id', 'merchants')
    reference('orders', 'checkout_id', 'checkouts')
    reference('order_items', 'order_id', 'orders')
    reference('charges', 'order_id', 'orders')
    reference('splits', 'charge_id', 'charges')
    reference('operations', 'order_id', 'orders')
    reference('shipments', 'order_id', 'orders')
    reference('deliveries', 'order_item_id', 'order_items')
    reference('links', 'merchant_id', 'merchants')
    reference('licence_keys', 'order_item_id', 'order_items')
    reference('mails', 'order_id', 'orders')
    reference('files', 'merchant_id', 'merchants')
    reference('outgoing_events', 'merchant_id', 'merchants')
    reference('webhook_endpoints', 'merchant_id', 'merchants')
    reference('event_deliveries', 'event_id', 'outgoing_events', ' on delete cascade')
    reference('event_deliveries', 'endpoint_id', 'webhook_endpoints', ' on delete cascade')
    reference('api_keys', 'merchant_id', 'merchants')
    reference('sessions', 'user_id', 'users')

    this.addSql(`
      create function check_ledger_movements() returns trigger language plpgsql as $$
      begin
        if exists (
          select 1 from inserted group by correlation_key
          having sum(amount) <> 0 or count(*) <> 2 or count(distinct currency) <> 1
        ) then
          raise exception 'a ledger movement is two rows of one currency that sum to zero';
        end if;
        return null;
      end $$`)
    this.addSql(`
      create trigger ledger_movements after insert on ledger_entries
      referencing new table as inserted for each statement execute function check_ledger_movements()`)
    this.addSql(`
      create function refuse_ledger_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is only ever added to';
      end $$`)
    this.addSql(`
      create trigger ledger_is_final before update or delete on ledger_entries
      for each statement execute function refuse_ledger_change()`)
  }
}
