import { Migration } from '@mikro-orm/migrations'

export class Migration20261130103938_tax_certificates extends Migration {
  override name = 'Migration20261130103938_tax_certificates'

  override up(): void | Promise<void> {
    this.addSql(`alter table "customers" add "tax_certificates" jsonb not null default '[]';`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "customers" drop column "tax_certificates";`)
  }
}
