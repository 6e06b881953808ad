import { Migration } from '@mikro-orm/migrations'

export class Migration20261129220456_sunk_costs extends Migration {
  override name = 'Migration20261129220456_sunk_costs'

  override up(): void | Promise<void> {
    this.addSql(`alter table "charge_entries" add "costs" jsonb null;`)

    this.addSql(`alter table "merchants" add "in_debt" boolean not null default false;`)

    this.addSql(`alter table "splits" add "withheld_amount" bigint not null default '0';`)
    this.addSql(`alter table "splits" add constraint "splits_withheld" check (withheld_amount between 0 and amount);`)

    // What parcels and print jobs have cost before is booked, and paid back where it was called off.
    this.addSql(`
      insert into ledger_entries (correlation_key, order_id, account, amount, currency)
      select s.id || part.suffix, s.order_id, part.account, part.sign * s.cost, o.currency
      from shipments s
      join orders o on o.id = s.order_id
      cross join lateral (values
        ('-cost', 'platform:fulfilment', -1), ('-cost', 'cost:' || s.provider, 1),
        ('-cost-repaid', 'cost:' || s.provider, -1), ('-cost-repaid', 'platform:fulfilment', 1)
      ) part (suffix, account, sign)
      where s.cost > 0 and (part.suffix = '-cost' or s.state = 'cancelled')
      on conflict (correlation_key, account) do nothing;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "charge_entries" drop column "costs";`)

    this.addSql(`alter table "merchants" drop column "in_debt";`)

    this.addSql(`alter table "splits" drop constraint "splits_withheld";`)
    this.addSql(`alter table "splits" drop column "withheld_amount";`)
  }
}
