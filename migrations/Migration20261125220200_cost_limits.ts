import { Migration } from '@mikro-orm/migrations'

/** What a parcel or a print job would have cost when it was dearer than quoted, and what a person has accepted. */
export class Migration20261125220200_cost_limits extends Migration {
  override name = 'Migration20261125220200_cost_limits'

  override up(): void {
    this.addSql('alter table shipments add column asked_cost bigint, add column accepted_cost bigint')
  }

  override down(): void {
    this.addSql('alter table shipments drop column asked_cost, drop column accepted_cost')
  }
}
