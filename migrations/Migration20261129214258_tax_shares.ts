import { Migration } from '@mikro-orm/migrations'

export class Migration20261129214258_tax_shares extends Migration {
  override name = 'Migration20261129214258_tax_shares'

  override up(): void | Promise<void> {
    this.addSql(`alter table "splits" drop constraint "splits_kind_check";`)
    this.addSql(
      `alter table "splits" add constraint "splits_kind_check" check ("kind" in ('platform', 'provider_fee', 'fulfilment', 'tax', 'affiliate', 'referrer', 'merchant'));`,
    )
    this.addSql(`drop index "splits_to_come";`)
    this.addSql(
      `create index splits_to_come on splits (recipient) where state = 'planned' and kind in ('merchant', 'tax');`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "splits" drop constraint "splits_kind_check";`)
    this.addSql(
      `alter table "splits" add constraint "splits_kind_check" check ("kind" in ('platform', 'provider_fee', 'fulfilment', 'affiliate', 'referrer', 'merchant'));`,
    )
    this.addSql(`drop index "splits_to_come";`)
    this.addSql(`create index splits_to_come on splits (recipient) where state = 'planned' and kind = 'merchant';`)
  }
}
