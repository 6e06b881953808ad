import { Migration } from '@mikro-orm/migrations'

export class Migration20261130180836_buyer_mails extends Migration {
  override name = 'Migration20261130180836_buyer_mails'

  override up(): void | Promise<void> {
    this.addSql(`alter table "mails" drop constraint "mails_kind_check";`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'shipped', 'order_links', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'invoice', 'refund', 'refund_claim'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "mails" drop constraint "mails_kind_check";`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'invoice', 'refund', 'refund_claim'));`,
    )
  }
}
