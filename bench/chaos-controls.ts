import { setTimeout as pause } from 'node:timers/promises'
import { parsed } from './http-client.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

// Negative controls: each does on purpose what must never happen, so that a run which does not fail proves the check broken.

/** A second transfer for a split that was paid out, under a key of its own, straight at the provider. */
export async function doubleTransfer(stage: Stage): Promise<string> {
  const { rows } = await stage.sql.query<{ id: string; orderId: string; amount: string; destination: string }>(
    `select id, order_id as "orderId", amount, destination from splits
     where state = 'executed' and destination is not null and amount > 0 order by id limit 1`,
  )
  const [split] = rows
  if (!split) throw new Error('no split was paid out')
  await control(stage, 'POST', '/sandbox/stripe/balance', { amount: 10_000_000 })
  await control(stage, 'DELETE', '/sandbox/faults')
  const body = new URLSearchParams({
    amount: split.amount,
    currency: 'usd',
    destination: split.destination,
    transfer_group: split.orderId,
    'metadata[orderId]': split.orderId,
    'metadata[splitId]': split.id,
  }).toString()
  const headers = {
    authorization: 'Bearer sk_test_sandbox',
    'content-type': 'application/x-www-form-urlencoded',
    'idempotency-key': `control-${split.id}`,
  }
  const transfer = parsed(await stage.http.sandbox.call('POST', '/v1/transfers', { headers, body }), 'transfer')
  return `second transfer ${String(transfer.id)} for ${split.id} of ${split.orderId}`
}

/** Deletes one unfinished saga task, as if the step had only ever been in a queue that was lost. */
export async function loseTask(stage: Stage, signal: AbortSignal): Promise<string> {
  while (!signal.aborted) {
    const { rows } = await stage.sql
      .query<{ job: string; orderId: string }>(
        `delete from tasks where id = (select id from tasks where state in ('pending', 'enqueued')
           and job in ('deliver-digital', 'fulfill-shipping', 'fulfill-pod', 'distribute-revenue') order by created_at limit 1 for update skip locked)
         returning job, order_id as "orderId"`,
      )
      .catch(() => ({ rows: [] }))
    const [task] = rows
    if (task) return `deleted ${task.job} of ${task.orderId}`
    await pause(5)
  }
  throw new Error('no unfinished task was met')
}
