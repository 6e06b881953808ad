import { Migration } from '@mikro-orm/migrations'

export class Migration20261130223452_task_traces extends Migration {
  override name = 'Migration20261130223452_task_traces'

  override up(): void | Promise<void> {
    this.addSql(`alter table "tasks" add "trace" text null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "tasks" drop column "trace";`)
  }
}
