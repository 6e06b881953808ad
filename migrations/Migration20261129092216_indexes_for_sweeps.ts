import { Migration } from '@mikro-orm/migrations'

export class Migration20261129092216_indexes_for_sweeps extends Migration {
  override name = 'Migration20261129092216_indexes_for_sweeps'

  override up(): void | Promise<void> {
    this.addSql(`create index charges_lapsing on charges (authorized_until) where state = 'capturable';`)

    this.addSql(`create index checkouts_abandoned on checkouts (updated_at) where locked_at is null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "charges_lapsing";`)

    this.addSql(`drop index "checkouts_abandoned";`)
  }
}
