import { Migration } from '@mikro-orm/migrations'

/** Times of items that were written as Postgres writes them become ISO 8601, like all others. */
export class Migration20261125235001_item_times extends Migration {
  override name = 'Migration20261125235001_item_times'

  override up(): void {
    this.addSql(`update order_items set state_transitions = state_transitions || jsonb_build_object('created',
      to_char((state_transitions ->> 'created')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      where state_transitions ->> 'created' like '____-__-__ %'`)
  }
}
