import { Migration } from '@mikro-orm/migrations'

export class Migration20261129231153_dispute_evidence extends Migration {
  override name = 'Migration20261129231153_dispute_evidence'

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "disputes" add "evidence_due_at" timestamptz null, add "evidence_sent_at" timestamptz null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "disputes" drop column "evidence_due_at", drop column "evidence_sent_at";`)
  }
}
