import { Migration } from '@mikro-orm/migrations'

export class Migration20261130211956_provider_tokens_left_alone extends Migration {
  override name = 'Migration20261130211956_provider_tokens_left_alone'

  override up(): void | Promise<void> {
    this.addSql(`alter table "provider_tokens" add "left_alone_until" timestamptz null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "provider_tokens" drop column "left_alone_until";`)
  }
}
