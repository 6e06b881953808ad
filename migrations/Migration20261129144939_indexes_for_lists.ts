import { Migration } from '@mikro-orm/migrations'

export class Migration20261129144939_indexes_for_lists extends Migration {
  override name = 'Migration20261129144939_indexes_for_lists'

  override up(): void | Promise<void> {
    this.addSql(`create index checkouts_listed on checkouts (merchant_id, id) where kind = 'checkout';`)
    this.addSql(`create index checkouts_of_email on checkouts (merchant_id, email, id) where kind = 'checkout';`)
    this.addSql(
      `create index checkouts_of_customer on checkouts (merchant_id, customer_id, id) where kind = 'checkout';`,
    )

    this.addSql(`drop index "customers_merchant_id_created_at_index";`)
    this.addSql(
      `create index "customers_merchant_id_created_at_id_index" on "customers" ("merchant_id", "created_at", "id");`,
    )
    this.addSql(
      `create index "customers_merchant_id_email_created_at_id_index" on "customers" ("merchant_id", "email", "created_at", "id");`,
    )
    this.addSql(
      `create index customers_to_forget on customers (merchant_id, created_at, id) where request_to_be_forgotten;`,
    )

    this.addSql(`drop index "files_merchant_id_index";`)
    this.addSql(`create index "files_merchant_id_id_index" on "files" ("merchant_id", "id");`)
    this.addSql(`create index "files_merchant_id_filename_id_index" on "files" ("merchant_id", "filename", "id");`)
    this.addSql(`create index files_titled on files (merchant_id, title, id) where title is not null;`)

    this.addSql(`drop index "file_links_merchant_id_index";`)
    this.addSql(`create index "file_links_merchant_id_id_index" on "file_links" ("merchant_id", "id");`)

    this.addSql(`drop index "fulfillments_merchant_id_created_at_index";`)
    this.addSql(`create index "fulfillments_merchant_id_id_index" on "fulfillments" ("merchant_id", "id");`)
    this.addSql(
      `create index fulfillments_tracked on fulfillments (merchant_id, tracking_number, id) where tracking_number is not null;`,
    )

    this.addSql(`drop index "orders_merchant_id_created_at_index";`)
    this.addSql(`create index orders_listed on orders (merchant_id, id) where not draft;`)
    this.addSql(`create index orders_in_state on orders (merchant_id, state, id) where not draft;`)
    this.addSql(`create index orders_in_currency on orders (merchant_id, currency, id) where not draft;`)
    this.addSql(
      `create index orders_of_email on orders (merchant_id, lower(email) text_pattern_ops, id) where not draft;`,
    )
    this.addSql(
      `create index orders_of_name on orders (merchant_id, lower(buyer_name) text_pattern_ops, id) where buyer_name is not null and not draft;`,
    )
    this.addSql(
      `create index orders_of_customer on orders (merchant_id, customer_id, id) where customer_id is not null;`,
    )
    this.addSql(
      `create index orders_upstream on orders (merchant_id, upstream_id, id) where upstream_id is not null and not draft;`,
    )
    this.addSql(
      `create index orders_screened on orders (merchant_id, fraud_state, id) where fraud_state is not null and not draft;`,
    )

    this.addSql('drop index orders_of_link')
    this.addSql(
      'create index orders_of_link on orders (merchant_id, link_id, id) where link_id is not null and not draft',
    )
    this.addSql('drop index splits_unsettled')
    this.addSql("create index splits_settled_outside on splits (state, id) where state in ('recorded', 'settled')")
    this.addSql('drop index tasks_failed')
    this.addSql("create index tasks_failed on tasks (id) where state = 'failed'")

    this.addSql(`create index "order_items_sku_id_order_id_index" on "order_items" ("sku_id", "order_id");`)

    this.addSql(`drop index "outgoing_events_merchant_id_id_index";`)
    this.addSql(
      `create index "outgoing_events_merchant_id_type_id_index" on "outgoing_events" ("merchant_id", "type", "id");`,
    )

    this.addSql(`drop index "refunds_merchant_id_created_at_index";`)
    this.addSql(`create index "refunds_merchant_id_id_index" on "refunds" ("merchant_id", "id");`)
    this.addSql(`create index "refunds_merchant_id_state_id_index" on "refunds" ("merchant_id", "state", "id");`)

    this.addSql(`drop index "returns_merchant_id_created_at_index";`)
    this.addSql(`create index "returns_merchant_id_id_index" on "returns" ("merchant_id", "id");`)
    this.addSql(`create index "returns_merchant_id_state_id_index" on "returns" ("merchant_id", "state", "id");`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "checkouts_listed";`)
    this.addSql(`drop index "checkouts_of_email";`)
    this.addSql(`drop index "checkouts_of_customer";`)

    this.addSql(`drop index "customers_merchant_id_created_at_id_index";`)
    this.addSql(`drop index "customers_merchant_id_email_created_at_id_index";`)
    this.addSql(`drop index "customers_to_forget";`)
    this.addSql(`create index "customers_merchant_id_created_at_index" on "customers" ("merchant_id", "created_at");`)

    this.addSql(`drop index "file_links_merchant_id_id_index";`)
    this.addSql(`create index "file_links_merchant_id_index" on "file_links" ("merchant_id");`)

    this.addSql(`drop index "files_merchant_id_id_index";`)
    this.addSql(`drop index "files_merchant_id_filename_id_index";`)
    this.addSql(`drop index "files_titled";`)
    this.addSql(`create index "files_merchant_id_index" on "files" ("merchant_id");`)

    this.addSql(`drop index "fulfillments_merchant_id_id_index";`)
    this.addSql(`drop index "fulfillments_tracked";`)
    this.addSql(
      `create index "fulfillments_merchant_id_created_at_index" on "fulfillments" ("merchant_id", "created_at");`,
    )

    this.addSql('drop index orders_of_link')
    this.addSql('create index orders_of_link on orders (link_id, created_at) where link_id is not null')
    this.addSql('drop index splits_settled_outside')
    this.addSql("create index splits_unsettled on splits (created_at) where state = 'recorded'")
    this.addSql('drop index tasks_failed')
    this.addSql("create index tasks_failed on tasks (created_at) where state = 'failed'")

    this.addSql(`drop index "order_items_sku_id_order_id_index";`)

    this.addSql(`drop index "orders_listed";`)
    this.addSql(`drop index "orders_in_state";`)
    this.addSql(`drop index "orders_in_currency";`)
    this.addSql(`drop index "orders_of_email";`)
    this.addSql(`drop index "orders_of_name";`)
    this.addSql(`drop index "orders_of_customer";`)
    this.addSql(`drop index "orders_upstream";`)
    this.addSql(`drop index "orders_screened";`)
    this.addSql(`create index "orders_merchant_id_created_at_index" on "orders" ("merchant_id", "created_at");`)

    this.addSql(`drop index "outgoing_events_merchant_id_type_id_index";`)
    this.addSql(`create index "outgoing_events_merchant_id_id_index" on "outgoing_events" ("merchant_id", "id");`)

    this.addSql(`drop index "refunds_merchant_id_id_index";`)
    this.addSql(`drop index "refunds_merchant_id_state_id_index";`)
    this.addSql(`create index "refunds_merchant_id_created_at_index" on "refunds" ("merchant_id", "created_at");`)

    this.addSql(`drop index "returns_merchant_id_id_index";`)
    this.addSql(`drop index "returns_merchant_id_state_id_index";`)
    this.addSql(`create index "returns_merchant_id_created_at_index" on "returns" ("merchant_id", "created_at");`)
  }
}
