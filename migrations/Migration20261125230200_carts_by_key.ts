import { Migration } from '@mikro-orm/migrations'

/**
 * A publishable key sees the carts made with it. Which key made the carts that are open now is known where their merchant has one
 * working publishable key; the others are left to secret keys.
 */
export class Migration20261125230200_carts_by_key extends Migration {
  override name = 'Migration20261125230200_carts_by_key'

  override up(): void {
    this.addSql(`alter table checkouts add column api_key_id text`)
    this.addSql(`
      update checkouts c set api_key_id = k.id
      from (select merchant_id, min(id) as id from api_keys where kind = 'publishable' and revoked_at is null
        group by merchant_id having count(*) = 1) k
      where k.merchant_id = c.merchant_id and c.kind = 'cart' and c.locked_at is null`)
  }
}
