import { Migration } from '@mikro-orm/migrations'

export class Migration20261130212615_roles extends Migration {
  override name = 'Migration20261130212615_roles'

  override up(): void | Promise<void> {
    this.addSql(`alter table "users" add "role" text not null default 'owner';`)
    this.addSql(`alter table "users" add constraint "users_role_check" check ("role" in ('owner', 'staff', 'reader'));`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "users" drop constraint "users_role_check";`)
    this.addSql(`alter table "users" drop column "role";`)
  }
}
