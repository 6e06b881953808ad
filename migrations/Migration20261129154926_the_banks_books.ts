import { Migration } from '@mikro-orm/migrations'

export class Migration20261129154926_the_banks_books extends Migration {
  override name = 'Migration20261129154926_the_banks_books'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_findings" ("id" text not null, "provider" text not null, "currency" text not null, "subject" text not null, "order_id" text null, "kind" text not null, "theirs" bigint not null, "ours" bigint not null, "state" text not null default 'open', "reason" text null, "author" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(
      `create unique index audit_findings_standing on audit_findings (provider, currency, subject) where state <> 'corrected';`,
    )
    this.addSql(`create index audit_findings_open on audit_findings (id) where state = 'open';`)

    this.addSql(
      `create table "bank_lines" ("id" text not null, "provider" text not null, "reference" text not null, "kind" text not null, "source" text null, "amount" bigint not null, "fee" bigint not null, "currency" text not null, "at" timestamptz not null, "available_on" timestamptz null, "order_id" text null, "charge_id" text null, "operation_id" text null, "dispute_id" text null, "booked_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "bank_lines_charge_id_index" on "bank_lines" ("charge_id");`)
    this.addSql(`create index "bank_lines_operation_id_index" on "bank_lines" ("operation_id");`)
    this.addSql(`create index bank_lines_open on bank_lines (at) where booked_at is null;`)
    this.addSql(
      `alter table "bank_lines" add constraint "bank_lines_provider_reference_unique" unique ("provider", "reference");`,
    )

    this.addSql(
      `create table "bank_marks" ("provider" text not null, "read_until" timestamptz not null, primary key ("provider"));`,
    )

    this.addSql(`create index "charges_provider_charge_id_index" on "charges" ("provider_charge_id");`)

    this.addSql(`alter table "ledger_entries" alter column "order_id" drop not null;`)
    this.addSql(`create index "ledger_entries_account_id_index" on "ledger_entries" ("account", "id");`)

    this.addSql(`alter table "charge_entries" drop constraint "charge_entries_kind_check";`)
    this.addSql(
      `alter table "charge_entries" add constraint "charge_entries_kind_check" check ("kind" in ('capture', 'cancel', 'refund', 'dispute'));`,
    )

    // Raw: what a provider was expected to keep was booked to its account; only its own books say what it keeps.
    this.addSql(`insert into ledger_entries (correlation_key, order_id, account, amount, currency)
      select s.id || '-renamed', s.order_id, way.account, way.sign * sum(l.amount), l.currency
      from splits s
      join ledger_entries l on l.order_id = s.order_id and l.account = s.recipient
        and (l.correlation_key = s.id or starts_with(l.correlation_key, s.id || '-'))
      cross join lateral (values (s.recipient, -1), (case s.kind when 'platform' then 'platform:commission' else 'platform:provider_fee' end, 1)) way (account, sign)
      where s.kind in ('platform', 'provider_fee')
      group by s.id, s.order_id, way.account, way.sign, l.currency having sum(l.amount) <> 0;`)
    this.addSql(`update splits set recipient = case kind when 'platform' then 'platform:commission' else 'platform:provider_fee' end
      where kind in ('platform', 'provider_fee');`)
    this.addSql(
      `create trigger ledger_is_kept before truncate on ledger_entries for each statement execute function refuse_ledger_change();`,
    )

    this.addSql(
      `alter table "audit_findings" add constraint "audit_findings_kind_check" check ("kind" in ('missing_here', 'missing_there', 'amount_differs', 'not_cleared'));`,
    )
    this.addSql(
      `alter table "audit_findings" add constraint "audit_findings_state_check" check ("state" in ('open', 'explained', 'corrected'));`,
    )

    this.addSql(
      `alter table "bank_lines" add constraint "bank_lines_kind_check" check ("kind" in ('charge', 'refund', 'refund_failure', 'transfer', 'reversal', 'dispute', 'fee', 'payout', 'other'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_findings" cascade;`)
    this.addSql(`drop table if exists "bank_lines" cascade;`)
    this.addSql(`drop table if exists "bank_marks" cascade;`)

    this.addSql(`drop index "charges_provider_charge_id_index";`)

    this.addSql(`drop index "ledger_entries_account_id_index";`)
    this.addSql(`drop trigger ledger_is_kept on ledger_entries;`)
    this.addSql(`alter table "ledger_entries" alter column "order_id" set not null;`)
  }
}
