// Risk removed: an invoice that is missing, issued twice, numbered with a gap, or read by somebody else.
import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import { demoSellingEntities } from '../../src/checkouts/demo-selling-entities.ts'
import { replaceSellingEntities } from '../../src/checkouts/selling-entities.ts'
import { anotherKey } from '../another-merchant.ts'
import { violationsOf } from '../en16931.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

const inBerlin = {
  name: 'Ada Buyer',
  phone: '+493012345',
  email: 'ada@example.com',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}
const inDublin = { address: { line1: '1 Quay', city: 'Dublin', postalCode: 'D01', country: 'IE' } }

describe('the documents of an order', () => {
  const { system, shop: orders } = runningShop(merchantOrders)

  const submit = (more: Json = {}) =>
    orders.submit(
      [{ productDetails: { name: 'Tasse', physical: true, countryOfOrigin: 'DE' }, price: 100, quantity: 2 }],
      {
        currency: 'EUR',
        shipTo: inBerlin,
        billTo: inBerlin,
        shipFrom: inDublin,
        locale: 'de_DE',
        ...more,
      },
    )
  const fulfilAll = async (order: { id: string; items: { id: string; quantity: number }[] }) => {
    const items = order.items.map(({ id, quantity }) => ({ itemId: id, quantity }))
    expect((await orders.fulfil(order.id, items)).status).toBe(201)
  }
  const withPdf = (orderId: string, field: 'invoicePDFs' | 'creditMemoPDFs') =>
    eventually(async () => {
      const order = await orders.read(orderId)
      return order[field] ? order : undefined
    }, `${field} of ${orderId}`)
  const fetchFile = (url: string, key?: string) =>
    fetch(url, key ? { headers: { authorization: `Bearer ${key}` } } : {})
  const textOf = async (url: string) => {
    const answer = await fetchFile(url, secretKey)
    expect(answer.status).toBe(200)
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(await answer.arrayBuffer())), {
      mergePages: true,
    })
    return text.replaceAll(/\s+/g, '')
  }

  it('R201 R203 R204 R207 R209 R215 has an invoice once its money is captured, and no list of them before', async () => {
    const before = await submit()
    const order = await submit({ exchangeOf: before.id })
    expect(order).not.toHaveProperty('invoicePDFs')
    expect(order).not.toHaveProperty('creditMemoPDFs')
    await fulfilAll(order)
    const after = await withPdf(order.id, 'invoicePDFs')
    expect(after.state).toBe('complete')
    expect(after.invoicePDFs).toEqual([
      {
        id: expect.stringMatching(/^file_/),
        url: `${system.url}/files/${after.invoicePDFs[0].id}/content`,
      },
    ])
    expect(after).not.toHaveProperty('creditMemoPDFs')
    await orders.heard(order.id, 'order.invoice.created')
    const [event] = (await orders.must('GET', `/v2/events?orderId=${order.id}&type=order.invoice.created`)).data
    expect(event.data.object).toMatchObject({ id: order.id, invoicePDFs: after.invoicePDFs })
    const text = await textOf(after.invoicePDFs[0].url)
    for (const part of [
      'Rechnung',
      'Tasse',
      'Berlin',
      'Lieferadresse',
      'ErsatzfürWarederBestellung',
      before.id,
      `${order.totalAmount.toFixed(2).replace('.', ',')}€`,
    ])
      expect(text).toContain(part)
  })

  it('replaces the goods of an order of its own merchant only', async () => {
    const before = await submit()
    const body = { currency: 'USD', email: 'ada@example.com', items: [{ productDetails: { name: 'Mug' }, price: 10 }] }
    const ask = (exchangeOf: unknown, key?: string) =>
      orders.call('POST', '/v2/checkouts', { ...body, exchangeOf }, key === undefined ? {} : { key })
    const refusal = (answer: Answer) => [
      answer.status,
      answer.body.errors?.[0]?.code,
      answer.body.errors?.[0]?.parameter,
    ]
    expect(refusal(await ask('ord_nothing'))).toEqual([404, 'not_found', 'exchangeOf'])
    expect((await ask(7)).status).toBe(400)
    expect(refusal(await ask(before.id, await anotherKey(system)))).toEqual([404, 'not_found', 'exchangeOf'])
    const made = await ask(before.id)
    expect(made.status).toBe(201)
    const changed = await orders.call('POST', `/v2/checkouts/${made.body.id}`, { exchangeOf: 'ord_nothing' })
    expect(refusal(changed)).toEqual([404, 'not_found', 'exchangeOf'])
  })

  it('R202 R208 R209 has a credit memo for what was given back, naming its invoice', async () => {
    const order = await submit()
    await fulfilAll(order)
    await withPdf(order.id, 'invoicePDFs')
    await orders.must('POST', '/v2/refunds', { orderId: order.id, currency: 'EUR', amount: 50, reason: 'scratched' })
    const after = await withPdf(order.id, 'creditMemoPDFs')
    await orders.heard(order.id, 'order.credit_memo.created')
    const [event] = (await orders.must('GET', `/v2/events?orderId=${order.id}&type=order.credit_memo.created`)).data
    expect(event.data.object.creditMemoPDFs).toEqual(after.creditMemoPDFs)
    const rows = await system.database.sql<{ kind: string; number: string; data: { totals: Record<string, number> } }>(
      'select kind, number, data from order_documents where order_id = $1 order by kind desc',
      [order.id],
    )
    const [invoice, memo] = rows
    expect(invoice?.number).toMatch(/^TEST-INV-\w+-\d{6}$/)
    expect(memo?.number).toMatch(/^TEST-CM-\w+-\d{6}$/)
    expect(memo?.data.totals).toMatchObject({ total: 50_00 })
    // 19 % tax was in it.
    expect(memo?.data.totals.tax).toBe(Math.round((50_00 * 19) / 119))
    const text = await textOf(after.creditMemoPDFs[0].url)
    expect(text).toContain(invoice?.number)
    expect(text).toContain('50,00€')
  })

  it('tells of a credit memo once, also when its refund and its order’s invoice call for it at the same time', async () => {
    const order = await submit()
    await fulfilAll(order)
    await withPdf(order.id, 'invoicePDFs')
    await orders.must('POST', '/v2/refunds', { orderId: order.id, currency: 'EUR', amount: 50 })
    await withPdf(order.id, 'creditMemoPDFs')
    const called = (state: string) =>
      system.database.sql(
        `select id from tasks where job = 'create-credit-memo' and payload ->> 'orderId' = $1 and state = $2`,
        [order.id, state],
      )
    expect(await called('done')).toHaveLength(1)
    // As the second task finds it that was on its way when the first one had stored the file.
    await system.database.sql(
      `update tasks set state = 'pending', done_at = null, run_at = now(), epoch = epoch + 1
       where job = 'create-credit-memo' and payload ->> 'orderId' = $1`,
      [order.id],
    )
    await eventually(async () => ((await called('done')).length === 1 ? true : undefined), 'the second task')
    const { data } = await orders.must('GET', `/v2/events?orderId=${order.id}&type=order.credit_memo.created`)
    expect(data).toHaveLength(1)
  })

  it('numbers the invoices of a seller without a gap, whatever happens at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => submit()))
    await Promise.all(made.map(fulfilAll))
    for (const { id } of made) await withPdf(id, 'invoicePDFs')
    const rows = await system.database.sql<{ number: string }>(
      `select number from order_documents where kind = 'invoice' and selling_entity_id = 'ORDERMILL_IE' order by number`,
    )
    expect(rows.length).toBeGreaterThanOrEqual(made.length)
    expect(rows.map(({ number }) => Number(number.slice(-6)))).toEqual(rows.map((_, index) => index + 1))
  })

  it('goes on with the series of a selling entity that is removed before its last orders are invoiced', async () => {
    const [first, last] = [await submit(), await submit()]
    await fulfilAll(first)
    await withPdf(first.id, 'invoicePDFs')
    await replaceSellingEntities(system.database, null, [])
    try {
      await fulfilAll(last)
      await withPdf(last.id, 'invoicePDFs')
    } finally {
      await replaceSellingEntities(system.database, null, demoSellingEntities)
    }
    const number = async (orderId: string) => {
      const [row] = await system.database.sql<{ number: string }>(
        `select number from order_documents where kind = 'invoice' and order_id = $1`,
        [orderId],
      )
      return Number(row?.number.slice(-6))
    }
    expect(await number(last.id)).toBe((await number(first.id)) + 1)
  })

  it('has no invoice of real money by a company of nobody: a person is told', async () => {
    const order = await submit()
    await fulfilAll(order)
    const { invoicePDFs } = await withPdf(order.id, 'invoicePDFs')
    // As if it had been for real money, and not been invoiced yet.
    await system.database.sql('delete from order_documents where order_id = $1', [order.id])
    await system.database.sql('delete from files where id = $1', [invoicePDFs[0].id])
    await system.database.sql('update orders set live_mode = true where id = $1', [order.id])
    await system.database.sql(
      `update tasks set state = 'pending', done_at = null, run_at = now(), epoch = epoch + 1 where dedupe_key = $1`,
      [`${order.id}-invoice-1`],
    )
    const [waiting] = await eventually(async () => {
      const rows = await system.database.sql<{ reason: string }>(
        `select attention ->> 'reason' as reason from orders where id = $1 and attention is not null`,
        [order.id],
      )
      return rows.length > 0 ? rows : undefined
    }, 'the order to wait for a person')
    expect(waiting?.reason).toContain('seller_is_demo')
    expect(await system.database.sql('select number from order_documents where order_id = $1', [order.id])).toEqual([])
  })

  it('an invoice that a worker died over is the same to the byte when the next one makes it', async () => {
    const order = await submit()
    await fulfilAll(order)
    const { invoicePDFs } = await withPdf(order.id, 'invoicePDFs')
    const [{ id, url }] = invoicePDFs
    const before = Buffer.from(await (await fetchFile(url, secretKey)).arrayBuffer())
    // As it stood when the document was stored and its file was not.
    await system.database.sql('delete from files where id = $1', [id])
    await system.database.sql(`delete from order_timeline where order_id = $1 and cause = 'order.invoice.created'`, [
      order.id,
    ])
    expect(await orders.read(order.id)).not.toHaveProperty('invoicePDFs')
    await system.database.sql(
      `update tasks set state = 'pending', done_at = null, run_at = now(), epoch = epoch + 1 where dedupe_key = $1`,
      [`${order.id}-invoice-1`],
    )
    const again = await withPdf(order.id, 'invoicePDFs')
    expect(again.invoicePDFs).toEqual(invoicePDFs)
    const after = Buffer.from(await (await fetchFile(url, secretKey)).arrayBuffer())
    expect(Buffer.compare(before, after)).toBe(0)
  })

  it('R205 R206 opens for the secret key of its merchant alone', async () => {
    const order = await submit()
    await fulfilAll(order)
    const { invoicePDFs } = await withPdf(order.id, 'invoicePDFs')
    const [{ url }] = invoicePDFs
    const opened = await fetchFile(url, secretKey)
    expect(opened.status).toBe(200)
    expect(opened.headers.get('content-type')).toBe('application/pdf')
    expect(opened.headers.get('x-content-type-options')).toBe('nosniff')
    for (const key of [undefined, 'sk_test_unknown', publishableKey])
      expect((await fetchFile(url, key)).status).toBe(key === publishableKey ? 403 : 401)
    expect((await fetchFile(url, await anotherKey(system))).status).toBe(404)
  })

  it('has the same documents by EN 16931, for whoever may open their PDFs', async () => {
    const order = await submit()
    await fulfilAll(order)
    await withPdf(order.id, 'invoicePDFs')
    await orders.must('POST', '/v2/refunds', { orderId: order.id, currency: 'EUR', amount: 50 })
    await withPdf(order.id, 'creditMemoPDFs')
    const { eInvoices, invoicePDFs } = await orders.must('GET', `/v2/orders/${order.id}`)
    expect(eInvoices).toHaveLength(2)
    for (const { id, url } of eInvoices as { id: string; url: string }[]) {
      const answer = await fetchFile(url, secretKey)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/xml; charset=utf-8'])
      expect(violationsOf(await answer.text(), { withoutSellerVat: true })).toEqual([])
      expect(id === invoicePDFs[0].id || url.includes(id)).toBe(true)
      expect((await fetchFile(url)).status).toBe(401)
      expect((await fetchFile(url, publishableKey)).status).toBe(403)
      expect((await fetchFile(url, await anotherKey(system))).status).toBe(404)
    }
  })

  it.each([
    ['a part', 50],
    ['all', undefined],
  ])('R287 R202 invoices %s again that a bank sent back after its credit memo, once', async (_what, amount) => {
    const order = await submit()
    await fulfilAll(order)
    await withPdf(order.id, 'invoicePDFs')
    await orders.must('POST', '/v2/refunds', { orderId: order.id, currency: 'EUR', amount })
    await withPdf(order.id, 'creditMemoPDFs')
    await orders.settled(order.id)
    const papers = () =>
      system.database.sql<{
        kind: string
        number: string
        fileId: string
        data: Json & { totals: Record<string, number> }
      }>('select kind, number, file_id as "fileId", data from order_documents where order_id = $1 order by id', [
        order.id,
      ])
    const intent = `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}`
    await orders.sandbox('POST', `${intent}/refund-fail`, {})
    await orders.until(order.id, ({ invoicePDFs }) => invoicePDFs.length === 2, 'the second invoice')
    await orders.settled(order.id)

    const [invoice, memo, again] = await papers()
    expect(await papers()).toHaveLength(3)
    if (!invoice || !memo || !again) throw new Error('a paper is missing')
    expect(Number(again.number.slice(-6))).toBeGreaterThan(Number(invoice.number.slice(-6)))
    expect(again.data).toEqual({
      ...memo.data,
      kind: 'invoice',
      number: again.number,
      issuedAt: again.data.issuedAt,
      memoNumber: memo.number,
    })
    const after = await orders.read(order.id)
    expect([after.state, after.refundedAmount, after.creditMemoPDFs.length]).toEqual(['complete', 0, 1])
    const text = await textOf(after.invoicePDFs[1].url)
    expect(text).toContain(again.number)
    expect(text).toContain(memo.number)
    const xml = await (await fetchFile(`${system.url}/v2/files/${again.fileId}/e-invoice`, secretKey)).text()
    expect(violationsOf(xml, { withoutSellerVat: true })).toEqual([])
    expect(/<(Invoice|CreditNote)\b/.exec(xml)?.[1]).toBe('Invoice')
    expect(xml).toContain(memo.number)
    const created = (await orders.must('GET', `/v2/events?orderId=${order.id}&type=order.invoice.created`)).data
    expect(created).toHaveLength(2)

    // Given again, it is taken off again: the papers add up to what the buyer has paid.
    await orders.must('POST', '/v2/refunds', { orderId: order.id, currency: 'EUR', amount })
    await orders.until(order.id, ({ creditMemoPDFs }) => creditMemoPDFs.length === 2, 'the second credit memo')
    await orders.settled(order.id)
    const sum = (of: 'total' | 'tax', rows: Awaited<ReturnType<typeof papers>>) =>
      rows.reduce((total, { kind, data }) => total + (kind === 'invoice' ? 1 : -1) * (data.totals[of] ?? 0), 0)
    const { totalAmount, refundedAmount } = await orders.read(order.id)
    expect(sum('total', await papers())).toBe(Math.round((totalAmount - refundedAmount) * 100))
    expect(sum('tax', await papers())).toBe(Number(invoice.data.totals.tax) - Number(memo.data.totals.tax))
    expect((await papers()).at(-1)?.data.invoiceNumber).toBe(invoice.number)
  })

  it('makes none for an order of a cart unless that is wanted', async () => {
    const order = await orders.order([{ skuId: 'sku-digital' }])
    await orders.pay(order.id)
    await orders.heard(order.id, 'order.complete')
    expect(
      await system.database.sql(`select id from tasks where order_id = $1 and queue = 'documents'`, [order.id]),
    ).toEqual([])
  })
})

describe('with INVOICES_FOR_CARTS', () => {
  const { system, shop: orders } = runningShop(merchantOrders, { env: { INVOICES_FOR_CARTS: 'true' } })

  it('the merchant itself issues the invoice of a cart, shipping included', async () => {
    const order = await orders.order([{ skuId: 'sku-digital', quantity: 2 }])
    await orders.pay(order.id)
    const paid = await eventually(async () => {
      const seen = await orders.read(order.id)
      return seen.invoicePDFs ? seen : undefined
    }, 'the invoice')
    const [row] = await system.database.sql<{ number: string; data: Json }>(
      'select number, data from order_documents where order_id = $1',
      [order.id],
    )
    expect(row?.number).toBe('TEST-INV-000001')
    expect(row?.data).toMatchObject({ seller: { name: 'Mill Store' }, totals: { total: paid.totalAmount * 100 } })
  })
})
