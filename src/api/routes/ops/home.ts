import { missingForSale } from '../../../checkouts/missing-for-sale.ts'
import { readBacklog } from '../../../operators/backlog.ts'
import { readLastDay } from '../../../operators/last-day.ts'
import { allowChanges } from '../../../operators/sessions.ts'
import { readQueueWork, readRetryingTasks } from '../../../operators/work.ts'
import { ordersWithAttention } from '../../../order-view/find-orders.ts'
import { ApiError } from '../../../platform/errors.ts'
import { listTasks } from '../../../tasks/tasks.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { operationsPage } from '../../pages/operations-page.ts'
import { sendPage } from '../../pages/page.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { retryFailedTask } from './retry-failed-task.ts'

const confirmationMinutes = 15
const shownTasks = 20

/** `/ops`: the operators' home with its two forms, "allow changes in Bull Board" and "retry". */
export function registerHome(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const operatorOnly = requireOperator(parts)

  app.get('/ops', operatorOnly, async (c) => {
    const [backlog, missing, queues, retrying, { tasks: failed }, attention, lastDay] = await Promise.all([
      readBacklog(sql),
      missingForSale(parts.database, parts.config),
      readQueueWork(sql),
      readRetryingTasks(sql),
      listTasks(sql, { state: 'failed', limit: shownTasks }),
      ordersWithAttention(sql),
      readLastDay(sql),
    ])
    const operator = c.get('operator')
    return sendPage(c, operationsPage({ operator, backlog, missing, queues, retrying, failed, attention, lastDay }))
  })
  app.get('/ops/', openToAnyone, (c) => c.redirect('/ops', 301))

  app.post('/ops/confirmation', operatorOnly, async (c) => {
    const { allow } = await c.req.parseBody()
    const operator = c.get('operator')
    await allowChanges(sql, operator, allow === 'yes' ? confirmationMinutes : 0)
    parts.log.info({ operatorId: operator.userId, allowed: allow === 'yes' }, 'changes in Bull Board')
    return c.redirect('/ops', 303)
  })

  app.post('/ops/tasks/:id/retry', operatorOnly, async (c) => {
    try {
      const acceptCost = (await c.req.parseBody()).acceptCost === 'yes'
      await retryFailedTask(parts, c.req.param('id'), { operatorId: c.get('operator').userId, acceptCost })
    } catch (error) {
      // Somebody else was faster: the page they come back to shows it.
      if (!(error instanceof ApiError && error.code === 'task_not_failed')) throw error
    }
    const orderId = c.req.query('order')
    return c.redirect(orderId ? `/ops/orders/${encodeURIComponent(orderId)}` : '/ops', 303)
  })
}
