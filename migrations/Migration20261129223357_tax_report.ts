import { Migration } from '@mikro-orm/migrations'

export class Migration20261129223357_tax_report extends Migration {
  override name = 'Migration20261129223357_tax_report'

  override up(): void | Promise<void> {
    this.addSql(`create index ledger_entries_tax on ledger_entries (created_at) where account like 'tax:%';`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "ledger_entries_tax";`)
  }
}
