import { Migration } from '@mikro-orm/migrations'

/** A refund of a charge remembers what it took back of each split, to put exactly that back should it fail later. */
export class Migration20261125210200_late_refund_failures extends Migration {
  override name = 'Migration20261125210200_late_refund_failures'

  override up(): void {
    this.addSql('alter table charge_entries add column shares jsonb null')
  }
}
