import type { Expression } from 'kysely'
import { db, type Hole, scalar, statement } from '../database/statement.ts'
import { moveSources } from '../sources/move-source.ts'

const useCreditOf = (sourceId: Expression<{ credit_source_id: string | null }>) =>
  moveSources('consumed').where((s) => s('s.id', '=', scalar(sourceId)))

/** The credit beside a charge is used with the first of its money that is taken, as a part of the statement that counts that. */
export const useCreditBeside = (chargeId: Hole<string>) =>
  useCreditOf(
    db
      .selectFrom('charges as c')
      .innerJoin('orders as o', 'o.id', 'c.order_id')
      .select('o.credit_source_id')
      .where('c.id', '=', chargeId),
  )

/** Uses the credit of an order that nothing else pays. */
export const useCredit = statement<{ orderId: string }>()((db, $) =>
  useCreditOf(db.selectFrom('orders').select('credit_source_id').where('id', '=', $.orderId)),
)
