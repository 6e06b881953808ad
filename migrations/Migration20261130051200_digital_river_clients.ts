import { Migration } from '@mikro-orm/migrations'

export class Migration20261130051200_digital_river_clients extends Migration {
  override name = 'Migration20261130051200_digital_river_clients'

  override up(): void | Promise<void> {
    this.addSql(`alter table "skus" add "attributes" jsonb null;`)
    this.addSql(`alter table "webhook_endpoints" add "api_version" text null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "skus" drop column "attributes";`)
    this.addSql(`alter table "webhook_endpoints" drop column "api_version";`)
  }
}
