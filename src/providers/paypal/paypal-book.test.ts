import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stage, startStage } from '../../../sandbox/stage.ts'
import { alwaysClosed } from '../../platform/breakers.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import { readPayPalBook } from './paypal-book.ts'
import { createPayPalClient, type PayPalClient } from './paypal-client.ts'
import { sandboxRoot } from './paypal-roots.ts'
import { readPayPalSettings } from './paypal-settings.ts'
import { booksUntil, readTransactions } from './paypal-transactions.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

// Removes the risk that a line of PayPal's books is passed over, or taken for something else.
describe('PayPal’s books', () => {
  let stage: Stage
  let client: PayPalClient

  beforeAll(async () => {
    stage = await startStage()
    const settings = readPayPalSettings({
      PAYPAL_CLIENT_ID: 'client',
      PAYPAL_CLIENT_SECRET: 'secret',
      PAYPAL_API_BASE: `${stage.sandbox.url}/paypal`,
      PAYPAL_SANDBOX_ROOT: sandboxRoot,
    })
    if (!settings) throw new Error('PayPal is switched off')
    client = createPayPalClient(settings, 2_000, alwaysClosed)
  })
  beforeEach(() => stage.call('POST', '/sandbox/reset'))
  afterAll(() => stage.close())

  const enter = (code: string, amount = -500) =>
    stage.call('POST', '/sandbox/paypal/transactions', { code, amount, currency: 'USD' })
  const read = () => readPayPalBook(client, new Date(Date.now() - hourMs), new Date())

  it.each([
    ['T0006', 'charge'],
    ['T0003', 'charge'],
    ['T0106', 'fee'],
    ['T0200', 'payout'],
    ['T0400', 'payout'],
    ['T1107', 'refund'],
    ['T1106', 'dispute'],
    ['T1201', 'dispute'],
    ['T1502', 'other'],
  ])('know %s as %s', async (code, kind) => {
    await enter(code)
    expect(await read()).toMatchObject([{ kind, amount: -500, fee: 0, currency: 'USD' }])
  })

  it('are read page by page, each line once', async () => {
    for (let count = 0; count < 501; count += 1) await enter('T0400', -1 - count)
    const lines = await read()
    expect(lines).toHaveLength(501)
    expect(new Set(lines.map(({ reference }) => reference)).size).toBe(501)
  })

  it('are asked for a month at a time, and in halves where there is too much', async () => {
    const asked: [number, number][] = []
    const most = 3 * dayMs
    const counting: PayPalClient = {
      async call({ path, answer }) {
        const query = new URL(path, 'http://x').searchParams
        const [from, to] = [Date.parse(query.get('start_date') ?? ''), Date.parse(query.get('end_date') ?? '')]
        asked.push([from, to])
        if (to - from > most) throw new ProviderError('paypal', 'refused', 'RESULTSET_TOO_LARGE')
        return answer.parse({})
      },
    }
    const [from, to] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-03-15T12:00:00Z')]
    await readTransactions(counting, from, to)
    for (const [start, end] of asked) expect(end - start).toBeLessThanOrEqual(31 * dayMs)
    const answered = asked.filter(([start, end]) => end - start <= most).sort(([a], [b]) => a - b)
    let until = from.getTime()
    for (const [start, end] of answered) {
      expect(start).toBe(until)
      until = end
    }
    expect(until).toBe(to.getTime())
  })

  it('read times with an offset as PayPal writes it, and say of what they cannot read that it is so', async () => {
    const one = (info: object): PayPalClient => ({
      call: async ({ answer }) =>
        answer.parse({
          transaction_details: [
            {
              transaction_info: {
                transaction_id: '1T',
                transaction_event_code: 'T0006',
                transaction_initiation_date: '2026-10-05T04:03:52+0200',
                transaction_amount: { currency_code: 'USD', value: '20.00' },
                fee_amount: { currency_code: 'USD', value: '-1.19' },
                custom_field: 'chg_1',
                ...info,
              },
            },
          ],
        }),
    })
    const [line] = await readPayPalBook(one({}), new Date(), new Date())
    expect(line).toMatchObject({ at: new Date('2026-10-05T02:03:52Z'), amount: 2_000, fee: 119, source: 'chg_1' })
    const foreignBook = one({ custom_field: 'another shop' })
    // What others did at the account before the days that are asked for is no business of theirs.
    expect(await readPayPalBook(foreignBook, new Date('2026-10-05T02:03:53Z'), new Date())).toEqual([])
    const [foreign] = await readPayPalBook(foreignBook, new Date('2026-10-05T02:03:52Z'), new Date())
    expect(foreign).toMatchObject({ source: '1T', reference: '1T-T0006' })
    const odd = one({ transaction_amount: { currency_code: 'DOG', value: '1' } })
    await expect(readPayPalBook(odd, new Date(), new Date())).rejects.toThrow('book_not_understood')
  })

  it('are complete up to when PayPal has entered them', async () => {
    expect((await booksUntil(client)).getTime()).toBeGreaterThan(Date.now() - 5_000)
    await stage.call('POST', '/sandbox/paypal/settings', { bookDelaySeconds: 7_200 })
    await enter('T0400')
    expect(await read()).toEqual([])
    expect((await booksUntil(client)).getTime()).toBeLessThan(Date.now() - 2 * hourMs + 5_000)
  })
})
