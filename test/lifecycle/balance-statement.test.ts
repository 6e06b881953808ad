import { extractText, getDocumentProxy } from 'unpdf'
import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

type Entry = { type: string; amount: number; balance: number; orderId: string | null; payoutId: string | null }
const cents = (amount: number) => Math.round(amount * 100)
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + cents(amount), 0)
const orderCount = 200

// Removes the risk that a merchant's statement does not add up, or tells another story than its balance.
describe('R298 the statement of a month', () => {
  const { system, shop } = runningShop(merchantOrders)
  const month = new Date().toISOString().slice(0, 7)
  let seller: string
  let orders: Answer['body'][]

  const buy = async () => {
    const order = await shop.order([{ skuId: 'song' }], { email: `${crypto.randomUUID()}@example.com` })
    await shop.pay(order.id)
    return shop.until(order.id, ({ status }) => status === 'CONFIRMED', 'status CONFIRMED', 60_000)
  }
  const statement = (query: string) =>
    shop.must('GET', `/v2/balances/statement?month=${month}&currency=USD&merchantId=${seller}${query}`)
  const file = async (format: string, more = '') => {
    const path = `/v2/balances/statement?month=${month}&currency=USD&merchantId=${seller}&format=${format}${more}`
    const answer = await fetch(`${system.url}${path}`, { headers: { authorization: 'Bearer sk_test_system' } })
    expect(answer.status).toBe(200)
    return { type: answer.headers.get('content-type'), body: new Uint8Array(await answer.arrayBuffer()) }
  }
  const pay = (amount: number, reference: string) =>
    shop.must('POST', '/v2/payouts', { merchantId: seller, currency: 'USD', amount, method: 'manual', reference })

  beforeAll(async () => {
    seller = (await shop.must('POST', '/v2/merchants', { name: 'Müller Musik' })).id
    const delivery = { contentType: 'text', content: 'la la la' }
    const song = { name: 'Song', kind: 'digital', price: 20, currency: 'USD', delivery, merchantId: seller }
    await shop.must('POST', '/v2/skus', { id: 'song', ...song })
    // What was owed before the month began.
    await system.database.sql(
      `insert into ledger_entries (correlation_key, account, amount, currency, created_at)
       values ('before', 'merchant:' || $1, 12345, 'USD', $2::timestamptz - interval '1 second'), ('before', 'test', -12345, 'USD', $2::timestamptz - interval '1 second')`,
      [seller, `${month}-01T00:00:00Z`],
    )
    orders = []
    for (let made = 0; made < orderCount; made += 20)
      orders.push(...(await Promise.all(Array.from({ length: 20 }, buy))))
    await Promise.all(
      orders
        .slice(0, 10)
        .map(({ id }, index) =>
          shop.must('POST', '/v2/refunds', { orderId: id, ...(index % 2 === 0 ? {} : { amount: 5 }) }),
        ),
    )
    await Promise.all(orders.slice(0, 10).map(({ id }) => shop.settled(id)))
    await pay(500, 'BANK-1')
    const disputed = orders[20]
    const { providerReference } = disputed.charges[0]
    const dispute = await shop.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: providerReference,
      reason: 'fraudulent',
    })
    await shop.sandbox('POST', `/sandbox/stripe/disputes/${dispute.id}/close`, { status: 'lost' })
    await eventually(async () => {
      const { entries } = await statement('')
      return entries.some(({ type }: Entry) => type === 'dispute') ? true : undefined
    }, 'the dispute to be lost')
    await shop.settled(disputed.id)
    await pay(750.5, 'BANK-2')
  }, 120_000)

  it('goes from what was owed before to what is owed after, entry by entry', async () => {
    const { opening, closing, totals, entries } = await statement('')
    expect(opening).toBe(123.45)
    expect(cents(closing)).toBe(cents(opening) + sum(entries.map(({ amount }: Entry) => amount)))
    let balance = cents(opening)
    for (const entry of entries as Entry[]) {
      balance += cents(entry.amount)
      expect(cents(entry.balance)).toBe(balance)
    }
    const count = (type: string) => totals.find((total: Json) => total.type === type)?.count
    expect([count('sale'), count('refund'), count('dispute'), count('payout')]).toEqual([orderCount, 10, 1, 2])
    expect(sum(totals.map(({ amount }: { amount: number }) => amount))).toBe(cents(closing) - cents(opening))
    const [{ available, reserved }] = (await shop.must('GET', `/v2/balances?merchantId=${seller}`)).data
    expect(cents(closing)).toBe(cents(available) + cents(reserved))
  })

  it('is a PDF whose lines add up from its opening to its closing balance', async () => {
    const { type, body } = await file('pdf')
    expect(type).toBe('application/pdf')
    const { text } = await extractText(await getDocumentProxy(body), { mergePages: true })
    const money = String.raw`-?\$[\d,]+\.\d{2}`
    const cell = (shown: string) => Math.round(Number(shown.replaceAll(/[$,]/g, '')) * 100)
    const lines = [...text.matchAll(new RegExp(String.raw`(?:(?:ord|po|pyt)_\w+)\s+(${money})\s+(${money})`, 'g'))]
    const json = await statement('')
    expect(lines).toHaveLength(json.entries.length)
    const balanceOf = (label: string) =>
      cell(new RegExp(String.raw`${label} balance\s*(${money})`).exec(text)?.[1] ?? '')
    const [opening, closing] = [balanceOf('Opening'), balanceOf('Closing')]
    expect([opening, closing]).toEqual([12_345, cents(json.closing)])
    expect(lines.reduce((balance, [, amount]) => balance + cell(amount ?? ''), opening ?? 0)).toBe(closing)
    expect(cell(lines.at(-1)?.[2] ?? '')).toBe(closing)
    expect(text).toContain('Müller Musik')
  })

  it.each([
    ['de_DE', 'Kontoauszug'],
    ['fr_FR', 'Relevé'],
    ['es_ES', 'Extracto'],
    ['ja_JP', '取引明細書'],
    ['ar_EG', 'كشف'],
    ['xx', 'Statement'],
  ])('is written in the language of its reader: %s', async (locale, word) => {
    const { body } = await file('pdf', `&locale=${locale}`)
    const { text } = await extractText(await getDocumentProxy(body), { mergePages: true })
    expect(text.normalize('NFKC')).toContain(word)
  })

  it('is the same as CSV', async () => {
    const { type, body } = await file('csv')
    expect(type).toBe('text/csv; charset=utf-8')
    const [, ...rows] = new TextDecoder().decode(body).trim().split('\r\n')
    const { entries, closing } = await statement('')
    expect(rows).toHaveLength(entries.length + 2)
    expect(rows[0]).toMatch(/,opening,,,USD,123\.45$/)
    expect(rows.at(-1)).toMatch(new RegExp(`,closing,,,USD,${closing.toFixed(2)}$`))
  })

  it.each(['month=2026-13', 'month=2999-01', 'month=2026-1', 'currency=XXZ', 'format=doc'])(
    'refuses %s',
    async (query) => {
      const answer = await shop.call('GET', `/v2/balances/statement?month=${month}&currency=USD&${query}`)
      expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'invalid_parameter'])
    },
  )

  it('of a month without entries says so, and somebody else’s is not found', async () => {
    const before = await shop.must('GET', `/v2/balances/statement?month=2026-01&currency=EUR&merchantId=${seller}`)
    expect(before).toMatchObject({ opening: 0, closing: 0, totals: [], entries: [] })
    const answer = await shop.call('GET', `/v2/balances/statement?month=${month}&currency=USD&merchantId=mer_nobodys`)
    expect(answer.status).toBe(404)
  })
})
