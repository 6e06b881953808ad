import { beforeAll, describe, expect, it } from 'vitest'
import { listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import type { System } from '../system.ts'

type Shop = ReturnType<typeof merchantOrders>

const stepsOf = (system: System, shop: Shop) => {
  const paid = async (...skus: string[]) => {
    const order = await shop.order(
      skus.map((skuId) => ({ skuId })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const refunded = async (order: Answer['body'], body: Json = {}) => {
    const { id } = await shop.must('POST', '/v2/refunds', { orderId: order.id, ...body })
    await shop.settled(order.id)
    return shop.must('GET', `/v2/refunds/${id}`)
  }
  const balanceOf = async (account: string, orderId?: string): Promise<number> => {
    const [row] = await system.database.sql<{ balance: number }>(
      `select coalesce(sum(amount), 0) as balance from ledger_entries
       where account like $1 and (order_id = $2 or $2 is null)`,
      [account, orderId ?? null],
    )
    return row?.balance ?? 0
  }
  const transferred = async (orderId: string): Promise<number[]> =>
    (await shop.books(orderId)).stripe.transfers.map((made: { amount: number }) => made.amount)
  return { paid, refunded, balanceOf, transferred }
}

// Removes the risk that the platform pays the fees of everybody's refunds, or that a merchant who owes something is paid out all the same.
describe('R297 what a refund does not bring back', () => {
  const { system, shop } = runningShop(merchantOrders)
  const { paid, refunded, balanceOf, transferred } = stepsOf(system, shop)
  let parts: WorkerParts
  let merchantId: string

  beforeAll(async () => {
    merchantId = (await shop.must('GET', '/v2/merchants')).data[0].id
    parts = await createWorkerParts(system.parts.config, 'audit')
    return () => parts.close()
  })

  const audited = async () => {
    const balances = await runAudit(parts, 0)
    const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
    return { unexplained: balances.map(({ unexplained }) => unexplained), findings }
  }

  it('is the provider’s fee, which the merchant bears and the refund tells', async () => {
    const order = await paid('sku-digital')
    const refund = await refunded(order)
    expect(refund.costs).toEqual([{ kind: 'provider_fee', merchantId, amount: 0.6, bearer: 'merchant' }])
    expect(await balanceOf('platform:provider_fee', order.id)).toBe(60)
    expect(await balanceOf('merchant:%')).toBe(-60)
    expect(await balanceOf('charge:%')).toBe(0)
  })

  it('R298 is kept back of the next share, once, and nothing of the one after', async () => {
    expect(await balanceOf('merchant:%')).toBe(-60)
    const [next, after] = [await paid('sku-digital'), await paid('sku-digital')]
    expect([await transferred(next.id), await transferred(after.id)]).toEqual([[1_860], [1_920]])
    expect(await balanceOf('merchant:%')).toBe(0)
    expect(await audited()).toEqual({ unexplained: [0], findings: [] })
  })

  it('R298 is kept back of several orders that are shared out at the same time, once', async () => {
    await refunded(await paid('sku-digital'))
    const orders = await Promise.all(Array.from({ length: 4 }, () => paid('sku-digital')))
    const sums = await Promise.all(orders.map(({ id }) => transferred(id)))
    expect(sums.flat().reduce((sum, amount) => sum + amount, 0)).toBe(4 * 1_920 - 60)
    expect(await balanceOf('merchant:%')).toBe(0)
  })

  it('R298 is owed again when the order is refunded of whose share it was kept back', async () => {
    await refunded(await paid('sku-digital'))
    const next = await paid('sku-digital')
    expect(await transferred(next.id)).toEqual([1_860])
    await refunded(next)
    expect(await balanceOf('merchant:%')).toBe(-120)
    expect(await transferred((await paid('sku-digital')).id)).toEqual([1_800])
    expect(await audited()).toEqual({ unexplained: [0], findings: [] })
  })

  it('R298 is owed also by a merchant that gets a connected account only later', async () => {
    const seller = (await shop.must('POST', '/v2/merchants', { name: 'Late' })).id
    await shop.must('POST', '/v2/skus', {
      id: 'late-song',
      name: 'Song',
      kind: 'digital',
      price: 20,
      currency: 'USD',
      merchantId: seller,
      delivery: { contentType: 'text', content: 'la la' },
    })
    const first = await paid('late-song')
    await refunded(first)
    expect(await balanceOf(`merchant:${seller}`)).toBe(-60)
    await shop.must('POST', `/v2/merchants/${seller}`, { name: 'Late', stripeAccountId: 'acct_late' })
    expect(await transferred((await paid('late-song')).id)).toEqual([1_860])
    expect(await balanceOf(`merchant:${seller}`)).toBe(0)
  })

  it('R298 is asked for again as it was when nobody heard that it was transferred', async () => {
    await refunded(await paid('sku-digital'))
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      kind: 'drop_after',
      times: 1,
    })
    const next = await paid('sku-digital')
    expect(await transferred(next.id)).toEqual([1_860])
    expect(await balanceOf('merchant:%')).toBe(0)
  })

  it('is what goods cost that have left, as far as they were not called off', async () => {
    const order = await paid('sku-physical', 'sku-pod')
    await shop.sandbox(
      'POST',
      `/sandbox/easypost/trackers/${(await shop.books(order.id)).easypost.labels[0].shipment_id}`,
      { status: 'in_transit' },
    )
    await shop.until(
      order.id,
      ({ shipments }) => shipments.some(({ state }: { state: string }) => state === 'in_transit'),
      'the parcel to move',
    )
    const label = await balanceOf('cost:easypost', order.id)
    const refund = await refunded(order, { force: true })
    expect(await balanceOf('cost:printful', order.id)).toBe(0)
    expect(refund.costs).toEqual([
      { kind: 'provider_fee', merchantId, amount: expect.any(Number), bearer: 'merchant' },
      { kind: 'fulfilment', merchantId, amount: label / 100, bearer: 'merchant' },
    ])
    expect(await balanceOf('platform:fulfilment', order.id)).toBe(0)
  })

  it('is given back when the refund fails after all', async () => {
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 100_000 })
    const before = await balanceOf('merchant:%')
    const order = await paid('sku-digital')
    const owed = await balanceOf('merchant:%')
    const refund = await refunded(order)
    expect(await balanceOf('merchant:%')).toBeLessThan(owed)
    const { providerReference } = order.charges[0]
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${providerReference}/refund-fail`, {})
    await eventually(
      async () => ((await shop.must('GET', `/v2/refunds/${refund.id}`)).state === 'failed' ? true : undefined),
      'the refund to fail',
    )
    await shop.settled(order.id)
    expect((await shop.must('GET', `/v2/refunds/${refund.id}`)).costs).toBeUndefined()
    expect(await balanceOf('platform:provider_fee', order.id)).toBe(60)
    expect(await balanceOf('merchant:%')).toBeGreaterThanOrEqual(before)
  })

  it('is named by the audit where it was not booked', async () => {
    const order = await paid('sku-physical')
    await system.database.sql('alter table ledger_entries disable trigger ledger_is_final')
    await system.database.sql(`delete from ledger_entries where order_id = $1 and correlation_key like '%-cost'`, [
      order.id,
    ])
    await system.database.sql('alter table ledger_entries enable trigger ledger_is_final')
    const { findings } = await audited()
    expect(findings.filter(({ orderId }) => orderId === order.id)).toMatchObject([
      { kind: 'missing_here', subject: expect.stringMatching(/^shp_/), ours: 0 },
    ])
  })
})

describe('R297 a platform that bears what refunds cost', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { REFUND_BEARER: 'platform' } })
  const { paid, refunded, balanceOf, transferred } = stepsOf(system, shop)

  it('takes nothing from its merchants for it, and the refund says so', async () => {
    const order = await paid('sku-digital')
    const refund = await refunded(order)
    expect(refund.costs).toEqual([
      { kind: 'provider_fee', merchantId: expect.any(String), amount: 0.6, bearer: 'platform' },
    ])
    expect([await balanceOf('merchant:%'), await balanceOf('platform:provider_fee')]).toEqual([0, 0])
    expect(await transferred((await paid('sku-digital')).id)).toEqual([1_920])
  })
})

describe('R297 a platform that passes the provider’s fee through', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { PROVIDER_FEE: 'pass_through' } })
  const { paid, balanceOf } = stepsOf(system, shop)

  it('lets its merchants pay what the provider really took, no more and no less', async () => {
    const parts = await createWorkerParts(system.parts.config, 'audit')
    try {
      const order = await paid('sku-digital')
      await runAudit(parts, 0)
      const real = -(await balanceOf('cost:provider_fee', order.id))
      expect(real).toBeGreaterThan(0)
      expect(real).not.toBe(60)
      expect(await balanceOf('platform:provider_fee', order.id)).toBe(real)
      expect(await balanceOf('merchant:%', order.id)).toBe(60 - real)
    } finally {
      await parts.close()
    }
  })
})
