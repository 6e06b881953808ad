import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

type Mail = { kind: string; recipient: string; subject: string; text: string; html: string }

// Removes the risk that whoever bought from a cart hears nothing, or that somebody else sees what was bought.
describe('what the buyer of a cart has afterwards', () => {
  const { system, shop } = runningShop(storefront, { env: { INVOICES_FOR_CARTS: 'true' } })
  const email = () => `${crypto.randomUUID()}@example.com`
  const mailsOf = (orderId: string) =>
    system.database.sql<Mail>(
      'select kind, recipient, subject, text, html from mails where order_id = $1 order by id',
      [orderId],
    )
  const mailed = (orderId: string, kind: string) =>
    eventually(
      async () => (await mailsOf(orderId)).find((mail) => mail.kind === kind),
      async () => `the mail ${kind}; there were ${(await mailsOf(orderId)).map((mail) => mail.kind)}`,
    )
  const pageIn = ({ text }: Mail) => /: (http\S+\/o\/\S+)/.exec(text)?.[1] ?? ''
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, { headers, redirect: 'manual' })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const buy = async (items: { skuId: string; quantity?: number }[], more: Record<string, unknown> = {}) => {
    const order = await shop.order(items, { email: email(), ...more })
    await shop.pay(order.id)
    return order
  }
  const ask = (address: string, headers: Record<string, string> = {}) =>
    fetch(`${system.url}/o`, { method: 'POST', headers, body: new URLSearchParams({ email: address }) })

  beforeAll(async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'elsewhere',
      name: 'Film',
      kind: 'digital',
      price: 5,
      currency: 'USD',
      delivery: { contentType: 'link', content: 'https://films.example/reel' },
    })
  })

  it('one mail with the receipt and what was bought, where nothing travels', async () => {
    const order = await buy([{ skuId: 'sku-digital' }, { skuId: 'elsewhere' }])
    const mail = await mailed(order.id, 'delivery')
    for (const word of ['E-book:\nChapter one', '1 × E-book: $20.00', 'Total: $25.00', order.id])
      expect(mail.text).toContain(word)
    await shop.confirmed(order.id)
    await mailed(order.id, 'invoice')
    expect((await mailsOf(order.id)).map(({ kind }) => kind).sort()).toEqual(['delivery', 'invoice'])
    const page = await get(pageIn(mail))
    expect(page.status).toBe(200)
    for (const word of ['Your order is complete', 'Chapter one', 'Film', '$25.00', 'Ada Buyer'])
      expect(page.text).toContain(word)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const [, film] = order.items
    const opened = await get(`${pageIn(mail)}/items/${film.id}`)
    expect([opened.status, opened.headers.get('location')]).toEqual([302, 'https://films.example/reel'])
    const paper = /href="(\/o\/[^"]+\/papers\/[^"]+\/pdf)"/.exec(page.text)?.[1]
    const pdf = await fetch(`${system.url}${paper}`)
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    await pdf.arrayBuffer()
  })

  it('a confirmation, and a mail when the parcel leaves, with its tracking on the page', async () => {
    const order = await buy([{ skuId: 'sku-physical', quantity: 2 }], { locale: 'de-DE' })
    const confirmed = await mailed(order.id, 'order_confirmation')
    expect(confirmed.text).toContain('2 × Mug: 70,00\u00a0$')
    expect(confirmed.subject).toContain('ist bestätigt')
    await shop.confirmed(order.id)
    const [label] = (await shop.books(order.id)).easypost.labels
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${label.shipment_id}`, { status: 'in_transit' })
    await shop.sandbox('POST', `/sandbox/easypost/trackers/${label.shipment_id}`, { status: 'delivered' })
    const shipped = await mailed(order.id, 'shipped')
    const { shipments } = await shop.read(order.id)
    expect(shipped.text).toContain(shipments[0].trackingNumber)
    const page = await get(pageIn(shipped))
    expect(page.text).toContain(shipments[0].trackingNumber)
    expect((await mailsOf(order.id)).filter(({ kind }) => kind === 'shipped')).toHaveLength(1)
  })

  it('a mail about a refund, and the page says what went back and opens nothing more', async () => {
    const order = await buy([{ skuId: 'elsewhere' }])
    await shop.confirmed(order.id)
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    const mail = await mailed(order.id, 'refund')
    expect(mail.text).toContain('$5.00')
    const page = await get(pageIn(mail))
    expect(page.text).toContain('Refunded')
    expect(page.text).not.toContain(`/items/`)
    expect((await get(`${pageIn(mail)}/items/${order.items[0].id}`)).status).toBe(410)
  })

  it('in the language of the order, Arabic from right to left', async () => {
    const order = await buy([{ skuId: 'sku-digital' }], { locale: 'ar_EG' })
    const page = await get(pageIn(await mailed(order.id, 'delivery')))
    expect(page.text).toContain('<html lang="ar" dir="rtl">')
    expect(page.text).toContain('ما طلبتموه')
  })

  it('a page that nobody guesses: neither the order’s id nor another’s signature opens it', async () => {
    const [one, two] = [await buy([{ skuId: 'sku-digital' }]), await buy([{ skuId: 'elsewhere' }])]
    const [mine, other] = [pageIn(await mailed(one.id, 'delivery')), pageIn(await mailed(two.id, 'delivery'))]
    const [id] = mine.split('/').at(-1)?.split('.') ?? []
    const [, signature] = other.split('/').at(-1)?.split('.') ?? []
    for (const token of [one.id, `${id}.`, `${id}.${signature}`, `${id}`, 'x', '%00', '.'])
      expect((await get(`${system.url}/o/${token}`)).status, token).toBe(404)
    expect((await get(`${mine}/items/${two.items[0].id}`)).status).toBe(404)
    expect((await get(`${mine}/papers/file_1/pdf`)).status).toBe(404)
    expect((await get(`${mine}/papers`)).status).toBe(404)
  })

  it('the addresses of the orders again by mail, once in a while, and a stranger learns nothing', async () => {
    const address = email()
    const orders = [
      await buy([{ skuId: 'sku-digital' }], { email: address }),
      await buy([{ skuId: 'elsewhere' }], { email: address }),
    ]
    for (const { id } of orders) await shop.confirmed(id)
    const [unpaid] = [await shop.order([{ skuId: 'sku-digital' }], { email: address })]
    const known = await ask(address.toUpperCase())
    const unknown = await ask(email())
    expect([known.status, unknown.status, (await known.text()) === (await unknown.text())]).toEqual([200, 200, true])
    await ask(address)
    const newest = orders[1]?.id ?? ''
    const mail = await mailed(newest, 'order_links')
    expect(mail.recipient).toBe(address)
    for (const { id } of orders) expect(mail.text).toContain(id)
    expect(mail.text).not.toContain(unpaid.id)
    for (const [, url] of mail.text.matchAll(/: (http\S+\/o\/\S+)/g)) expect((await get(url ?? '')).status).toBe(200)
    expect((await mailsOf(newest)).filter(({ kind }) => kind === 'order_links')).toHaveLength(1)
  })

  it('a mail when what was paid for is cancelled', async () => {
    const order = await buy([{ skuId: 'sku-physical' }])
    await mailed(order.id, 'order_confirmation')
    await shop.until(order.id, ({ state }) => state === 'confirmed')
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    expect((await mailed(order.id, 'cancelled')).text).toContain('The payment of')
  })

  it('a form that says in the reader’s language what is wrong', async () => {
    for (const wrong of ['', 'ada', `${'a'.repeat(300)}@example.com`]) {
      const answer = await ask(wrong, { 'accept-language': 'de' })
      expect([answer.status, (await answer.text()).includes('Bitte geben Sie eine E-Mail-Adresse ein')]).toEqual([
        400,
        true,
      ])
    }
  })
})

describe('a shop that tells its buyers itself', () => {
  const { system, shop } = runningShop(storefront, { env: { MAILS_FOR_CARTS: 'false' } })

  it('has no mails sent to them', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await shop.until(order.id, ({ state }) => state === 'returned')
    await eventually(async () => {
      const [open] = await system.database.sql<{ tasks: number }>(
        `select count(*) as tasks from tasks where order_id = $1 and job = 'send-mail' and state <> 'done'`,
        [order.id],
      )
      return open?.tasks === 0 ? true : undefined
    }, 'the mails to be decided about')
    expect(await system.database.sql('select kind from mails where order_id = $1', [order.id])).toEqual([])
  })
})
