import { Migration } from '@mikro-orm/migrations'

export class Migration20261130191456_key_uses extends Migration {
  override name = 'Migration20261130191456_key_uses'

  override up(): void | Promise<void> {
    this.addSql(`alter table "api_keys" add "name" text null, add "last_used_at" timestamptz null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "api_keys" drop column "name", drop column "last_used_at";`)
  }
}
