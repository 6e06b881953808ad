import { Migration } from '@mikro-orm/migrations'

export class Migration20261130034755_claims extends Migration {
  override name = 'Migration20261130034755_claims'

  override up(): void | Promise<void> {
    this.addSql(`alter table "charges" add "surplus_of" text null;`)
    this.addSql(`create index charges_surplus on charges (surplus_of) where surplus_of is not null;`)

    this.addSql(`alter table "charge_entries" add "claim_url" text null;`)

    this.addSql(`alter table "mails" drop constraint "mails_kind_check";`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'refund', 'refund_claim'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "charge_entries" drop column "claim_url";`)

    this.addSql(`drop index "charges_surplus";`)
    this.addSql(`alter table "charges" drop column "surplus_of";`)

    this.addSql(`alter table "mails" drop constraint "mails_kind_check";`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'refund'));`,
    )
  }
}
