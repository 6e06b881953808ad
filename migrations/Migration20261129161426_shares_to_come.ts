import { Migration } from '@mikro-orm/migrations'

export class Migration20261129161426_shares_to_come extends Migration {
  override name = 'Migration20261129161426_shares_to_come'

  override up(): void | Promise<void> {
    this.addSql(
      `create index disputes_open on disputes (charge_id) where state in ('warning_needs_response', 'warning_under_review', 'needs_response', 'under_review');`,
    )

    this.addSql(`create index splits_to_come on splits (recipient) where state = 'planned' and kind = 'merchant';`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "disputes_open";`)

    this.addSql(`drop index "splits_to_come";`)
  }
}
