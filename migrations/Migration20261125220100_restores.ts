import { Migration } from '@mikro-orm/migrations'

/** When the database was restored to an earlier moment; empty until that happens. */
export class Migration20261125220100_restores extends Migration {
  override name = 'Migration20261125220100_restores'

  override up(): void {
    this.addSql(
      'create table restores (restored_at timestamptz not null primary key, restored_to timestamptz not null)',
    )
  }

  override down(): void {
    this.addSql('drop table restores')
  }
}
