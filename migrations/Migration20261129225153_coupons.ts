import { Migration } from '@mikro-orm/migrations'

export class Migration20261129225153_coupons extends Migration {
  override name = 'Migration20261129225153_coupons'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "coupons" ("id" text not null, "merchant_id" text not null, "code" text not null, "discount_bps" int null, "amount_off" bigint null, "currency" text null, "sku_ids" jsonb null, "minimum_amount" bigint null, "valid_from" timestamptz null, "valid_until" timestamptz null, "max_redemptions" int null, "once_per_buyer" boolean not null default false, "active" boolean not null default true, "redemptions" int not null default 0, "created_at" timestamptz not null default now(), "deleted_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create unique index coupons_code on coupons (merchant_id, lower(code)) where deleted_at is null;`)

    this.addSql(
      `create table "coupon_redemptions" ("coupon_id" text not null, "order_id" text not null, "buyer_hash" text null, "created_at" timestamptz not null default now(), primary key ("coupon_id", "order_id"));`,
    )
    this.addSql(`create index "coupon_redemptions_order_id_index" on "coupon_redemptions" ("order_id");`)
    this.addSql(
      `create index "coupon_redemptions_coupon_id_buyer_hash_index" on "coupon_redemptions" ("coupon_id", "buyer_hash");`,
    )

    this.addSql(`alter table "checkouts" add "coupon" jsonb null;`)

    this.addSql(`alter table "links" add "coupon_code" text null;`)

    this.addSql(`alter table "orders" add "coupon" jsonb null;`)

    this.addSql(
      `alter table "coupons" add constraint "coupons_take_one_thing_off" check ((discount_bps is null) <> (amount_off is null));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "coupons" cascade;`)
    this.addSql(`drop table if exists "coupon_redemptions" cascade;`)

    this.addSql(`alter table "checkouts" drop column "coupon";`)

    this.addSql(`alter table "links" drop column "coupon_code";`)

    this.addSql(`alter table "orders" drop column "coupon";`)
  }
}
