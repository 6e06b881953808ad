import { Migration } from '@mikro-orm/migrations'

export class Migration20261201031130_mock_ups extends Migration {
  override name = 'Migration20261201031130_mock_ups'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "mock_ups" ("merchant_id" text not null, "sku_id" text not null, "asked_at" timestamptz not null default now(), "failure" text null, primary key ("merchant_id", "sku_id"));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "mock_ups" cascade;`)
  }
}
