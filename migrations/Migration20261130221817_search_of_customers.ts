import { Migration } from '@mikro-orm/migrations'

export class Migration20261130221817_search_of_customers extends Migration {
  override name = 'Migration20261130221817_search_of_customers'

  override up(): void | Promise<void> {
    this.addSql(
      `create index customers_of_address on customers (merchant_id, lower(email) text_pattern_ops) where email is not null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "customers_of_address";`)
  }
}
