import { Migration } from '@mikro-orm/migrations'

export class Migration20261201013722_products extends Migration {
  override name = 'Migration20261201013722_products'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "products" ("id" text not null, "merchant_id" text not null, "seller_id" text not null, "name" text not null, "description" text null, "image_url" text null, "kind" text not null, "currency" text not null, "options" jsonb not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "products_merchant_id_index" on "products" ("merchant_id");`)

    this.addSql(`alter table "skus" add "product_id" text null, add "options" jsonb null;`)
    this.addSql(`create index skus_of_product on skus (product_id) where product_id is not null;`)
    this.addSql(
      `create unique index skus_one_of_each_variant on skus (product_id, options) where product_id is not null and deleted_at is null;`,
    )

    this.addSql(
      `alter table "products" add constraint "products_kind_check" check ("kind" in ('digital', 'physical', 'pod'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "products" cascade;`)

    this.addSql(`drop index "skus_of_product";`)
    this.addSql(`drop index "skus_one_of_each_variant";`)
    this.addSql(`alter table "skus" drop column "product_id", drop column "options";`)
  }
}
