import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { newId } from '../../src/platform/ids.ts'
import { stripeEventTypes } from '../../src/providers/stripe/stripe-events.ts'
import { anotherKey } from '../another-merchant.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json, shipFrom } from '../storefront.ts'
import { secretKey } from '../system.ts'

type Entry = { id: string; type: string; amount: number; currency: string; balance: number; orderId: string | null }
type LedgerEntry = { correlationKey: string; amount: number }
const cents = (amount: number) => Math.round(amount * 100)
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + cents(amount), 0)

// Removes the risk that a merchant is told another balance than the ledger has, or somebody else's.
describe('a balance', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { REFUND_BEARER: 'platform' } })
  let merchant: string
  let seller: { id: string; key: string }

  beforeAll(async () => {
    merchant = (await shop.must('GET', '/v2/merchants')).data[0].id
    const { id } = await shop.must('POST', '/v2/merchants', { name: 'Seller' })
    const { key } = await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })
    seller = { id, key }
    await shop.must('POST', '/v2/skus', {
      id: 'sku-of-seller',
      merchantId: id,
      name: 'Song',
      kind: 'digital',
      price: 20,
      currency: 'USD',
      delivery: { contentType: 'text', content: 'la la' },
    })
    await shop.sandbox('POST', '/sandbox/webhooks', {
      provider: 'stripe',
      mode: 'normal',
      copies: 1,
      delayMs: 0,
      enabledEvents: stripeEventTypes,
    })
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 100_000 })
  })

  const stripe = (path: string, body: Json) => shop.sandbox('POST', `/sandbox/stripe/${path}`, body)
  const paid = async (skuId: string) => {
    const order = await shop.order([{ skuId }], { email: `${crypto.randomUUID()}@example.com` })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const balancesOf = async (key: string, query = '') =>
    (await shop.must('GET', `/v2/balances${query}`, undefined, { key })).data
  const entriesOf = async (key: string, query = ''): Promise<Entry[]> =>
    (await shop.must('GET', `/v2/balances/entries?limit=100${query}`, undefined, { key })).data
  const about = async (key: string, order: Answer['body'], count: number) => {
    const entries = await eventually(async () => {
      const found = (await entriesOf(key)).filter(({ orderId }) => orderId === order.id)
      return found.length >= count ? found : undefined
    }, `${count} entries about ${order.id}`)
    return entries.map(({ type, amount }) => [type, amount]).toReversed()
  }
  const csv = async (path: string, headers: Record<string, string>) => {
    const answer = await fetch(`${system.url}${path}`, { headers })
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      rows: parse(await answer.text(), { columns: true }) as Record<string, string>[],
    }
  }
  const session = async (email: string, password: string) => {
    const { headers } = await shop.call('POST', '/v2/sessions', { email, password }, { key: null })
    return { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
  }

  it('is empty before the first sale', async () => {
    expect(await balancesOf(seller.key)).toEqual([])
    expect(await entriesOf(seller.key)).toEqual([])
  })

  it('has the share of a sale, and less of it after a refund', async () => {
    const order = await paid('sku-of-seller')
    const share = order.charges.length > 0 ? (await balancesOf(seller.key))[0].available : 0
    expect(share).toBeGreaterThan(0)
    expect(await about(seller.key, order, 1)).toEqual([['sale', share]])
    await shop.must('POST', '/v2/refunds', { orderId: order.id, percent: 50 })
    const [, [type, amount] = []] = await about(seller.key, order, 2)
    expect([type, cents(Number(amount))]).toEqual(['refund', expect.any(Number)])
    expect(Math.abs(cents(Number(amount)) + cents(share) / 2)).toBeLessThanOrEqual(1)
    const [{ available }] = await balancesOf(seller.key)
    expect(cents(available)).toBe(cents(share) + cents(Number(amount)))
  })

  it('is pending while a payment is captured and not shared out, less what goes back meanwhile', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }, { skuId: 'sku-of-seller' }])
    // The parcel is dearer than it was quoted, so the order waits for a person.
    const moveTo = (to: object) =>
      system.database.sql('update merchants set ship_from = $1::jsonb where id = $2', [JSON.stringify(to), merchant])
    await moveTo({
      ...shipFrom,
      address: { ...shipFrom.address, line1: '1 Main St', city: 'New York', state: 'NY', postalCode: '10001' },
    })
    const before = (await balancesOf(seller.key))[0]
    await shop.pay(order.id)
    const { attention } = await shop.until(order.id, (seen) => Boolean(seen.attention))
    const { data } = await shop.must('GET', `/v2/orders/${order.id}/distribution`)
    const share: number = data.find(
      ({ recipient }: { recipient: string }) => recipient === `merchant:${seller.id}`,
    ).amount
    const paidBalance = (await balancesOf(seller.key))[0]
    expect(paidBalance).toEqual({ ...before, pending: share })
    await shop.must('POST', '/v2/refunds', { orderId: order.id, percent: 50 })
    const half = await eventually(async () => {
      const [found] = await balancesOf(seller.key)
      return found.pending < share ? found : undefined
    }, 'the refund')
    expect(half.available).toBe(before.available)
    expect(Math.abs(2 * cents(half.pending) - cents(share))).toBeLessThanOrEqual(2)
    await moveTo(shipFrom)
    const headers = await session('admin@example.com', 'correct horse battery')
    await eventually(async () => {
      const path = `/v2/ops/tasks/${attention.taskId}/retry?acceptCost=true`
      return (await shop.call('POST', path, undefined, { key: null, headers })).status === 200 ? true : undefined
    }, 'the price to be accepted')
    await about(seller.key, order, 2)
    const [after] = await balancesOf(seller.key)
    expect(after.pending).toBe(0)
    expect(Math.abs(cents(after.available) - cents(before.available) - cents(half.pending))).toBeLessThanOrEqual(2)
  })

  it('has nothing pending of what was captured in parts, each of which is shared out', async () => {
    const made = await shop.submit([{ productDetails: { name: 'Mug', physical: true }, quantity: 3, price: 11.11 }])
    const [item] = made.items
    await shop.fulfil(made.id, [{ itemId: item.id, quantity: 1 }])
    await shop.settled(made.id)
    await shop.fulfil(made.id, [{ itemId: item.id, quantity: 1, cancelQuantity: 1 }])
    await shop.until(made.id, ({ state }) => state === 'complete')
    await shop.settled(made.id)
    expect((await about(secretKey, made, 2)).map(([type]) => type)).toContain('sale')
    expect((await balancesOf(secretKey)).map(({ pending }: { pending: number }) => pending)).toEqual([0])
  })

  it('is reserved while a payment is disputed, comes back when that is won, and is gone when it is lost', async () => {
    const reserved = async (wanted: (amount: number) => boolean) =>
      eventually(async () => {
        const [balance] = await balancesOf(seller.key)
        return wanted(balance.reserved) ? balance : undefined
      }, 'what is reserved')
    for (const [status, kinds] of [
      ['won', ['sale']],
      ['lost', ['sale', 'dispute']],
    ] as const) {
      const order = await paid('sku-of-seller')
      const [[, share] = []] = await about(seller.key, order, 1)
      const [before] = await balancesOf(seller.key)
      const dispute = await stripe('disputes', {
        payment_intent: order.charges[0].providerReference,
        reason: 'fraudulent',
      })
      const open = await reserved((amount) => amount > 0)
      expect([open.reserved, cents(open.available)]).toEqual([share, cents(before.available) - cents(open.reserved)])
      await stripe(`disputes/${dispute.id}/close`, { status })
      await reserved((amount) => amount === 0)
      expect((await about(seller.key, order, kinds.length)).map(([type]) => type)).toEqual(kinds)
      const lost = status === 'lost' ? cents(Number(share)) : 0
      expect(cents((await balancesOf(seller.key))[0].available)).toBe(cents(before.available) - lost)
    }
  })

  it('goes to zero by a transfer, and below it while what was transferred is disputed', async () => {
    const order = await paid('sku-digital')
    const [sale, transfer] = await about(secretKey, order, 2)
    expect([sale?.[0], transfer]).toEqual(['sale', ['transfer', -Number(sale?.[1])]])
    const dispute = await stripe('disputes', {
      payment_intent: order.charges[0].providerReference,
      reason: 'fraudulent',
    })
    const balance = await eventually(async () => {
      const balances: { currency: string; reserved: number }[] = await balancesOf(secretKey)
      return balances.find(({ currency, reserved }) => currency === 'USD' && reserved > 0)
    }, 'the dispute')
    expect(balance).toMatchObject({ available: -Number(sale?.[1]), reserved: sale?.[1] })
    await stripe(`disputes/${dispute.id}/close`, { status: 'lost' })
    const kinds = (await about(secretKey, order, 4)).map(([type]) => type)
    expect(kinds.toSorted()).toEqual(['dispute', 'sale', 'transfer', 'transfer_reversed'])
  })

  it('is the sum of its entries, each with the balance that it left, page by page as at once', async () => {
    const entries = await entriesOf(seller.key)
    const [balance] = await balancesOf(seller.key)
    expect(sum(entries.map(({ amount }) => amount))).toBe(cents(balance.available) + cents(balance.reserved))
    expect(entries[0]?.balance).toBe(balance.available)
    for (const [index, entry] of entries.entries())
      expect(cents(entry.balance)).toBe(cents(entries[index + 1]?.balance ?? 0) + cents(entry.amount))
    const first = await shop.must('GET', '/v2/balances/entries?limit=2', undefined, { key: seller.key })
    const rest = await shop.must('GET', `/v2/balances/entries?limit=100&startingAfter=${first.data[1].id}`, undefined, {
      key: seller.key,
    })
    expect([first.hasMore, rest.hasMore]).toEqual([true, false])
    // A number that counts all entries would tell competitors how much everybody else sells.
    for (const { id } of entries) expect(id).toMatch(/^(spl|op)_/)
    const cursor = `/v2/balances/entries?startingAfter=${first.data[1].id}`
    const another = await shop.call('GET', cursor, undefined, { key: secretKey })
    expect([another.status, another.body.errors[0].parameter]).toEqual([400, 'startingAfter'])
    expect([...first.data, ...rest.data]).toEqual(entries)
  })

  it('is filtered by currency and time, without another balance', async () => {
    const entries = await entriesOf(seller.key)
    const { createdTime } = (await shop.must('GET', '/v2/balances/entries?limit=1', undefined, { key: seller.key }))
      .data[0]
    expect(await entriesOf(seller.key, '&currency=EUR')).toEqual([])
    expect(await entriesOf(seller.key, '&currency=USD')).toEqual(entries)
    const [newest] = await entriesOf(seller.key, `&createdTime[gte]=${createdTime}`)
    expect(newest).toEqual(entries[0])
    expect((await entriesOf(seller.key, `&createdTime[lt]=${createdTime}`))[0]).toEqual(
      entries.find((entry) => entry.id !== newest?.id),
    )
  })

  it('is the same as CSV', async () => {
    const entries = await entriesOf(seller.key)
    const authorization = `Bearer ${seller.key}`
    const byFormat = await csv('/v2/balances/entries?format=csv&limit=1', { authorization })
    expect([byFormat.status, byFormat.type]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(await csv('/v2/balances/entries', { authorization, accept: 'text/csv' })).toEqual(byFormat)
    expect(byFormat.rows.map(({ id, type, orderId }) => [id, type, orderId])).toEqual(
      entries.map(({ id, type, orderId }) => [id, type, orderId]),
    )
    expect(sum(byFormat.rows.map(({ amount }) => Number(amount)))).toBe(sum(entries.map(({ amount }) => amount)))
    expect(byFormat.rows[0]?.balance).toBe(entries[0]?.balance.toFixed(2))
  })

  it('is its owner’s and its marketplace’s, and nobody else’s', async () => {
    const own = await balancesOf(seller.key)
    const asked = `?merchantId=${seller.id}`
    expect(await balancesOf(secretKey, asked)).toEqual(own)
    expect(await entriesOf(secretKey, `&merchantId=${seller.id}`)).toEqual(await entriesOf(seller.key))
    const stranger = await anotherKey(system)
    for (const [key, merchantId] of [
      [stranger, seller.id],
      [seller.key, merchant],
      [secretKey, 'mer_nobodys'],
    ]) {
      for (const path of ['/v2/balances', '/v2/balances/entries']) {
        const answer = await shop.call('GET', `${path}?merchantId=${merchantId}`, undefined, { key: key ?? '' })
        expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'not_found'])
      }
    }
  })

  it.each(['limit=0', 'startingAfter=x', 'currency=XXZ', 'createdTime[gte]=yesterday', 'format=xml'])(
    'refuses %s',
    async (query) => {
      const answer = await shop.call('GET', `/v2/balances/entries?${query}`)
      expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'invalid_parameter'])
    },
  )

  it('is shown to its seller in the dashboard, with its entries as CSV', async () => {
    await system.database.sql('insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)', [
      newId('user'),
      'seller@example.com',
      await hashPassword('a seller of songs'),
      seller.id,
    ])
    const headers = await session('seller@example.com', 'a seller of songs')
    await system.database.sql('update merchants set name = $1 where id = $2', ['<b>Seller</b>', seller.id])
    const page = await (await fetch(`${system.url}/dashboard/balance`, { headers })).text()
    const [balance] = await balancesOf(seller.key)
    expect(page).toContain(`<dt>Available</dt><dd>$${balance.available.toFixed(2)}</dd>`)
    expect(page).toContain('Lost dispute')
    expect(page).not.toContain('<b>Seller')
    const month = new Date().toISOString().slice(0, 7)
    const statement = (format: string) =>
      fetch(`${system.url}/dashboard/balance/statement?month=${month}&currency=USD&format=${format}`, { headers })
    expect(page).toContain('action="/dashboard/balance/statement"')
    for (const [format, type] of [
      ['pdf', 'application/pdf'],
      ['csv', 'text/csv; charset=utf-8'],
    ] as const) {
      const answer = await statement(format)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
    }
    expect((await statement('doc')).status).toBe(400)
    const { rows } = await csv('/dashboard/balance/entries.csv', headers)
    expect(rows.map(({ id }) => id)).toEqual((await entriesOf(seller.key)).map(({ id }) => id))
  })

  it('stands in the ledger that operators see, account by account and row by row', async () => {
    const headers = await session('admin@example.com', 'correct horse battery')
    const ops = async (path: string) =>
      (await fetch(`${system.url}${path}`, { headers })).json() as Promise<Answer['body']>
    const [{ available, reserved }] = await balancesOf(seller.key)
    const account = `merchant:${seller.id}`
    const balances: { id: string; account: string; balance: number }[] = []
    for (let query = 'limit=2'; ; query = `limit=2&startingAfter=${encodeURIComponent(balances.at(-1)?.id ?? '')}`) {
      const { hasMore, data } = await ops(`/v2/ops/ledger/balances?${query}`)
      balances.push(...data)
      if (!hasMore) break
    }
    expect(cents(balances.find((each) => each.account === account)?.balance ?? 0)).toBe(
      cents(available) + cents(reserved),
    )
    expect(sum(balances.map(({ balance }) => balance))).toBe(0)
    expect(balances.every(({ balance }) => balance !== 0)).toBe(true)
    const { data } = await ops(`/v2/ops/ledger?limit=100&account=${account}&currency=USD`)
    const entries = await entriesOf(seller.key)
    expect(data.map(({ correlationKey, amount }: LedgerEntry) => [correlationKey, amount])).toEqual(
      entries.map(({ id, amount }) => [id, amount]),
    )
    const { rows } = await csv('/v2/ops/ledger?format=csv', headers)
    expect(sum(rows.map(({ amount }) => Number(amount)))).toBe(0)
    const orderId = entries[0]?.orderId
    expect((await csv(`/v2/ops/ledger?format=csv&orderId=${orderId}`, headers)).rows).toEqual(
      rows.filter((row) => row.orderId === orderId),
    )
    const journal = await csv('/v2/ops/journal?format=csv', headers)
    expect(journal.rows).toHaveLength(rows.length / 2)
    const ofAccount = (name: string) =>
      sum(
        journal.rows.map(
          ({ debit, credit, amount }) => Number(amount) * (Number(debit === name) - Number(credit === name)),
        ),
      )
    for (const { account: name, balance } of balances) expect(ofAccount(name)).toBe(cents(balance))
    const { data: movements } = await ops('/v2/ops/journal?limit=3')
    expect(movements.map(({ reference }: { reference: string }) => reference)).toEqual(
      journal.rows.slice(0, 3).map(({ reference }) => reference),
    )
    const key = { authorization: `Bearer ${secretKey}` }
    expect((await fetch(`${system.url}/v2/ops/ledger`, { headers: key })).status).toBe(401)
  })
})
