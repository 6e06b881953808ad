import { Migration } from '@mikro-orm/migrations'

export class Migration20261130050242_provider_tokens extends Migration {
  override name = 'Migration20261130050242_provider_tokens'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "provider_tokens" ("name" text not null, "access_token" text null, "valid_until" timestamptz null, "refresh_token" text null, "refresh_until" timestamptz null, "renewing_until" timestamptz null, primary key ("name"));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "provider_tokens" cascade;`)
  }
}
