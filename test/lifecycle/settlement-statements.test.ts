import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainFinding, listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { maxStatementLines } from '../../src/providers/read-statement.ts'
import { providersWithStatements } from '../../src/providers/registry.ts'
import { createWorkerParts } from '../../workers/connect-worker.ts'
import { storeCaptured } from '../captured-charges.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import type { Answer, Json } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

const header = 'reference,invoiceId,transactionId,type,amount,fee,currency,completedAt'
type Line = {
  reference: string
  invoice: string
  charge?: string
  type?: string
  amount: string | number
  fee?: string | number
  currency?: string
  at?: string
}
const csvOf = (lines: readonly Line[]) =>
  [
    header,
    ...lines.map(({ reference, invoice, charge = '', type = 'PAYMENT', amount, fee = '', currency = 'MNT', at }) =>
      [reference, invoice, charge, type, amount, fee, currency, at ?? '2026-10-05 14:00:00'].join(','),
    ),
  ].join('\r\n')

// Removes the risk that a provider without books is believed: that nobody sees what it does not pay, or pays wrongly.
describe('R296 a statement of a provider', () => {
  const { system, shop } = runningShop(merchantOrders)
  const sql = <Row extends object = Json>(text: string, params?: unknown[]) => system.database.sql<Row>(text, params)

  const send = async (
    body: string | Uint8Array<ArrayBuffer>,
    { key = secretKey, query = 'provider=bonum', type = 'text/csv' } = {},
  ): Promise<Answer> => {
    const response = await fetch(`${system.url}/v2/settlements?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      body,
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  const refusal = ({ status, body }: Answer) => [status, ...body.errors.map((error: Json) => error.message)]

  /** Payments that were captured at Bonum. Amounts in minor units. */
  const captured = (charges: { id: string; invoice: string; amount: number; at: string }[]) =>
    storeCaptured(
      system,
      { provider: 'bonum', method: 'BONUM', currency: 'MNT' },
      charges.map(({ invoice, ...charge }) => ({
        ...charge,
        reference: invoice,
        orderId: charge.id.replace('chg', 'ord'),
      })),
    )
  const balanceOf = async (account: string) =>
    (
      await sql<{ sum: number }>('select coalesce(sum(amount), 0) as sum from ledger_entries where account = $1', [
        account,
      ])
    )[0]?.sum
  const findings = async () => (await listFindings(system.database.sql, 'open', { limit: 100 })).findings
  const rows = async () => {
    const [row] = await sql(
      `select (select count(*) from bank_lines) as lines, (select count(*) from ledger_entries) as entries,
         (select count(*) from audit_findings) as findings, (select count(*) from settlement_statements) as statements,
         (select string_agg(m::text, '') from bank_marks m) as marks`,
    )
    return row
  }
  const paid = async () => {
    const order = await shop.order([{ skuId: 'sku-mnt' }], {
      currency: 'MNT',
      email: `${crypto.randomUUID()}@example.com`,
    })
    const { checkoutUrl } = await shop.intent(order.id, 'BONUM')
    const invoice: string = checkoutUrl.split('/').at(-1).split('?')[0]
    await shop.sandbox('POST', `/sandbox/bonum/invoices/${invoice}/pay`, {})
    await shop.confirmed(order.id)
    const { charges } = await shop.settled(order.id)
    return { orderId: order.id as string, chargeId: charges[0].id as string, invoice }
  }

  const ids = Array.from({ length: 998 }, (_, index) => String(index + 1).padStart(4, '0'))
  const amountOf = (id: string) => 100_000 + Number(id) * 100
  const at = (id: string) => `2026-10-05 ${String(8 + Math.floor(Number(id) / 100)).padStart(2, '0')}:00:00`
  const right = (id: string): Line => ({
    reference: `stl-${id}`,
    invoice: `inv-${id}`,
    amount: amountOf(id) / 100,
    fee: 10,
    at: at(id),
  })
  const wrong: Record<string, (line: Line) => Line[]> = {
    '0010': (line) => [{ ...line, amount: Number(line.amount) - 1 }],
    '0020': (line) => [{ ...line, amount: Number(line.amount) + 500 }],
    '0030': (line) => [{ ...line, currency: 'USD' }],
    '0040': (line) => [{ ...line, currency: 'CNY' }],
    '0050': () => [],
    '0060': () => [],
    '0070': (line) => [line, { ...line, reference: 'stl-0070-again' }],
    '0080': (line) => [line, line],
    '0998': (line) => [
      line,
      { ...line, reference: 'stl-x1', invoice: 'inv-unknown-1', amount: 77 },
      { ...line, reference: 'stl-x2', invoice: 'inv-unknown-2', amount: 88 },
    ],
  }
  const thousand = csvOf(ids.flatMap((id) => wrong[id]?.(right(id)) ?? [right(id)]))

  it('of 1,000 lines with 10 wrong ones reconciles to exactly those 10, in seconds', async () => {
    await captured([
      ...ids.map((id) => ({ id: `chg_${id}`, invoice: `inv-${id}`, amount: amountOf(id), at: `${at(id)}+08:00` })),
      // Before its first day, and after its last: no business of this statement.
      { id: 'chg_before', invoice: 'inv-before', amount: 5_500, at: '2026-10-04T12:00:00+08:00' },
      { id: 'chg_after', invoice: 'inv-after', amount: 6_600, at: '2026-10-06T00:00:01+08:00' },
    ])
    const began = Date.now()
    const { status, body } = await send(thousand)
    expect(Date.now() - began).toBeLessThan(5_000)
    expect(status).toBe(201)
    expect(body).toMatchObject({ provider: 'bonum', firstDay: '2026-10-05', lastDay: '2026-10-05' })
    expect(body.counts).toEqual({
      lines: 1_000,
      entered: 999,
      known: 0,
      matched: 991,
      mismatch: 5,
      missing: 2,
      unexpected: 2,
      doubled: 1,
      conflict: 0,
    })
    const brief = (items: Answer['body'][]) =>
      items.map(({ references, id, theirs, ours }) => [
        references.join(),
        id,
        theirs && `${theirs.amount} ${theirs.currency}`,
        ours && `${ours.amount} ${ours.currency}`,
      ])
    expect(brief(body.mismatch)).toEqual([
      ['stl-0010', 'chg_0010', '1009 MNT', '1010 MNT'],
      ['stl-0020', 'chg_0020', '1520 MNT', '1020 MNT'],
      ['stl-0030', 'chg_0030', '1030 USD', '1030 MNT'],
      ['stl-0040', 'chg_0040', '1040 CNY', '1040 MNT'],
      ['stl-0070,stl-0070-again', 'chg_0070', '2140 MNT', '1070 MNT'],
    ])
    expect(brief(body.missing)).toEqual([
      ['inv-0050', 'chg_0050', null, '1050 MNT'],
      ['inv-0060', 'chg_0060', null, '1060 MNT'],
    ])
    expect(brief(body.unexpected)).toEqual([
      ['stl-x1', null, '77 MNT', null],
      ['stl-x2', null, '88 MNT', null],
    ])
    expect(brief(body.doubled)).toEqual([['stl-0080', null, '1080 MNT', '1080 MNT']])
    expect(body.missing[0].orderId).toBe('ord_0050')

    const differences = -1 + 500 - 1_030 - 1_040 + 1_070 - 1_050 - 1_060 + 77 + 88 + 1_080
    const totals = Object.fromEntries(body.totals.map((total: Json) => [total.currency, total]))
    expect(totals.MNT).toMatchObject({ elsewhere: 0, explained: 0, unexplained: differences })
    expect(totals.MNT.amount - totals.MNT.ours).toBe(differences)
    expect([totals.USD.unexplained, totals.CNY.unexplained]).toEqual([1_030, 1_040])
  })

  it('makes findings of them at the audit, the other currency as a kind of its own, and enters the fees', async () => {
    const found = (await findings()).map(({ provider, subject, kind, currency }) => [
      provider,
      subject.slice(0, 4) === 'bnk_' ? 'a line' : subject,
      kind,
      currency,
    ])
    expect(found.sort()).toEqual(
      [
        ['bonum', 'chg_0010', 'amount_differs', 'MNT'],
        ['bonum', 'chg_0020', 'amount_differs', 'MNT'],
        ['bonum', 'chg_0030', 'currency_differs', 'MNT'],
        ['bonum', 'chg_0030', 'currency_differs', 'USD'],
        ['bonum', 'chg_0040', 'currency_differs', 'CNY'],
        ['bonum', 'chg_0040', 'currency_differs', 'MNT'],
        ['bonum', 'chg_0050', 'missing_there', 'MNT'],
        ['bonum', 'chg_0060', 'missing_there', 'MNT'],
        ['bonum', 'chg_0070', 'amount_differs', 'MNT'],
        ['bonum', 'a line', 'missing_here', 'MNT'],
        ['bonum', 'a line', 'missing_here', 'MNT'],
      ].sort(),
    )
    const [fees] = await sql<{ fee: number }>(
      `select sum(fee) as fee from bank_lines where provider = 'bonum' and booked_at is not null and currency = 'MNT'`,
    )
    expect(fees?.fee).toBe(995 * 1_000)
    const [booked] = await sql<{ sum: number }>(
      `select sum(amount) as sum from ledger_entries where account = 'cost:provider_fee' and currency = 'MNT'`,
    )
    expect(booked?.sum).toBe(-(fees?.fee ?? 0))
  })

  it('changes nothing when it is entered again, by whatever clock', async () => {
    const before = await rows()
    const again = await send(thousand)
    expect(again.status).toBe(200)
    expect(again.body.counts).toMatchObject({ lines: 1_000, entered: 0, known: 999, matched: 991, mismatch: 5 })
    expect(await rows()).toEqual(before)
    expect(await shop.must('GET', `/v2/settlements/statements/${again.body.id}`)).toEqual(again.body)
    const { data } = await shop.must('GET', '/v2/settlements/statements')
    expect(data).toMatchObject([{ id: again.body.id, counts: again.body.counts, totals: again.body.totals }])
  })

  it('names a line that says something else under the same reference, and keeps what was entered', async () => {
    const { body } = await send(csvOf([{ ...right('0100'), amount: 1 }, right('0101')]))
    expect(body.counts).toMatchObject({ lines: 2, entered: 0, known: 1, conflict: 1 })
    expect(body.conflict).toEqual([
      {
        references: ['stl-0100'],
        id: null,
        orderId: null,
        theirs: { amount: 1, currency: 'MNT' },
        ours: { amount: 1_100, currency: 'MNT' },
      },
    ])
    expect(await sql(`select amount from bank_lines where reference = 'stl-0100'`)).toEqual([{ amount: 110_000 }])
  })

  it('corrects the findings by the lines that follow', async () => {
    const fix = (id: string, amount: number, more: Partial<Line> = {}): Line => ({
      ...right(id),
      reference: `fix-${id}-${more.currency ?? 'MNT'}`,
      amount,
      fee: 0,
      at: '2026-10-05 23:59:59',
      ...more,
    })
    const { body, status } = await send(
      csvOf([
        fix('0010', 1),
        fix('0020', -500),
        ...[fix('0030', -1_030, { currency: 'USD', fee: -10 }), fix('0030', 1_030, { fee: 10 })],
        ...[fix('0040', -1_040, { currency: 'CNY', fee: -10 }), fix('0040', 1_040, { fee: 10 })],
        ...[right('0050'), right('0060')],
        fix('0070', -1_070, { fee: -10 }),
        fix('x1', -77, { invoice: 'inv-unknown-1', fee: -10 }),
        fix('x2', -88, { invoice: 'inv-unknown-2', fee: -10 }),
      ]),
    )
    expect([status, body.errors]).toEqual([201, undefined])
    // Nobody of ours knows what came and went again, but nothing disagrees about it.
    expect(body.counts).toMatchObject({ entered: 11, mismatch: 0, missing: 0, unexpected: 0, conflict: 0 })
    for (const { unexplained } of body.totals) expect(unexplained).toBe(0)
    expect(await findings()).toEqual([])
    const states = await sql(`select state, count(*) from audit_findings group by 1`)
    expect(states).toEqual([{ state: 'corrected', count: 11 }])
    const parts = await createWorkerParts(system.config, 'statements')
    const balances = await runAudit(parts, 0)
    await parts.close()
    expect(
      balances
        .filter(({ provider }) => provider === 'bonum')
        .map(({ currency, unexplained, underWay }) => [currency, unexplained, underWay]),
    ).toEqual([
      ['CNY', 0, 0],
      // What came after the last day waits for the next statement.
      ['MNT', 0, -6_600],
      ['USD', 0, 0],
    ])
  })

  it('finds what was paid through the whole flow, by the provider’s id, ours, and our order’s', async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-mnt',
      name: 'Nom',
      kind: 'digital',
      price: 5_000,
      currency: 'MNT',
      delivery: { contentType: 'text', content: 'x' },
    })
    const [first, second, third, fourth] = [await paid(), await paid(), await paid(), await paid()]
    const before = (await balanceOf('cost:provider_fee')) ?? 0
    const line = { amount: 5_000, fee: 50, currency: 'MNT', at: new Date(Date.now() - 1).toISOString() }
    const { status, body } = await send(
      JSON.stringify({
        provider: 'bonum',
        from: '2026-10-06',
        lines: [
          { ...line, reference: first.invoice },
          { ...line, reference: 'a-1', payment: second.chargeId },
          { ...line, reference: 'a-2', payment: third.orderId },
          { kind: 'payout', reference: 'a-3', amount: -14_850, currency: 'MNT', at: line.at },
          { kind: 'fee', reference: 'a-4', amount: -20, currency: 'MNT', at: line.at },
          { kind: 'charge', reference: 'a-5', payment: 'inv-after', amount: 66, currency: 'MNT', at: line.at },
        ],
      }),
      { type: 'application/json', query: '' },
    )
    expect([status, body.errors]).toEqual([201, undefined])
    expect(body.matched.map(({ id }: Json) => id)).toEqual([
      first.chargeId,
      second.chargeId,
      third.chargeId,
      expect.stringMatching(/^bnk_/),
      expect.stringMatching(/^bnk_/),
      'chg_after',
    ])
    expect(body.missing.map(({ id }: Json) => id)).toEqual([fourth.chargeId])
    expect(body).toMatchObject({ counts: { mismatch: 0, unexpected: 0 }, totals: [{ unexplained: -5_000 }] })
    expect(await balanceOf('cost:provider_fee')).toBe(before - 3 * 5_000 - 2_000)
    expect(await balanceOf('bank:bonum')).toBe(-1_485_000)
  })

  it('finds refunds by their own id, by the provider’s, and by their payment and amount', async () => {
    const day = '2026-10-02'
    const amounts = { own: 100_000, theirs: 200_000, payment: 300_000, unknown: 400_000 }
    await captured(
      Object.entries(amounts).map(([name, amount]) => ({
        id: `chg_back-${name}`,
        invoice: `inv-back-${name}`,
        amount,
        at: `${day}T09:00:00+08:00`,
      })),
    )
    for (const name of ['own', 'theirs', 'payment']) {
      await sql(
        `insert into operations (id, purpose, order_id, charge_id, kind, provider, amount, currency, request_hash, state, provider_reference)
         values ($1, $1, $2, $3, 'refund', 'bonum', 4000, 'MNT', '', 'complete', $4)`,
        [`op_${name}`, `ord_back-${name}`, `chg_back-${name}`, `ref-${name}`],
      )
      await sql(
        `insert into ledger_entries (correlation_key, order_id, account, amount, currency, created_at)
         values ($1, $2, 'provider:bonum', 4000, 'MNT', $3), ($1, $2, $4, -4000, 'MNT', $3)`,
        [`op_${name}`, `ord_back-${name}`, `${day}T10:00:00+08:00`, `charge:chg_back-${name}`],
      )
    }
    const at = `${day} 11:00:00`
    const refund = (reference: string, payment: { invoice: string; charge?: string }): Line => ({
      ...payment,
      reference,
      type: 'REVERSE',
      amount: 40,
      at,
    })
    const { body } = await send(
      csvOf([
        ...Object.entries(amounts).map(([name, amount]) => ({
          reference: `back-${name}`,
          invoice: `inv-back-${name}`,
          amount: amount / 100,
          at,
        })),
        refund('back-1', { invoice: '', charge: 'op_own' }),
        refund('back-2', { invoice: 'ref-theirs' }),
        refund('back-3', { invoice: 'inv-back-payment' }),
        refund('back-4', { invoice: 'inv-back-unknown' }),
      ]),
    )
    expect(body.matched.slice(4).map(({ id, theirs }: Answer['body']) => [id, theirs.amount])).toEqual([
      ['op_own', -40],
      ['op_theirs', -40],
      ['op_payment', -40],
    ])
    expect(body.unexpected).toMatchObject([{ references: ['back-4'], theirs: { amount: -40 }, ours: null }])
    expect(body.totals[0]).toMatchObject({ amount: 9_840, ours: 9_880, unexplained: -40 })
  })

  it('is entered once by six who send it at once, in whatever order of its lines', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => ({
      reference: `race-${index}`,
      invoice: `inv-race-${index}`,
      amount: 10 + index,
      at: '2026-10-03 12:00:00',
    }))
    await captured(
      lines.map(({ invoice, amount }) => ({
        id: invoice.replace('inv', 'chg'),
        invoice,
        amount: amount * 100,
        at: '2026-10-03T11:00:00+08:00',
      })),
    )
    const orders = [lines, lines.toReversed()]
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => send(csvOf(orders[index % 2] ?? []))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201, 201])
    for (const { body } of answers)
      expect(body.counts).toMatchObject({ matched: 300, mismatch: 0, missing: 0, unexpected: 0, conflict: 0 })
    expect(answers.reduce((sum, { body }) => sum + body.counts.entered, 0)).toBe(300)
    expect(await sql(`select count(*) from bank_lines where reference like 'race-%'`)).toEqual([{ count: 300 }])
  })

  it('counts what a person has explained, and says so when it is entered again', async () => {
    const statement = csvOf([{ reference: 'gift', invoice: 'inv-gift', amount: 7, fee: 1, at: '2026-10-03 13:00:00' }])
    expect((await send(statement)).body.totals).toMatchObject([{ explained: 0, unexplained: 7 }])
    const [line] = await sql<{ id: string }>(`select id from bank_lines where reference = 'gift'`)
    const finding = (await findings()).find(({ subject }) => subject === line?.id)
    // The finding is about what it changes the balance by, which is without its fee.
    expect(finding).toMatchObject({ kind: 'missing_here', theirs: 600 })
    await explainFinding(system.database.sql, { id: finding?.id ?? '', reason: 'a gift', author: 'ada@example.com' })
    const { status, body } = await send(statement)
    expect([status, body.totals]).toMatchObject([200, [{ explained: 7, unexplained: 0 }]])
  })

  it('is sent as the operator’s page prints it', async () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/money.md'), 'utf8')
    const printed = /```csv\n([\s\S]+?)```/.exec(page)?.[1] ?? ''
    const amounts: Record<string, number> = { 'inv-7001': 12_500_000, 'inv-7002': 480_050, 'inv-7003': 900_000 }
    await captured(
      Object.entries(amounts).map(([invoice, amount]) => ({
        id: invoice.replace('inv-', 'chg_'),
        invoice,
        amount,
        at: '2026-09-30T20:00:00+08:00',
      })),
    )
    const { status, body } = await send(printed)
    expect([status, body.errors]).toEqual([201, undefined])
    const { counts } = body
    expect(page).toContain(
      `\`counts\` are ${counts.lines} lines, ${counts.matched} matched, ${counts.missing} missing, ${counts.unexpected} unexpected`,
    )
  })

  describe('is refused with nothing entered', () => {
    const line = (more: Partial<Line> = {}): Line => ({ reference: 'bad-1', invoice: 'inv-1', amount: 1, ...more })
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

    it.each<[string, () => string | Uint8Array<ArrayBuffer>, unknown[]]>([
      ['is empty', () => '', ['The statement is empty.']],
      ['has no lines', () => header, ['The statement has no lines.']],
      [
        'lacks columns',
        () => 'reference,amount\nx,1',
        ['Line 1: these columns are missing: type, currency, completedAt, invoiceId or transactionId.'],
      ],
      ['has a column twice', () => `${header},AMOUNT\n${'x,'.repeat(8)}x`, ['Line 1: the column amount stands twice.']],
      ['is not UTF-8', () => bytes(`${header}\nb\xe9,i,,PAYMENT,1,,MNT,2026-10-05`), ['The file is not UTF-8.']],
      [
        'has a quote that nobody closes',
        () => `${csvOf([line()])}\n"bad-2,inv,,PAYMENT,1,,MNT,2026-10-05 10:00:00`,
        [expect.stringMatching(/^Line 3: this is not CSV/)],
      ],
      [
        'has a line of fewer cells',
        () => `${csvOf([line()])}\nbad-2,inv`,
        [expect.stringMatching(/^Line 3: this is not CSV/)],
      ],
      [
        'has a line without an end',
        () => csvOf([line({ invoice: 'x'.repeat(5_000) })]),
        [expect.stringMatching(/^Line 2: a line has at most \d+ characters/)],
      ],
      [
        'has lines that cannot be read: each is named',
        () =>
          csvOf([
            line({ amount: '12,5' }),
            line({ reference: 'good' }),
            line({ amount: '1.005' }),
            line({ reference: '=1+1' }),
            line({ invoice: '@SUM(A1)' }),
            line({ type: 'GIFT' }),
            line({ currency: 'XYZ' }),
            line({ at: '2026-02-30 10:00:00' }),
            line({ at: '2999-01-01 10:00:00' }),
            line({ at: '0206-01-01 10:00:00' }),
            line({ fee: 'ten' }),
            line({ amount: '1e3' }),
            line({ reference: '' }),
          ]).replace('12,5', '"12,5"'),
        [
          'Line 2: amount: is no decimal number',
          'Line 4: amount: has more decimals than MNT allows, or is out of range',
          'Line 5: reference: begins like a formula of a spreadsheet',
          'Line 6: payment: begins like a formula of a spreadsheet',
          'Line 7: kind: is none of PAYMENT, REFUND, REVERSE, FEE, PAYOUT',
          'Line 8: currency: is no currency of ISO 4217',
          'Line 9: at: is no time such as 2026-10-05 14:03:22 or ISO 8601',
          'Line 10: at: is in the future',
          'Line 11: at: is before the year 2000',
          'Line 12: fee: is no decimal number',
          'Line 13: amount: is no decimal number',
          'Line 14: reference: is no id: 1 to 100 letters, digits and . : @ / # - _',
        ],
      ],
      [
        'has more bad lines than anybody reads',
        () => csvOf(Array.from({ length: 150 }, () => line({ amount: '' }))),
        [
          ...Array.from({ length: 100 }, (_, index) => `Line ${index + 2}: amount: is no decimal number`),
          '50 more lines are not valid.',
        ],
      ],
      [
        'has a line too many',
        () => csvOf(Array.from({ length: maxStatementLines + 1 }, (_, index) => line({ reference: `n-${index}` }))),
        ['A statement has at most 100000 lines. Send it in parts.'],
      ],
    ])('when it %s', async (_, body, messages) => {
      const before = await rows()
      expect(refusal(await send(body()))).toEqual([400, ...messages])
      expect(await rows()).toEqual(before)
    })

    it('when it is too large, of nobody, of a provider with books, of days that are not its own, or of another type', async () => {
      expect((await send('x'.repeat(33 * 1024 * 1024))).status).toBe(413)
      const good = csvOf([line()])
      expect(refusal(await send(good, { query: '' }))).toEqual([400, 'A required parameter is missing.'])
      for (const provider of ['stripe', 'nobody', '__proto__'])
        expect(refusal(await send(good, { query: `provider=${provider}` }))).toEqual([
          400,
          `provider: only ${providersWithStatements.join(', ')} is known by its statements.`,
        ])
      expect(refusal(await send(good, { query: 'provider=bonum&to=2026-10-04' }))).toEqual([
        400,
        'A line is of a day outside 2026-10-05 to 2026-10-04.',
      ])
      expect((await send(good, { type: 'text/html' })).body.errors[0].code).toBe('invalid_content_type')
      const json = { type: 'application/json' }
      expect((await send('{', json)).body.errors[0].code).toBe('invalid_json')
      const lines = [{ reference: 'r', amount: 1.001, currency: 'MNT', at: '2026-10-05T10:00:00Z' }]
      expect((await send(JSON.stringify({ provider: 'bonum', lines }), json)).body.errors).toEqual([
        {
          code: 'invalid_parameter',
          message: 'Line 1: amount: has more decimals than MNT allows, or is out of range',
          parameter: 'lines.1.amount',
        },
      ])
    })

    it('when a publishable key, a seller of the marketplace or one of several merchants sends it', async () => {
      const good = csvOf([line()])
      const merchant = (await shop.must('GET', '/v2/merchants')).data[0].id as string
      await sql(`insert into merchants (id, name, parent_id) values ('mer_seller', 'A seller', $1)`, [merchant])
      const keyOf = async (merchantId: string) =>
        (await createApiKey(system.database, { merchantId, kind: 'secret', liveMode: false })).key
      const seller = await keyOf('mer_seller')
      const before = await rows()
      for (const key of [publishableKey, seller]) expect((await send(good, { key })).status).toBe(403)
      for (const key of [publishableKey, seller])
        expect((await shop.call('GET', '/v2/settlements/statements', undefined, { key })).status).toBe(403)
      expect((await send(good, { key: 'sk_test_nobody' })).status).toBe(401)
      await sql(`insert into merchants (id, name) values ('mer_other', 'Another')`)
      for (const key of [await keyOf('mer_other'), secretKey]) expect((await send(good, { key })).status).toBe(403)
      expect(await rows()).toEqual(before)
    })
  })

  it('is entered by an operator with the form of the audit’s page, and shown there', async () => {
    const signIn = await shop.call(
      'POST',
      '/v2/sessions',
      { email: 'admin@example.com', password: 'correct horse battery' },
      { key: null },
    )
    const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const submit = (file: string, origin = system.url) => {
      const form = new FormData()
      form.set('provider', 'bonum')
      form.set('file', new File([file], 'statement.csv', { type: 'text/csv' }))
      return fetch(`${system.url}/ops/audit/statements`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin },
        body: form,
      })
    }
    const page = async (address: string) =>
      (await fetch(`${system.url}${address}`, { headers: { cookie, accept: 'text/html' } })).text()
    const strange: Line = { reference: 'form-1', invoice: 'inv-form', amount: '1,234.50', at: '2026-10-05 10:00:00' }
    const file = csvOf([strange]).replace('1,234.50', '"1,234.50"')

    expect((await submit(file, 'https://evil.example')).status).toBe(403)
    const bad = await submit(csvOf([{ ...strange, amount: 'x<b>' }]))
    expect([bad.status, (await bad.text()).includes('role="alert">Line 2: amount: is no decimal number')]).toEqual([
      400,
      true,
    ])
    const good = await submit(file)
    expect(good.status).toBe(303)
    const address = good.headers.get('location') ?? ''
    expect(await page('/ops/audit')).toContain(`href="${address}"`)
    const shown = await page(address)
    expect(shown).toContain('Only they have it: 1')
    expect(shown).toContain('<code>form-1</code>')
    expect(shown).toContain('entered by admin@example.com')
    expect((await fetch(`${system.url}/ops/audit/statements/stm_nobodys`, { headers: { cookie } })).status).toBe(404)
  })
})
