import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { createWorkerParts } from '../../workers/connect-worker.ts'
import { retries } from '../../workers/retries.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

// Removes the risk that one row, one odd order or one unknown job stops what all other orders wait for.
describe('sweeps', () => {
  const { system, shop } = runningShop(storefront, { workers: false })
  let parts: Awaited<ReturnType<typeof createWorkerParts>>

  beforeAll(async () => {
    parts = await createWorkerParts(system.config, 'sweeps')
  })
  afterAll(() => parts?.close())

  /** Runs the relay and the sweeps until `look` finds something. */
  const sweepUntil = async <T extends object | string | number | true>(
    look: () => Promise<T | undefined>,
    what: string,
  ): Promise<T> => {
    const running = [retries(parts)].flat()
    try {
      return await eventually(look, what)
    } finally {
      await Promise.all(running.map((one) => one.close()))
    }
  }
  const dueCharge = async (checks: number) => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const { chargeId } = await shop.intent(order.id)
    await system.database.sql(
      `update charges set checks = $2, next_check_at = now() - interval '1 day' where id = $1`,
      [chargeId, checks],
    )
    return { orderId: String(order.id), chargeId: String(chargeId) }
  }
  const asked = async (...charges: { chargeId: string }[]) => {
    const rows = await system.database.sql<{ id: string }>(
      `select c.id from charges c join tasks t on t.dedupe_key = c.id || '-check-' || c.checks
       where c.id = any($1::text[]) and c.next_check_at > now() and c.next_check_at < now() + interval '7 hours'`,
      [charges.map(({ chargeId }) => chargeId)],
    )
    return rows.length === charges.length ? true : undefined
  }
  const rounds = async (sweep: string, outcome: string) => {
    const { values } = await parts.metrics.sweeps.get()
    return values.find(({ labels }) => labels.sweep === sweep && labels.outcome === outcome)?.value ?? 0
  }

  it('a charge that was asked about for weeks is asked about again, and stops nobody else', async () => {
    const old = await dueCharge(34)
    const ancient = await dueCharge(2_000)
    const young = await dueCharge(0)
    await sweepUntil(() => asked(old, ancient, young), 'three questions')
  })

  it('R284 a row that cannot be handled stops neither its neighbours nor the other sweeps, and is counted', async () => {
    const broken = await dueCharge(1)
    const fine = await dueCharge(2)
    const expired = await shop.order([{ skuId: 'sku-digital' }])
    await system.database.sql(`update orders set expires_at = now() - interval '1 hour' where id = $1`, [expired.id])
    await system.database.sql(`create function refuse_row() returns trigger language plpgsql as
      $$ begin raise exception 'this row is broken'; end $$`)
    await system.database.sql(
      `create trigger refuse before update on charges for each row when (old.id = '${broken.chargeId}') execute function refuse_row()`,
    )
    try {
      await sweepUntil(async () => {
        const [expiry] = await system.database.sql('select 1 from tasks where dedupe_key = $1', [
          `${expired.id}-expire-1`,
        ])
        return expiry && (await asked(fine)) && (await rounds('undecided-charges', 'failed')) > 0 ? true : undefined
      }, 'everything but the broken row')
      expect(await asked(broken)).toBeUndefined()
      expect(await rounds('expired-orders', 'failed')).toBe(0)
      expect(await rounds('expired-orders', 'done')).toBeGreaterThan(0)
    } finally {
      await system.database.sql('drop trigger refuse on charges')
    }
    await sweepUntil(() => asked(broken), 'the mended row')
  })

  it('a job of a newer version stops no ring for the others', async () => {
    const unknown = newId('task')
    const known = newId('task')
    for (const [id, job, ago] of [
      [unknown, 'job-of-tomorrow', '2 hours'],
      [known, 'expire-order', '1 hour'],
    ]) {
      await system.database.sql(
        `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at)
         values ($1, $2, 'payment-operations', '{"orderId":"ord_none"}', $1, 'pending', now() - $3::interval)`,
        [id, job, ago],
      )
    }
    const stateOf = async (id: string) =>
      (await system.database.sql<{ state: string }>('select state from tasks where id = $1', [id]))[0]?.state
    await sweepUntil(async () => ((await stateOf(known)) === 'enqueued' ? true : undefined), 'the ring')
    expect(await stateOf(unknown)).toBe('pending')
  })
})
