import { Migration } from '@mikro-orm/migrations'

export class Migration20261130222908_key_scopes extends Migration {
  override name = 'Migration20261130222908_key_scopes'

  override up(): void | Promise<void> {
    this.addSql(`alter table "api_keys" add "scopes" jsonb null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "api_keys" drop column "scopes";`)
  }
}
