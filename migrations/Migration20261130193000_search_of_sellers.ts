import { Migration } from '@mikro-orm/migrations'

export class Migration20261130193000_search_of_sellers extends Migration {
  override name = 'Migration20261130193000_search_of_sellers'

  override up(): void | Promise<void> {
    this.addSql(
      `create index shipments_tracked on shipments (tracking_number, order_id) where tracking_number is not null;`,
    )

    this.addSql(`create index skus_named on skus (merchant_id, lower(name) text_pattern_ops) where deleted_at is null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "shipments_tracked";`)

    this.addSql(`drop index "skus_named";`)
  }
}
