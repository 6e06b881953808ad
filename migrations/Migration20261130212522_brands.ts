import { Migration } from '@mikro-orm/migrations'

export class Migration20261130212522_brands extends Migration {
  override name = 'Migration20261130212522_brands'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "brands" ("merchant_id" text not null, "display_name" text null, "logo_id" text null, "logo_width" int null, "logo_height" int null, "accent" text null, "terms_url" text null, "privacy_url" text null, "imprint" text null, "support_email" text null, "updated_at" timestamptz not null default now(), primary key ("merchant_id"));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "brands" cascade;`)
  }
}
