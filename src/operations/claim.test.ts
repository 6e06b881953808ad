import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storefront } from '../../test/storefront.ts'
import { type System, startSystem } from '../../test/system.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { claimOperations, type OperationSpec } from './operations.ts'

// Removes the risk that claims that come together are mistaken for each other, or take what is not theirs.
describe('claims that come together', () => {
  let system: System
  let orderIds: string[]
  let splits = 0

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    const shop = storefront(system)
    await shop.stock()
    const orders = await Promise.all(Array.from({ length: 6 }, () => shop.order([{ skuId: 'sku-digital' }])))
    orderIds = orders.map(({ id }) => id)
  })
  afterAll(() => system?.close())

  const transfer = (orderId: string | undefined, split = `spl_${splits++}`): OperationSpec => ({
    purpose: `${split}-transfer`,
    kind: 'transfer',
    orderId: orderId ?? '',
    provider: 'stripe',
    request: {},
  })
  const settle = (asked: readonly { specs: OperationSpec[]; refundCount?: number }[]) =>
    Promise.allSettled(
      asked.map(({ specs, refundCount }) =>
        claimOperations(
          system.parts,
          specs,
          refundCount === undefined ? undefined : { orderId: specs[0]?.orderId ?? '', refundCount },
        ),
      ),
    )
  const purposesOf = (end: PromiseSettledResult<Awaited<ReturnType<typeof claimOperations>>> | undefined) =>
    end?.status === 'fulfilled'
      ? end.value.map((claim) => (claim.outcome === 'claimed' ? claim.operation.spec.purpose : claim.outcome))
      : String(end?.reason)

  it('are one statement where there are many, and each has its own', async () => {
    const before = { ...system.database.counters }
    const asked = Array.from({ length: 30 }, (_, index) => ({
      specs: [transfer(orderIds[index % orderIds.length]), transfer(orderIds[index % orderIds.length])],
      refundCount: 0,
    }))
    const ends = await settle(asked)
    expect(ends.map(purposesOf)).toEqual(asked.map(({ specs }) => specs.map(({ purpose }) => purpose)))
    // Two go alone before the others have come.
    expect(system.database.counters.statements - before.statements).toBeLessThanOrEqual(4)
    const [stored] = await system.database.sql<{ count: number; tokens: number }>(
      `select count(*) as count, count(distinct attempt_token) as tokens from operations where kind = 'transfer'`,
    )
    expect(stored).toEqual({ count: 60, tokens: 30 })
  })

  it('claim nothing for an order that has changed, and keep nobody else from it', async () => {
    const asked = orderIds.map((orderId, index) => ({ specs: [transfer(orderId)], refundCount: index === 3 ? 1 : 0 }))
    const ends = await settle(asked)
    expect(ends.map(({ status }) => status === 'fulfilled')).toEqual([true, true, true, false, true, true])
    expect(ends[3]).toMatchObject({ reason: expect.any(TaskBusy) })
    const stored = await system.database.sql('select id from operations where purpose = any($1)', [
      asked.flatMap(({ specs }) => specs.map(({ purpose }) => purpose)),
    ])
    expect(stored).toHaveLength(5)
  })

  it('give what several want to one of them', async () => {
    const wanted = transfer(orderIds[0])
    const ends = await settle([
      ...orderIds.slice(1).map((orderId) => ({ specs: [transfer(orderId)] })),
      ...Array.from({ length: 4 }, () => ({ specs: [wanted] })),
    ])
    expect(ends.slice(0, 5).every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(ends.slice(5).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const [row] = await system.database.sql<{ attempts: number }>(
      'select attempts from operations where purpose = $1',
      [wanted.purpose],
    )
    expect(row?.attempts).toBe(1)
  })
})
