import { Migration } from '@mikro-orm/migrations'

export class Migration20261129145403_revenue_sums extends Migration {
  override name = 'Migration20261129145403_revenue_sums'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "counted_orders" ("order_id" text not null, "merchant_id" text not null, "kept" bigint not null, "paid" boolean not null, "handed_over" boolean not null, primary key ("order_id"));`,
    )
    this.addSql(`create index counted_orders_paid on counted_orders (merchant_id, handed_over, order_id) where paid;`)

    this.addSql(`create table "revenue_marks" ("id" text not null, "line_id" bigint not null, primary key ("id"));`)
    this.addSql(
      `create table "revenue_sums" ("merchant_id" text not null, "subject" text not null, "day" date not null, "currency" text not null, "name" text null, "kept" bigint not null, "order_count" bigint not null, "paid_count" bigint not null, primary key ("merchant_id", "subject", "day", "currency"));`,
    )

    // What was before is counted here: timelines may be kept for less than orders are. Lines of the last minutes, which a transaction may
    // still hold back, are looked at again.
    this.addSql(`insert into revenue_marks select 'revenue',
      coalesce((select id from order_timeline where at < now() - interval '10 minutes' order by id desc limit 1), 0)`)
    this.addSql(`insert into counted_orders
      select o.id, o.merchant_id, coalesce(m.kept, 0), o.state in ('accepted', 'confirmed', 'fulfilled', 'complete', 'returned'),
        coalesce((select i.state in ('fulfilled', 'returned') from order_items i where i.order_id = o.id and i.kind = 'digital'
          order by i.position limit 1), false)
      from orders o left join (select order_id, sum(captured_amount - refunded_amount) as kept from charges group by order_id) m
        on m.order_id = o.id
      where not o.draft`)
    const sums = (subject: string, name: string, kept: string, more = '') =>
      this.addSql(`insert into revenue_sums
        select o.merchant_id, ${subject}, (o.created_at at time zone 'UTC')::date, o.currency, ${name}, sum(${kept}),
          count(distinct o.id), count(distinct o.id) filter (where c.paid)
        from orders o join counted_orders c on c.order_id = o.id ${more} group by 1, 2, 3, 4`)
    sums(`''`, 'null', 'c.kept')
    sums(`'link:' || o.link_id`, 'null', 'c.kept', 'where o.link_id is not null')
    sums(
      `'sku:' || coalesce(i.sku_id, '')`,
      `max(i.product ->> 'name')`,
      'case when g.goods = 0 then 0 else round(c.kept::numeric * i.amount / g.goods) end',
      `join order_items i on i.order_id = o.id
       join (select order_id, sum(amount) as goods from order_items group by order_id) g on g.order_id = o.id`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "counted_orders" cascade;`)
    this.addSql(`drop table if exists "revenue_marks" cascade;`)
    this.addSql(`drop table if exists "revenue_sums" cascade;`)
  }
}
