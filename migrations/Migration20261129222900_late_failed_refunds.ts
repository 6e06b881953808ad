import { Migration } from '@mikro-orm/migrations'

export class Migration20261129222900_late_failed_refunds extends Migration {
  override name = 'Migration20261129222900_late_failed_refunds'

  override up(): void | Promise<void> {
    this.addSql(
      `create index charge_entries_failed on charge_entries (order_id) where kind = 'refund' and state = 'failed';`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "charge_entries_failed";`)
  }
}
