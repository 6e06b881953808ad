import { describe, expect, it } from 'vitest'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createWorkerParts } from '../../workers/connect-worker.ts'
import { storeCaptured } from '../captured-charges.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'

const many = 10_000
/** Of a machine with two cores; it takes a few seconds. */
const longestMs = 60_000
const at = '2026-10-05T10:00:00Z'

// Removes the risk that the audit of a busy day is not over before the next begins.
describe('R296 the audit', () => {
  const { system } = runningShop(storefront, { workers: false })

  it('compares 10,000 payments with their lines in under a minute, and leaves nothing unexplained', async () => {
    const charges = Array.from({ length: many }, (_, index) => ({
      id: `chg_${index}`,
      orderId: `ord_${index}`,
      reference: `ch_${index}`,
      amount: 2_000 + index,
      at,
    }))
    await storeCaptured(system, { provider: 'stripe', method: 'STRIPE', currency: 'USD' }, charges)
    const { sql } = system.database
    await sql(
      `insert into bank_lines (id, provider, reference, kind, source, amount, fee, currency, at)
       select 'bnk_' || id, 'stripe', 'txn_' || id, 'charge', provider_charge_id, amount, 88, currency, created_at from charges`,
    )
    // The sandbox's own book, which has none of these, was read to its end already.
    await sql(`insert into bank_marks (provider, read_until) values ('stripe', now())`)
    await sql('analyze')

    const parts = await createWorkerParts(system.config, 'audit')
    const began = Date.now()
    const balances = await runAudit(parts, 0)
    const tookMs = Date.now() - began
    await parts.close()
    const held = charges.reduce((sum, { amount }) => sum + amount, 0) - many * 88
    expect(balances).toEqual([
      {
        provider: 'stripe',
        currency: 'USD',
        theirs: held,
        ours: held,
        underWay: 0,
        explained: 0,
        unexplained: 0,
        open: 0,
      },
    ])
    expect(tookMs).toBeLessThan(longestMs)
    const [fees] = await sql(`select sum(amount) as sum from ledger_entries where account = 'cost:provider_fee'`)
    expect(fees).toEqual({ sum: -many * 88 })
  })
})
