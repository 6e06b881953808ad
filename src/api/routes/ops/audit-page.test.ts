import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCode, startOperations, type TestOperations } from '../../../../test/ops-api.ts'

let api: TestOperations
let operator: Awaited<ReturnType<TestOperations['signedIn']>>

beforeAll(async () => {
  // Nobody listens there.
  api = await startOperations({ STRIPE_SECRET_KEY: 'sk_test_nobody', STRIPE_API_BASE: 'http://127.0.0.1:9' })
  await api.addUser('operator@example.com')
  operator = await api.signedIn('operator@example.com')
})
afterAll(() => api.close())

const page = async (path = '/ops/audit') => (await operator.page(path)).text()

/** A capture that only we know, and a line that only the provider knows, both long ago. */
const disagree = async () => {
  const { sql } = api.parts.database
  await sql(
    `insert into ledger_entries (correlation_key, account, amount, currency, created_at)
     values ('chg_<i>-capture', 'provider:stripe', -2000, 'USD', '2026-01-01'), ('chg_<i>-capture', 'charge:x', 2000, 'USD', '2026-01-01')`,
  )
  await sql(
    `insert into bank_lines (id, provider, reference, kind, amount, fee, currency, at)
     values ('bnk_1', 'stripe', 'txn_1', 'other', 2500, 0, 'USD', '2026-01-01')`,
  )
  await sql(`insert into bank_marks (provider, read_until) values ('stripe', now())`)
  await sql(
    `insert into audit_findings (id, provider, currency, subject, kind, theirs, ours)
     values ('fnd_1', 'stripe', 'USD', 'bnk_1', 'missing_here', 2500, 0),
       ('fnd_2', 'stripe', 'USD', 'chg_<i>-capture', 'missing_there', 0, 2000)`,
  )
}
/** The numbers of the one row of the table. */
const numbers = (text: string) =>
  [...text.matchAll(/<td class="num">(?:<strong>)?([^<]*)/g)].map(([, amount]) => amount)

describe('/ops/audit', () => {
  test('is linked from /ops, compares before there is anything, and says so', async () => {
    expect(await page('/ops')).toContain('href="/ops/audit"')
    expect(await page()).toContain('No provider’s books were read yet.')
    const compared = await operator.submit('/ops/audit', {})
    expect([compared.status, compared.headers.get('location')]).toEqual([303, '/ops/audit?done=compared'])
    expect(await page('/ops/audit?done=compared')).toContain('role="status">The books were read to their end')
    expect(await page('/ops/audit?done=<script>')).not.toContain('role="status"')
  })

  test('shows the balances and what is open, with every text escaped', async () => {
    await disagree()
    const text = await page()
    expect(numbers(text)).toEqual(['$25.00', '$20.00', '$0.00', '$0.00', '$5.00'])
    expect(text).toContain('<code>chg_&lt;i&gt;-capture</code>, only we have it')
    expect(text).not.toContain('chg_<i>')
  })

  test('takes a reason for a finding, once, and counts it as explained', async () => {
    const empty = await operator.submit('/ops/audit/fnd_1/explain', { reason: ' ' })
    expect([empty.status, (await empty.text()).includes('Please give a reason')]).toEqual([400, true])
    const explained = await operator.submit('/ops/audit/fnd_1/explain', { reason: 'topped up' })
    expect([explained.status, explained.headers.get('location')]).toEqual([303, '/ops/audit?done=explained'])
    expect(
      await api.parts.database.sql('select state, reason, author from audit_findings where id = $1', ['fnd_1']),
    ).toEqual([{ state: 'explained', reason: 'topped up', author: 'operator@example.com' }])
    const text = await page()
    expect(numbers(text)).toEqual(['$25.00', '$20.00', '$0.00', '$25.00', '-$20.00'])
    expect(text).not.toContain('/ops/audit/fnd_1/explain')
    expect((await operator.submit('/ops/audit/fnd_1/explain', { reason: 'again' })).status).toBe(404)
  })

  test('says which provider does not show its books, on the page and as JSON', async () => {
    const answer = await operator.submit('/ops/audit', {})
    expect(answer.status).toBe(503)
    const text = await answer.text()
    expect(text).toContain('<p role="alert">stripe does not show its books')
    expect(numbers(text)).toHaveLength(5)
    const json = await operator.post('/v2/ops/audits')
    expect([json.status, await errorCode(json)]).toEqual([503, 'provider_unavailable'])
  })
})
