import { beforeAll, describe, expect, it } from 'vitest'
import { explainFinding, listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { stripeEventTypes } from '../../src/providers/stripe/stripe-events.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

// Removes the risk that our books agree with themselves and not with the bank's.
describe('R296 the audit', () => {
  const { system, shop } = runningShop(merchantOrders)
  let parts: WorkerParts

  beforeAll(async () => {
    parts = await createWorkerParts(system.parts.config, 'audit')
    await shop.sandbox('POST', '/sandbox/webhooks', {
      provider: 'stripe',
      mode: 'normal',
      copies: 1,
      delayMs: 0,
      enabledEvents: stripeEventTypes,
    })
    return () => parts.close()
  })

  const dashboard = (path: string, body: Json = {}) => shop.sandbox('POST', `/sandbox/stripe/dashboard/${path}`, body)
  const stripe = (path: string, body: Json = {}) => shop.sandbox('POST', `/sandbox/stripe/${path}`, body)
  const intentOf = (order: Answer['body']): string => order.charges[0].providerReference

  const paid = async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }], { email: `${crypto.randomUUID()}@example.com` })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const quiet = () =>
    eventually(async () => {
      const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
      const [row] = await system.database.sql<{ open: number }>(
        `select (select count(*) from inbox_events where handled_at is null)
           + (select count(*) from tasks where state in ('pending', 'enqueued') and run_at <= now()) as open`,
      )
      return !pending && row?.open === 0 ? true : undefined
    }, 'every webhook and task to be done')
  const audited = async () => {
    await quiet()
    const balances = await runAudit(parts, 0)
    const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
    return { balances, findings }
  }
  const unexplained = async () => {
    const { balances, findings } = await audited()
    expect(balances.length).toBeGreaterThan(0)
    return { findings, sums: balances.map((each) => each.unexplained) }
  }
  const balanceOf = async (account: string) => {
    const [row] = await system.database.sql<{ balance: number }>(
      'select coalesce(sum(amount), 0) as balance from ledger_entries where account = $1',
      [account],
    )
    return row?.balance ?? 0
  }

  it('enters what the provider really keeps of a payment, which nobody else tells', async () => {
    await paid()
    expect(await balanceOf('cost:provider_fee')).toBe(0)
    const { sums, findings } = await unexplained()
    expect([sums, findings]).toEqual([[0], []])
    const [lines] = await system.database.sql<{ fee: number }>('select sum(fee) as fee from bank_lines')
    expect(lines?.fee).toBeGreaterThan(0)
    expect(await balanceOf('cost:provider_fee')).toBe(-(lines?.fee ?? 0))
    // What was taken for it from the sellers is the platform's, whatever the provider kept.
    expect(await balanceOf('platform:provider_fee')).toBe(60)
  })

  it.each<[string, (order: Answer['body']) => Promise<unknown>]>([
    ['a refund in the dashboard', (order) => dashboard('refunds', { payment_intent: intentOf(order), amount: 500 })],
    ['a refund of ours', (order) => shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 5 })],
    [
      'a refund that the bank sends back later',
      async (order) => {
        const { id } = await dashboard('refunds', { payment_intent: intentOf(order), amount: 500 })
        await quiet()
        await stripe(`refunds/${id}/fail`, { reason: 'lost_or_stolen_card' })
      },
    ],
    [
      'a transfer that is taken back in the dashboard',
      async (order) => {
        const { transfers } = (await shop.books(order.id)).stripe
        await dashboard(`transfers/${transfers[0].id}/reversals`, { amount: 300 })
      },
    ],
    ['a fee that belongs to no payment', () => stripe('fees', { currency: 'usd', amount: 200, description: 'Radar' })],
    ['a payout to the platform’s bank', () => stripe('payouts', { currency: 'usd' })],
    [
      'a dispute that is won',
      async (order) => {
        const dispute = await stripe('disputes', { payment_intent: intentOf(order), reason: 'fraudulent' })
        await quiet()
        await stripe(`disputes/${dispute.id}/close`, { status: 'won' })
      },
    ],
    [
      'a dispute that is lost',
      async (order) => {
        const dispute = await stripe('disputes', { payment_intent: intentOf(order), reason: 'fraudulent' })
        await quiet()
        await stripe(`disputes/${dispute.id}/close`, { status: 'lost' })
      },
    ],
    [
      'a dispute for more than was paid that is lost after a refund',
      async (order) => {
        await dashboard('refunds', { payment_intent: intentOf(order), amount: 700 })
        await quiet()
        const dispute = await stripe('disputes', {
          payment_intent: intentOf(order),
          reason: 'fraudulent',
          amount: 2_100,
        })
        await quiet()
        await stripe(`disputes/${dispute.id}/close`, { status: 'lost' })
      },
    ],
    [
      'a dispute that is open',
      (order) => stripe('disputes', { payment_intent: intentOf(order), reason: 'fraudulent', amount: 1_000 }),
    ],
  ])('leaves nothing unexplained after %s', async (_, happens) => {
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 100_000 })
    const order = await paid()
    await happens(order)
    expect(await unexplained()).toEqual({ sums: [0], findings: [] })
  })

  it('takes a lost dispute from whoever got the payment, and leaves nothing at the bank or with the payment', async () => {
    const order = await paid()
    const dispute = await stripe('disputes', { payment_intent: intentOf(order), reason: 'fraudulent' })
    await audited()
    const [row] = await system.database.sql<{ id: string }>('select id from disputes where order_id = $1', [order.id])
    expect(await balanceOf(`dispute:${row?.id}`)).toBe(-2_000)
    await stripe(`disputes/${dispute.id}/close`, { status: 'lost' })
    await audited()
    const balances = await system.database.sql<{ account: string; balance: number }>(
      `select account, sum(amount) as balance from ledger_entries where order_id = $1 group by 1 having sum(amount) <> 0 order by 1`,
      [order.id],
    )
    // What is left is what the bank keeps, the fee of the payment and that of the dispute, and that the merchant owes the first.
    expect(balances).toEqual([
      { account: 'cost:dispute_fee', balance: -1_500 },
      { account: 'cost:provider_fee', balance: expect.any(Number) },
      { account: expect.stringMatching(/^merchant:/), balance: -60 },
      { account: 'platform:provider_fee', balance: 60 },
      { account: 'provider:stripe', balance: expect.any(Number) },
    ])
    expect((await shop.books(order.id)).stripe.transferReversals).toHaveLength(1)
  })

  it('names every booking that is left out, whichever it is', async () => {
    const order = await paid()
    await dashboard('refunds', { payment_intent: intentOf(order), amount: 500 })
    await quiet()
    const { transfers } = (await shop.books(order.id)).stripe
    await dashboard(`transfers/${transfers[0].id}/reversals`, { amount: 300 })
    await quiet()
    const dispute = await stripe('disputes', { payment_intent: intentOf(order), reason: 'fraudulent', amount: 1_000 })
    await audited()
    await stripe(`disputes/${dispute.id}/close`, { status: 'lost' })
    const before = (await audited()).findings.map(({ id }) => id)
    const movements = await system.database.sql<{ key: string; kind: string }>(
      `select correlation_key as key, string_agg(split_part(account, ':', 1), ' → ' order by amount) as kind
       from ledger_entries where order_id = $1 group by 1`,
      [order.id],
    )
    expect(new Set(movements.map(({ kind }) => kind))).toEqual(
      new Set([
        'provider → charge',
        'charge → platform',
        'charge → merchant',
        'merchant → account',
        'merchant → charge',
        'merchant → platform',
        'platform → charge',
        'account → merchant',
        'charge → provider',
        'cost → provider',
        'dispute → provider',
        'charge → dispute',
      ]),
    )
    // Only the owner of the database can do this, and only having said so.
    await system.database.sql('alter table ledger_entries disable trigger ledger_is_final')
    try {
      for (const { key, kind } of movements) {
        const taken = await system.database.sql<Json>(
          'delete from ledger_entries where correlation_key = $1 returning correlation_key, order_id, account, amount, currency, created_at',
          [key],
        )
        const { findings } = await audited()
        expect(findings.filter(({ id }) => !before.includes(id)).length, `${kind} (${key}) is missed`).toBeGreaterThan(
          0,
        )
        await system.database.sql(
          `insert into ledger_entries (correlation_key, order_id, account, amount, currency, created_at)
           select * from jsonb_to_recordset($1) as t (correlation_key text, order_id text, account text, amount bigint, currency text, created_at timestamptz)`,
          [JSON.stringify(taken)],
        )
        expect((await audited()).findings.filter(({ id }) => !before.includes(id))).toEqual([])
      }
    } finally {
      await system.database.sql('alter table ledger_entries enable trigger ledger_is_final')
    }
  })

  it('keeps what a person has explained, until it is something else', async () => {
    const order = await paid()
    await audited()
    const [{ id: chargeId }] = order.charges
    const cut = (by: number) =>
      system.database.sql('update bank_lines set amount = amount - $2 where charge_id = $1', [chargeId, by])
    await cut(5)
    const { findings } = await audited()
    expect(findings).toMatchObject([{ kind: 'amount_differs', subject: chargeId, theirs: 1_995, ours: 2_000 }])
    await explainFinding(system.database.sql, {
      id: findings[0]?.id ?? '',
      reason: 'the bank rounds',
      author: 'ada@example.com',
    })
    expect(await audited()).toMatchObject({ balances: [{ explained: -5, unexplained: 0, open: 0 }], findings: [] })
    await cut(2)
    expect(await audited()).toMatchObject({ balances: [{ explained: 0, unexplained: -7, open: 1 }] })
    await cut(-7)
    expect(await unexplained()).toEqual({ sums: [0], findings: [] })
  })

  it('finds a booking that is missing, one that the bank knows nothing of, and one of another amount, by name', async () => {
    const [here, there, other] = [await paid(), await paid(), await paid()]
    expect((await unexplained()).sums).toEqual([0])
    const chargeOf = (order: Answer['body']) => order.charges[0].id
    const correct = (key: string, orderId: string | null, amount: number) =>
      system.database.sql(
        `insert into ledger_entries (correlation_key, order_id, account, amount, currency)
         values ($1, $2, 'provider:stripe', $3, 'USD'), ($1, $2, 'test', -$3::bigint, 'USD')`,
        [key, orderId, amount],
      )
    // As if its capture had never been booked, as if one had been that never was, and as if one had been booked wrongly.
    const [capture] = await system.database.sql<{ key: string; amount: number }>(
      `select correlation_key as key, amount from ledger_entries where account = 'provider:stripe' and correlation_key = $1`,
      [`${chargeOf(here)}-capture`],
    )
    await system.database.sql(
      `update bank_lines set booked_at = null, charge_id = null, source = 'ch_nobody' where charge_id = $1 `,
      [chargeOf(there)],
    )
    await correct('op_invented', null, -700)
    await system.database.sql('update bank_lines set amount = amount + 5 where charge_id = $1', [chargeOf(other)])
    const { findings } = await audited()
    expect(capture?.amount).toBeLessThan(0)
    expect(
      findings.map(({ kind, subject, theirs, ours }) => [kind, subject.slice(0, 4), theirs - ours]).sort(),
    ).toEqual([
      // Its fee was booked, and its money is of nobody's payment.
      ['amount_differs', 'bnk_', 2_000],
      ['amount_differs', 'chg_', 5],
      ['missing_there', 'chg_', -2_000],
      ['missing_there', 'op_i', -700],
    ])
    // What agrees again is no finding any more.
    await system.database.sql('update bank_lines set amount = amount - 5 where charge_id = $1', [chargeOf(other)])
    expect((await audited()).findings.map(({ subject }) => subject)).not.toContain(chargeOf(other))
  })
})
