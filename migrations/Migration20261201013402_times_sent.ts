import { Migration } from '@mikro-orm/migrations'

export class Migration20261201013402_times_sent extends Migration {
  override name = 'Migration20261201013402_times_sent'

  override up(): void | Promise<void> {
    this.addSql(`alter table "shipments" add "nth" int not null default 1;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "shipments" drop column "nth";`)
  }
}
