import { Migration } from '@mikro-orm/migrations'

/** Orders of checkout links are given back to the browser that began them. Those begun before have no token: nobody gets them again. */
export class Migration20261125230100_buyer_tokens extends Migration {
  override name = 'Migration20261125230100_buyer_tokens'

  override up(): void {
    this.addSql(`alter table orders add column buyer_token text`)
    this.addSql(`create index orders_of_buyer_token on orders (buyer_token) where buyer_token is not null`)
  }
}
