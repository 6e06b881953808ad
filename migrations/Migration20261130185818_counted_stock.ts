import { Migration } from '@mikro-orm/migrations'

export class Migration20261130185818_counted_stock extends Migration {
  override name = 'Migration20261130185818_counted_stock'

  override up(): void | Promise<void> {
    this.addSql(`alter table "orders" add "counts_stock" boolean not null default false;`)

    this.addSql(`alter table "order_items" add "taken_quantity" int not null default 0;`)

    this.addSql(`alter table "skus" add "inventory" int null;`)
    this.addSql(`alter table "skus" add constraint "skus_never_oversold" check (inventory >= 0);`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "order_items" drop column "taken_quantity";`)

    this.addSql(`alter table "orders" drop column "counts_stock";`)

    this.addSql(`alter table "skus" drop constraint "skus_never_oversold";`)
    this.addSql(`alter table "skus" drop column "inventory";`)
  }
}
