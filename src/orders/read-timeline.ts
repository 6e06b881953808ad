import type { Sql } from '../database/database.ts'
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

/** Everything that happened to an order and every task it called for, or undefined when it is not the viewer's. */
export async function readTimeline(
  sql: Sql,
  viewer: Viewer,
  orderId: string,
): Promise<{ lines: TimelineView[]; tasks: TaskOfOrder[] } | undefined> {
  const [order] = await sql<{ lines: TimelineView[]; tasks: TaskOfOrder[] }>(
    `select
      (select coalesce(json_agg(json_build_object('at', l.at, 'kind', l.kind, 'subject', l.subject, 'subjectId', l.subject_id,
          'from', l.from_state, 'to', l.to_state, 'cause', l.cause, 'detail', l.detail) order by l.id), '[]')
        from order_timeline l where l.order_id = o.id) as lines,
      (select coalesce(json_agg(json_build_object('id', t.id, 'job', t.job, 'state', t.state, 'attempts', t.attempts,
          'lastError', t.last_error, 'createdAt', t.created_at, 'doneAt', t.done_at) order by t.id), '[]')
        from tasks t where t.order_id = o.id) as tasks
     from orders o where o.id = $1 and o.merchant_id = $2`,
    [orderId, viewer.merchantId],
  )
  return order
}
