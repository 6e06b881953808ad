import { Migration } from '@mikro-orm/migrations'

export class Migration20261129143324_kept_for_a_time extends Migration {
  override name = 'Migration20261129143324_kept_for_a_time'

  override up(): void | Promise<void> {
    // Raw: an order keeps its cart's id, with which nobody makes a second order, and not the cart.
    this.addSql(`alter table orders drop constraint orders_checkout_id_fk;`)

    this.addSql(`drop index "checkouts_abandoned";`)

    this.addSql(`drop index "ledger_entries_account_index";`)
  }

  override down(): void | Promise<void> {
    this.addSql(
      'alter table orders add constraint orders_checkout_id_fk foreign key (checkout_id) references checkouts (id) not valid',
    )

    this.addSql(`create index checkouts_abandoned on checkouts (updated_at) where locked_at is null;`)

    this.addSql(`create index "ledger_entries_account_index" on "ledger_entries" ("account");`)
  }
}
