import { Migration } from '@mikro-orm/migrations'

export class Migration20261130215225_picture_sizes extends Migration {
  override name = 'Migration20261130215225_picture_sizes'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "picture_sizes" ("file_id" text not null, "picture_id" text not null, "width" int not null, "height" int not null, primary key ("file_id"));`,
    )
    this.addSql(`create index "picture_sizes_picture_id_index" on "picture_sizes" ("picture_id");`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "picture_sizes" cascade;`)
  }
}
