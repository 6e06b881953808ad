import { Migration } from '@mikro-orm/migrations'

/** Affiliates and referrers are registered before they can earn. Orders that were made keep the shares they were made with. */
export class Migration20261125230400_recipients extends Migration {
  override name = 'Migration20261125230400_recipients'

  override up(): void {
    this.addSql(`
      create table recipients (merchant_id text not null, id text not null, name text not null, email text null,
        created_at timestamptz not null default now(), deleted_at timestamptz null, primary key (merchant_id, id))`)
  }
}
