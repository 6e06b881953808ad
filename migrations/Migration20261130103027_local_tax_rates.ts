import { Migration } from '@mikro-orm/migrations'

export class Migration20261130103027_local_tax_rates extends Migration {
  override name = 'Migration20261130103027_local_tax_rates'

  override up(): void | Promise<void> {
    this.addSql(`alter table "tax_rates" drop constraint "tax_rates_place";`)
    this.addSql(
      `alter table "tax_rates" add "postal_from" text null, add "postal_to" text null, add "city" text null, add "county" text null;`,
    )
    this.addSql(
      `create unique index tax_rates_row on tax_rates (country, state, county, city, postal_from, postal_to, category, valid_from) nulls not distinct;`,
    )
    this.addSql(
      `alter table "tax_rates" add constraint "tax_rates_range" check ((postal_from is null) = (postal_to is null) and postal_from <= postal_to);`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "tax_rates_row";`)
    this.addSql(`alter table "tax_rates" drop constraint "tax_rates_range";`)
    this.addSql(
      `alter table "tax_rates" drop column "postal_from", drop column "postal_to", drop column "city", drop column "county";`,
    )
    this.addSql(
      `alter table "tax_rates" add constraint "tax_rates_place" unique ("country", "state", "category", "valid_from");`,
    )
  }
}
