import { Migration } from '@mikro-orm/migrations'

/**
 * Publishable keys are used by pages of any site until their merchant names the sites. What sells by a link is not put into the public
 * catalogue by this change.
 */
export class Migration20261125230300_key_origins extends Migration {
  override name = 'Migration20261125230300_key_origins'

  override up(): void {
    this.addSql(`alter table api_keys add column origins jsonb`)
    this.addSql(`alter table skus add column listed boolean not null default true`)
    this.addSql(`
      update skus s set listed = false
      where exists (select 1 from links l where l.merchant_id = s.merchant_id and l.product_id = s.id)`)
  }
}
