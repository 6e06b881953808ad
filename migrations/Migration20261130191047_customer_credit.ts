import { Migration } from '@mikro-orm/migrations'

export class Migration20261130191047_customer_credit extends Migration {
  override name = 'Migration20261130191047_customer_credit'

  override up(): void | Promise<void> {
    this.addSql(`alter table "checkouts" add "credit_source_id" uuid null;`)

    this.addSql(
      `alter table "orders" add "credit_source_id" uuid null, add "credit_amount" bigint not null default '0';`,
    )

    this.addSql(
      `alter table "order_items" add "credit_amount" bigint not null default '0', add "credit_refunded_amount" bigint not null default '0';`,
    )

    this.addSql(`alter table "refunds" add "credit_amount" bigint not null default '0';`)

    this.addSql(`alter table "sources" add "upstream_id" text null;`)
    this.addSql(`alter table "sources" alter column "provider" drop not null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "checkouts" drop column "credit_source_id";`)

    this.addSql(`alter table "order_items" drop column "credit_amount", drop column "credit_refunded_amount";`)

    this.addSql(`alter table "orders" drop column "credit_source_id", drop column "credit_amount";`)

    this.addSql(`alter table "refunds" drop column "credit_amount";`)

    this.addSql(`alter table "sources" drop column "upstream_id";`)
    this.addSql(`alter table "sources" alter column "provider" set not null;`)
  }
}
