import { Migration } from '@mikro-orm/migrations'

/**
 * Splits know the seller they came from and what they hold of each line; refunds can be of shipping alone, may have been made at the
 * provider, and remember what they closed. Splits made before know their seller where there is only one answer.
 */
export class Migration20261125210100_refunds_by_line extends Migration {
  override name = 'Migration20261125210100_refunds_by_line'

  override up(): void {
    this.addSql(`alter table splits add column seller_id text null, add column lines jsonb null,
      add column reversed_lines jsonb not null default '{}'`)
    this.addSql(`alter table refunds add column shipping jsonb not null default '[]',
      add column origin text not null default 'ordermill', add column closed jsonb null`)
    this.addSql(`alter table refunds add constraint refunds_origin_check check (origin in ('ordermill', 'provider'))`)
    this.addSql(`update splits set seller_id = substr(recipient, length('merchant:') + 1) where kind = 'merchant'`)
    this.addSql(`
      update splits s set seller_id = one.seller_id
      from (select order_id, min(seller_id) as seller_id from order_items group by order_id having count(distinct seller_id) = 1) one
      where one.order_id = s.order_id and s.seller_id is null`)
  }
}
