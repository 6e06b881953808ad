import { Migration } from '@mikro-orm/migrations'

export class Migration20261129220541_payouts extends Migration {
  override name = 'Migration20261129220541_payouts'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "payouts" ("id" text not null, "merchant_id" text not null, "recipient_id" text null, "currency" text not null, "amount" bigint not null, "method" text not null, "destination" text null, "reference" text null, "state" text not null, "state_transitions" jsonb not null, "reason" text null, "author" text not null, "scheduled_for" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "payouts_merchant_id_id_index" on "payouts" ("merchant_id", "id");`)
    this.addSql(
      `create unique index payouts_scheduled on payouts (merchant_id, coalesce(recipient_id, ''), currency, scheduled_for) where scheduled_for is not null;`,
    )

    this.addSql(`alter table "ledger_entries" add "payout_id" text null;`)
    this.addSql(`create index ledger_entries_payout_id on ledger_entries (payout_id) where payout_id is not null;`)

    this.addSql(`alter table "recipients" add "stripe_account_id" text null;`)

    this.addSql(`drop index "splits_to_come";`)
    this.addSql(
      `create index splits_to_come on splits (recipient) where state = 'planned' and kind in ('merchant', 'tax', 'affiliate', 'referrer');`,
    )

    // A transfer may be for a payout, which is no order.
    this.addSql(`alter table operations drop constraint operations_order_id_fk;`)
    this.addSql(
      `alter table payouts add constraint payouts_merchant_id_fk foreign key (merchant_id) references merchants (id);`,
    )

    this.addSql(`alter table "payouts" add constraint "payouts_of_something" check (amount > 0);`)
    this.addSql(
      `alter table "payouts" add constraint "payouts_method_check" check ("method" in ('transfer', 'manual'));`,
    )
    this.addSql(
      `alter table "payouts" add constraint "payouts_state_check" check ("state" in ('pending', 'paid', 'failed'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "payouts" cascade;`)

    this.addSql(`drop index "ledger_entries_payout_id";`)
    this.addSql(`alter table "ledger_entries" drop column "payout_id";`)

    this.addSql(`alter table "recipients" drop column "stripe_account_id";`)

    this.addSql(`drop index "splits_to_come";`)
    this.addSql(
      `create index splits_to_come on splits (recipient) where state = 'planned' and kind in ('merchant', 'tax');`,
    )
    this.addSql(
      `alter table operations add constraint operations_order_id_fk foreign key (order_id) references orders (id) not valid;`,
    )
  }
}
