import { Migration } from '@mikro-orm/migrations'

export class Migration20261130224143_order_notes extends Migration {
  override name = 'Migration20261130224143_order_notes'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "order_notes" ("order_id" text not null, "note" text not null, "updated_at" timestamptz not null default now(), primary key ("order_id"));`,
    )

    this.addSql(
      `create table "order_tags" ("order_id" text not null, "tag" text not null, "merchant_id" text not null, primary key ("order_id", "tag"));`,
    )
    this.addSql(
      `create index "order_tags_merchant_id_tag_order_id_index" on "order_tags" ("merchant_id", "tag", "order_id");`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "order_notes" cascade;`)
    this.addSql(`drop table if exists "order_tags" cascade;`)
  }
}
