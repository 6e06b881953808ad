import { Migration } from '@mikro-orm/migrations'

export class Migration20261130100945_steps_of_lines extends Migration {
  override name = 'Migration20261130100945_steps_of_lines'

  override up(): void | Promise<void> {
    this.addSql(`alter table "order_timeline" add "step" bigint null default (pg_current_xact_id()::text)::bigint;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "order_timeline" drop column "step";`)
  }
}
