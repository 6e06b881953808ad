import { Migration } from '@mikro-orm/migrations'

export class Migration20261130114310_papers_and_pending_tax_numbers extends Migration {
  override name = 'Migration20261130114310_papers_and_pending_tax_numbers'

  override up(): void | Promise<void> {
    this.addSql(`alter table "mails" drop constraint "mails_kind_check";`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'invoice', 'refund', 'refund_claim'));`,
    )

    this.addSql(`create index tax_identifiers_pending on tax_identifiers (type, id) where state = 'pending';`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "mails" drop constraint "mails_kind_check";`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'refund', 'refund_claim'));`,
    )

    this.addSql(`drop index "tax_identifiers_pending";`)
  }
}
