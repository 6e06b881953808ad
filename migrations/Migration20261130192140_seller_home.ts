import { Migration } from '@mikro-orm/migrations'

export class Migration20261130192140_seller_home extends Migration {
  override name = 'Migration20261130192140_seller_home'

  override up(): void | Promise<void> {
    this.addSql(
      `create index disputes_to_answer on disputes (evidence_due_at, id) where state in ('needs_response', 'warning_needs_response') and evidence_sent_at is null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "disputes_to_answer";`)
  }
}
