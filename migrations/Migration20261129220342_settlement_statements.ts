import { Migration } from '@mikro-orm/migrations'

export class Migration20261129220342_settlement_statements extends Migration {
  override name = 'Migration20261129220342_settlement_statements'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "settlement_statements" ("id" text not null, "provider" text not null, "content_hash" text not null, "first_day" text not null, "last_day" text not null, "entered_by" text not null, "counts" jsonb not null, "totals" jsonb not null, "items" jsonb not null, "created_at" timestamptz not null default now(), "compared_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(
      `alter table "settlement_statements" add constraint "settlement_statements_provider_content_hash_unique" unique ("provider", "content_hash");`,
    )

    this.addSql(`alter table "audit_findings" drop constraint "audit_findings_kind_check";`)
    this.addSql(
      `alter table "audit_findings" add constraint "audit_findings_kind_check" check ("kind" in ('missing_here', 'missing_there', 'amount_differs', 'currency_differs', 'not_cleared'));`,
    )

    this.addSql(`create index bank_lines_open_source on bank_lines (provider, source) where booked_at is null;`)

    this.addSql(`alter table "bank_marks" add "read_from" timestamptz null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "settlement_statements" cascade;`)

    this.addSql(`alter table "audit_findings" drop constraint "audit_findings_kind_check";`)
    this.addSql(
      `alter table "audit_findings" add constraint "audit_findings_kind_check" check ("kind" in ('missing_here', 'missing_there', 'amount_differs', 'not_cleared'));`,
    )

    this.addSql(`drop index "bank_lines_open_source";`)

    this.addSql(`alter table "bank_marks" drop column "read_from";`)
  }
}
