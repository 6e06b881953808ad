import { Migration } from '@mikro-orm/migrations'

export class Migration20261130040333_tax_records extends Migration {
  override name = 'Migration20261130040333_tax_records'

  override up(): void | Promise<void> {
    this.addSql(`alter table "orders" add "tax_record" jsonb null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "orders" drop column "tax_record";`)
  }
}
