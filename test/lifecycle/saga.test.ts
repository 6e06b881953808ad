import { afterEach, describe, expect, it } from 'vitest'
import { retryTask } from '../../src/tasks/tasks.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

type Line = { kind: string; subject: string; from: string | null; to: string | null; cause: string; time: string }
type Task = { id: string; job: string; state: string; attempts: number; doneTime: string }

// Removes the risk that a paid order is half done, done in the wrong order, or done twice after a failure.
describe('the confirmation saga', () => {
  const { system, shop } = runningShop(storefront)

  afterEach(() => shop.sandbox('DELETE', '/sandbox/faults'))

  const fault = (provider: string, operation: string, kind: string, more: object = {}) =>
    shop.sandbox('POST', '/sandbox/faults', { provider, operation, kind, ...more })
  const everything = [{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }, { skuId: 'sku-pod' }]

  const effects = async (orderId: string) => {
    const order = await shop.read(orderId)
    const ids = order.shipments.map((shipment: { id: string }) => shipment.id)
    const { stripe, easypost } = await shop.books(orderId)
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    const deliveries = await system.database.sql('select id from deliveries where order_id = $1', [orderId])
    return {
      transfers: stripe.transfers.length,
      labels: easypost.labels.length,
      printJobs: printful.orders.filter((job: { external_id: string }) => ids.includes(job.external_id)).length,
      deliveries: deliveries.length,
    }
  }
  const once = { transfers: 1, labels: 1, printJobs: 1, deliveries: 1 }

  it('R34 R36 R37 R38 R39 R40 R44 routes every item and confirms only after fulfilment and distribution', async () => {
    const order = await shop.order(everything)
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const { tasks, data } = (await shop.timeline(order.id)) as { tasks: Task[]; data: Line[] }
    const reached = (subject: string, to: string) =>
      Date.parse(data.find((line) => line.subject === subject && line.to === to)?.time ?? '')
    const done = (job: string) => Date.parse(tasks.find((task) => task.job === job)?.doneTime ?? '')
    for (const job of ['deliver-digital', 'fulfill-shipping', 'fulfill-pod']) {
      expect(done(job)).toBeGreaterThanOrEqual(reached('order', 'accepted') - 1)
      expect(reached('split', 'executed')).toBeGreaterThanOrEqual(done(job) - 1)
    }
    expect(reached('order', 'confirmed')).toBeGreaterThanOrEqual(reached('split', 'executed'))
    const states = data.filter((line) => line.subject === 'order' && line.kind === 'transition').map((line) => line.to)
    expect(states).toEqual(['pending', 'accepted', 'confirmed'])
    expect(await effects(order.id)).toEqual(once)
  })

  it('R41 M3 executes exactly the splits that were planned, as transfers and ledger rows', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }], {
      attribution: { affiliateId: 'blog', referrerId: 'friend' },
    })
    const planned = (await shop.must('POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' }))
      .distribution
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const splits = (await shop.must('GET', `/v2/orders/${order.id}/distribution`)).data
    expect(
      splits.map(({ kind, recipient, amount }: { kind: string; recipient: string; amount: number }) => ({
        kind,
        recipient,
        amount,
      })),
    ).toEqual(planned)
    expect(splits.every((split: { state: string }) => split.state === 'executed')).toBe(true)

    const merchant = splits.find((split: { kind: string }) => split.kind === 'merchant')
    const { stripe } = await shop.books(order.id)
    expect(stripe.transfers).toMatchObject([
      { amount: Math.round(merchant.amount * 100), destination: 'acct_millstore', transfer_group: order.id },
    ])
    expect(stripe.transfers[0].object.source_transaction).toMatch(/^ch_/)

    const ledger = await system.database.sql<{ key: string; rows: number; sum: number }>(
      'select correlation_key as key, count(*) as rows, sum(amount) as sum from ledger_entries where order_id = $1 group by 1',
      [order.id],
    )
    expect(ledger.every((movement) => movement.rows === 2 && movement.sum === 0)).toBe(true)
    const balances = await system.database.sql<{ account: string; balance: number }>(
      'select account, sum(amount) as balance from ledger_entries where order_id = $1 group by 1',
      [order.id],
    )
    const charge = balances.find((row) => row.account.startsWith('charge:'))
    expect(charge?.balance).toBe(0)
    expect(balances.find((row) => row.account === 'account:acct_millstore')?.balance).toBe(
      Math.round(merchant.amount * 100),
    )
  })

  it('I6 lets nobody write half a movement into the ledger or change it', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const insert = (rows: string) =>
      system.database.sql(
        `insert into ledger_entries (correlation_key, order_id, account, amount, currency) values ${rows}`,
        [],
      )
    await expect(insert(`('half', '${order.id}', 'a', 5, 'USD')`)).rejects.toThrow('sum to zero')
    await expect(
      insert(`('odd', '${order.id}', 'a', 5, 'USD'), ('odd', '${order.id}', 'b', -4, 'USD')`),
    ).rejects.toThrow('sum to zero')
    await expect(system.database.sql('update ledger_entries set amount = 0', [])).rejects.toThrow('only ever added to')
  })

  describe('M7 I3 when a provider fails', () => {
    it.each([
      ['stripe', 'transfers.create', 'drop_after', 'transfers'],
      ['stripe', 'transfers.create', 'drop_before', 'transfers'],
      ['easypost', 'shipments.create', 'drop_after', 'labels'],
      ['easypost', 'shipments.buy', 'drop_after', 'labels'],
      ['easypost', 'shipments.buy', 'drop_before', 'labels'],
      ['printful', 'orders.create', 'drop_after', 'printJobs'],
      ['printful', 'orders.create', 'drop_before', 'printJobs'],
    ])('%s %s %s: retried, and done once', async (provider, operation, kind) => {
      const order = await shop.order(everything)
      await fault(provider, operation, kind, { times: 4 })
      await shop.pay(order.id)
      await shop.confirmed(order.id)
      expect(await effects(order.id)).toEqual(once)
    })

    it('a 500 after the effect is asked about, not believed', async () => {
      const order = await shop.order(everything)
      await fault('easypost', 'shipments.buy', 'status', { status: 500, after: true })
      await fault('printful', 'orders.create', 'status', { status: 502, after: true })
      await fault('stripe', 'transfers.create', 'status', { status: 500, after: true })
      await shop.pay(order.id)
      await shop.confirmed(order.id)
      expect(await effects(order.id)).toEqual(once)
    })

    it('a provider that answers nonsense or too late does not end the order', async () => {
      const order = await shop.order(everything)
      await fault('printful', 'orders.create', 'html')
      await fault('easypost', 'shipments.buy', 'slow', { delayMs: 3_000, after: true })
      await shop.pay(order.id)
      await shop.until(order.id, (seen) => seen.status === 'CONFIRMED', 'status CONFIRMED', 25_000)
      expect(await effects(order.id)).toEqual(once)
    })
  })

  it('I12 shows attention after the last retry, and a retry by a person repeats no finished step', async () => {
    const order = await shop.order(everything)
    await fault('printful', 'orders.create', 'status', { status: 400, times: 1 })
    await shop.pay(order.id)
    const waiting = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
    expect(waiting.status).toBe('PENDING')
    expect(waiting.attention.reason).toContain('fulfill-pod')
    await eventually(
      async () => ((await effects(order.id)).labels === 1 ? true : undefined),
      'the other steps to finish',
    )
    const before = (await shop.timeline(order.id)).tasks as Task[]
    expect(before.map((task) => task.job)).not.toContain('distribute-revenue')

    await retryTask(system.parts, waiting.attention.taskId)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.attention).toBeUndefined()
    expect(await effects(order.id)).toEqual(once)
    const after = (await shop.timeline(order.id)).tasks as Task[]
    for (const task of before.filter((entry) => entry.state === 'done')) {
      expect(after.find((entry) => entry.id === task.id)?.doneTime).toBe(task.doneTime)
    }
    await expect(retryTask(system.parts, waiting.attention.taskId)).rejects.toThrow('Only a failed task')
  })

  it('refunds an order that waits for a person, but none whose shares are being paid out', async () => {
    const refund = (orderId: string) => shop.call('POST', '/v2/refunds', { orderId })
    const moving = await shop.order([{ skuId: 'sku-physical' }])
    await fault('stripe', 'transfers.create', 'slow', { delayMs: 1_500, after: true })
    await shop.pay(moving.id)
    await eventually(
      async () => ((await effects(moving.id)).transfers === 1 ? true : undefined),
      'the transfer to be made',
    )
    const refused = await refund(moving.id)
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'operation_in_progress'])
    await shop.confirmed(moving.id)

    const stuck = await shop.order([{ skuId: 'sku-pod' }])
    await fault('printful', 'orders.create', 'status', { status: 400, times: 1 })
    await shop.pay(stuck.id)
    await shop.until(stuck.id, (seen) => seen.attention !== undefined, 'attention')
    await eventually(async () => ((await refund(stuck.id)).status === 201 ? true : undefined), 'the refund to be taken')
    const cancelled = await shop.until(stuck.id, (seen) => seen.refundedAmount > 0)
    expect([cancelled.state, cancelled.refundedAmount]).toEqual(['cancelled', stuck.totalAmount])
    expect((await effects(stuck.id)).transfers).toBe(0)
  })

  it('does not cancel an order whose label and print job are bought', async () => {
    const order = await shop.order(everything)
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const refused = await shop.call('POST', `/v2/orders/${order.id}/cancel`, {})
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'order_not_cancellable'])
    expect(await shop.read(order.id)).toMatchObject({ status: 'CONFIRMED', refundedAmount: 0 })
  })

  it('R35 I8 rejects the confirmation of a closed order without any effect', async () => {
    await system.stopWorkers()
    const order = await shop.order(everything)
    await shop.pay(order.id)
    await eventually(async () => {
      const [row] = await system.database.sql<{ stored: number }>(
        'select count(*) as stored from inbox_events e join charges c on c.provider_reference = e.reference where c.order_id = $1',
        [order.id],
      )
      return row && row.stored >= 3 ? true : undefined
    }, 'the webhooks to be stored')
    await system.database.sql(`update orders set state = 'blocked' where id = $1`, [order.id])
    await system.database.sql(
      `insert into tasks (id, job, queue, payload, dedupe_key, order_id, state, run_at) values ($1, 'confirm-order', 'confirmation', $2, $3, $4, 'pending', now())`,
      [`tsk_${order.id}`, { orderId: order.id }, `${order.id}-confirm-1`, order.id],
    )
    await system.startWorkers()
    await shop.until(order.id, (seen) => seen.refundedAmount > 0)
    // The task that nobody rang for is found by the relay, which may come after the refund.
    await eventually(async () => {
      const { data } = (await shop.timeline(order.id)) as { data: Line[] }
      return data.find((line) => line.kind === 'drop' && line.cause.startsWith('confirmation rejected'))
    }, 'the confirmation to be rejected')
    expect(await effects(order.id)).toEqual({ transfers: 0, labels: 0, printJobs: 0, deliveries: 0 })
  })

  it('I1 loses nothing when Redis is emptied while orders are on their way', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => shop.order(everything)))
    const paid = orders.map((order) => shop.pay(order.id))
    for (let round = 0; round < 4; round += 1) {
      await system.redis.flushAll()
      await eventually(async () => {
        const [row] = await system.database.sql<{ done: number }>(
          `select count(*) as done from tasks where state = 'done'`,
          [],
        )
        return row && row.done > round * 5 ? true : undefined
      }, 'some work to be done')
    }
    await Promise.all(paid)
    for (const order of orders) {
      await shop.until(order.id, (seen) => seen.status === 'CONFIRMED', 'status CONFIRMED', 30_000)
      expect(await effects(order.id)).toEqual(once)
    }
  })

  it('follows parcels and print jobs to the end', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }, { skuId: 'sku-pod' }])
    await shop.pay(order.id)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.state).toBe('confirmed')
    const printJob = confirmed.shipments.find((shipment: { path: string }) => shipment.path === 'pod')
    const [label] = (await shop.books(order.id)).easypost.labels
    await shop.sandbox('POST', `/sandbox/printful/orders/@${printJob.id}/ship`, {})
    const moving = await shop.until(order.id, (seen) =>
      seen.shipments.some((shipment: { state: string }) => shipment.state === 'in_transit'),
    )
    expect(moving.state).toBe('confirmed')
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${label.shipment_id ?? label.id}`, { status: 'in_transit' })
    const complete = await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    expect(complete.items.every((item: { state: string }) => item.state === 'fulfilled')).toBe(true)
    expect(complete.status).toBe('CONFIRMED')
  })

  it('M1 M4 M5 M6 runs every step in its own queue', async () => {
    const queues = await system.database.sql<{ queue: string; job: string }>(
      'select distinct queue, job from tasks',
      [],
    )
    const queueOf = Object.fromEntries(queues.map(({ job, queue }) => [job, queue]))
    expect(queueOf).toMatchObject({
      'apply-payment-event': 'payment-events',
      'confirm-order': 'confirmation',
      'deliver-digital': 'digital',
      'fulfill-shipping': 'shipping',
      'fulfill-pod': 'pod',
      'distribute-revenue': 'distribution',
    })
  })
})
