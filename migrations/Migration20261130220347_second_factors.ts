import { Migration } from '@mikro-orm/migrations'

export class Migration20261130220347_second_factors extends Migration {
  override name = 'Migration20261130220347_second_factors'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "password_resets" ("id" text not null, "user_id" text not null, "created_at" timestamptz not null default now(), "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "password_resets_user_id_index" on "password_resets" ("user_id");`)
    this.addSql(`create index "password_resets_expires_at_index" on "password_resets" ("expires_at");`)

    this.addSql(
      `create table "second_factors" ("user_id" text not null, "secret" text not null, "last_step" bigint not null default '0', "recovery_hashes" jsonb not null default '[]', "created_at" timestamptz not null default now(), "confirmed_at" timestamptz null, primary key ("user_id"));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "password_resets" cascade;`)
    this.addSql(`drop table if exists "second_factors" cascade;`)
  }
}
