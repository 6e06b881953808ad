import { Migration } from '@mikro-orm/migrations'

export class Migration20261130222416_link_quantities extends Migration {
  override name = 'Migration20261130222416_link_quantities'

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "links" add "min_quantity" int not null default 1, add "max_quantity" int not null default 1;`,
    )
    this.addSql(
      `alter table "links" add constraint "links_quantity" check (min_quantity > 0 and min_quantity <= max_quantity);`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "links" drop constraint "links_quantity";`)
    this.addSql(`alter table "links" drop column "min_quantity", drop column "max_quantity";`)
  }
}
