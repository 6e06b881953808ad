import { rowsOf, statement } from '../database/statement.ts'

/** Keeps back of shares what is told of each, once and before anything of them is asked of a provider. Returns those it was kept back of. Minor units. */
export const withholdFromSplits = statement<{ withheld: readonly { id: string; amount: number }[] }>()((db, $) =>
  db
    .updateTable('splits as s')
    .from(rowsOf($.withheld, 'w', { id: 'text', amount: 'bigint' }))
    .set((s) => ({ withheld_amount: s.ref('w.amount') }))
    .whereRef('s.id', '=', 'w.id')
    .where('s.state', '=', 'planned')
    .where('s.withheld_amount', '=', 0)
    // What was asked for already is asked for again as it was.
    .where((s) =>
      s.not(
        s.exists(
          s
            .selectFrom('operations as o')
            .select('o.id')
            .whereRef('o.order_id', '=', 's.order_id')
            .whereRef('o.split_id', '=', 's.id'),
        ),
      ),
    )
    .returning(['s.id', 's.withheld_amount as amount']),
)
