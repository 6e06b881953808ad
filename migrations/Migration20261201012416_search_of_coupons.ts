import { Migration } from '@mikro-orm/migrations'

export class Migration20261201012416_search_of_coupons extends Migration {
  override name = 'Migration20261201012416_search_of_coupons'

  override up(): void | Promise<void> {
    this.addSql(`create index coupons_listed on coupons (merchant_id, id) where deleted_at is null;`)
    this.addSql(
      `create index coupons_named on coupons (merchant_id, lower(code) text_pattern_ops) where deleted_at is null;`,
    )

    this.addSql(
      `create index recipients_named on recipients (merchant_id, lower(name) text_pattern_ops) where deleted_at is null;`,
    )
    this.addSql(
      `create index recipients_addressed on recipients (merchant_id, lower(email) text_pattern_ops) where deleted_at is null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "coupons_listed";`)
    this.addSql(`drop index "coupons_named";`)

    this.addSql(`drop index "recipients_named";`)
    this.addSql(`drop index "recipients_addressed";`)
  }
}
