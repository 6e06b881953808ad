import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Sql } from '../database/database.ts'
import { jsonList, scalar, statement } from '../database/statement.ts'
import type { Viewer } from '../merchants/viewer.ts'

export type TimelineView = {
  at: string
  kind: string
  subject: string
  subjectId: string
  from: string | null
  to: string | null
  cause: string
  detail: Record<string, unknown> | null
}
export type TaskOfOrder = {
  id: string
  job: string
  state: string
  attempts: number
  lastError: string | null
  createdAt: string
  doneAt: string | null
}

const readAll = statement<{ orderId: string; merchantId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => [
      scalar(
        o
          .selectFrom('order_timeline as l')
          .select((l) =>
            jsonList(
              jsonBuildObject({
                at: l.ref('l.at'),
                kind: l.ref('l.kind'),
                subject: l.ref('l.subject'),
                subjectId: l.ref('l.subject_id'),
                from: l.ref('l.from_state'),
                to: l.ref('l.to_state'),
                cause: l.ref('l.cause'),
                detail: l.ref('l.detail'),
              }),
              l.ref('l.id'),
            ).as('list'),
          )
          .whereRef('l.order_id', '=', 'o.id'),
      ).as('lines'),
      scalar(
        o
          .selectFrom('tasks as t')
          .select((t) =>
            jsonList(
              jsonBuildObject({
                id: t.ref('t.id'),
                job: t.ref('t.job'),
                state: t.ref('t.state'),
                attempts: t.ref('t.attempts'),
                lastError: t.ref('t.last_error'),
                createdAt: t.ref('t.created_at'),
                doneAt: t.ref('t.done_at'),
              }),
              t.ref('t.id'),
            ).as('list'),
          )
          .whereRef('t.order_id', '=', 'o.id'),
      ).as('tasks'),
    ])
    .where('o.id', '=', $.orderId)
    .where('o.merchant_id', '=', $.merchantId),
)

/** Everything that happened to an order and every task it called for, or undefined when it is not the viewer's. */
export async function readTimeline(
  sql: Sql,
  viewer: Viewer,
  orderId: string,
): Promise<{ lines: TimelineView[]; tasks: TaskOfOrder[] } | undefined> {
  const [order] = await readAll(sql, { orderId, merchantId: viewer.merchantId })
  return order
}
