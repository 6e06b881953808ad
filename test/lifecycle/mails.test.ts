import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMailServer } from '../mail-server.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { eventually } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'

type Mail = { kind: string; state: string; recipient: string; subject: string; text: string; html: string }

// Removes the risk that a buyer is left guessing what became of an order and of the money.
describe('mails to buyers', () => {
  let server: Awaited<ReturnType<typeof startMailServer>>
  let system: System
  let shop: ReturnType<typeof merchantOrders>

  beforeAll(async () => {
    server = await startMailServer()
    system = await startSystem({ env: { SMTP_URL: server.url, MAIL_FROM: 'Mill <shop@mill.example>' } })
    shop = merchantOrders(system)
    await shop.stock()
    await system.database.sql(`update merchants set email = 'help@millstore.example'`)
  })
  afterAll(async () => {
    await system?.close()
    await server?.close()
  })

  const goods = [{ productDetails: { name: 'Field guide' }, price: 40, quantity: 2 }]
  const mailsOf = (orderId: string) =>
    system.database.sql<Mail>(
      'select kind, state, recipient, subject, text, html from mails where order_id = $1 order by id',
      [orderId],
    )
  const mailed = (orderId: string, kind: string) =>
    eventually(
      async () => (await mailsOf(orderId)).find((mail) => mail.kind === kind && mail.state === 'sent'),
      async () => `the mail ${kind}; there were ${JSON.stringify((await mailsOf(orderId)).map((mail) => mail.kind))}`,
    )
  const xmlOf = async (text: string) => {
    const answer = await fetch(/e-invoice \(XML\): (\S+)/.exec(text)?.[1] ?? '')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/xml; charset=utf-8'])
    return answer.text()
  }
  const receivedFor = (recipient: string) => server.received.filter(({ to }) => to === recipient)

  it('R166 confirms an accepted order, once, with answers going to the merchant', async () => {
    const order = await shop.submit(goods)
    const mail = await mailed(order.id, 'order_confirmation')
    expect(mail.recipient).toBe(order.email)
    expect(mail.text).toContain(order.id)
    expect(mail.text).toContain('Field guide')
    await shop.settled(order.id)
    expect(await mailsOf(order.id)).toHaveLength(1)
    expect(receivedFor(order.email)).toEqual([expect.objectContaining({ replyTo: 'help@millstore.example' })])
  })

  it('R156 tells where, how much and until when to pay', async () => {
    const order = await shop.submit(
      [{ productDetails: { name: 'Course' }, price: 5000 }],
      { currency: 'JPY', locale: 'ja_JP' },
      { type: 'konbini', flow: 'receiver', card: null },
    )
    const { konbini } = order.payment.session.nextAction.data
    const mail = await mailed(order.id, 'payment_instructions')
    for (const store of konbini.stores) expect(mail.text).toContain(store.paymentCode)
    expect(mail.text).toContain('5,000')
    expect(mail.text).toContain('お支払い期限')
    await shop.settled(order.id)
    expect((await mailsOf(order.id)).map(({ kind }) => kind)).toEqual(['payment_instructions'])
  })

  it('R156 names account and reference of a bank transfer', async () => {
    const order = await shop.submit(
      [{ productDetails: { name: 'Course' }, price: 100 }],
      { currency: 'EUR', locale: 'de_DE' },
      { type: 'wireTransfer', flow: 'receiver', card: null },
    )
    const [source] = order.payment.sources
    const mail = await mailed(order.id, 'payment_instructions')
    expect(mail.text).toContain(`Verwendungszweck: ${source.wireTransfer.referenceId}`)
    expect(mail.text).toContain(source.wireTransfer.iban)
    expect(mail.text).toContain('Zu zahlender Betrag: 100,00\u00a0€')
  })

  it('R169 R170 R171 R172 R173 R174 R175 R176 tells of a cancelled order everything the buyer must know', async () => {
    const order = await shop.submit(goods)
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, {})
    const { stateTransitions, totalAmount } = await shop.settled(order.id)
    const { text, html } = await mailed(order.id, 'cancelled')
    const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' })
    expect(text).toContain('No payment was collected.')
    expect(text).toContain(`Order number: ${order.id}`)
    expect(text).toContain(`Cancelled on: ${day.format(new Date(stateTransitions.cancelled))}`)
    expect(text).toContain('2 × Field guide: $80.00')
    expect(text).toContain('Payment method: Card')
    expect(text).toContain(`Total cancelled: $${totalAmount.toFixed(2)}`)
    expect(text).toContain('Billing address: Ada Buyer\n  Main St 1\n  Salem, OR 97301\n  United States')
    expect(text).toContain('Seller: Mill Store\n  help@millstore.example')
    expect(html).toContain('Field guide')
    expect((await mailsOf(order.id)).filter(({ kind }) => kind === 'cancelled')).toHaveLength(1)
  })

  it('R131 R132 R169 tells of a failed payment in words that a buyer can do something with, never by its code', async () => {
    const order = await shop.submit(goods, {}, { card: 'pm_card_threeDSecure2Required' })
    const reference = order.charges[0].providerReference
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${reference}/buyer`, { action: 'fail' })
    await shop.until(order.id, ({ state }) => state === 'cancelled')
    const [charge] = (await shop.settled(order.id)).charges
    const failed = await mailed(order.id, 'charge_failed')
    const cancelled = await mailed(order.id, 'cancelled')
    expect(charge.failureCode).toBe('payment_intent_authentication_failure')
    expect(charge.failureMessage).toEqual(expect.any(String))
    expect(failed.text).toContain('The bank wanted you to confirm the payment, and it was not confirmed.')
    for (const mail of [failed, cancelled]) expect(JSON.stringify(mail)).not.toContain(charge.failureCode)
    expect(cancelled.text).toContain('No payment was collected.')
  })

  it('R138 tells that the transaction failed after a block, without a reason', async () => {
    const order = await shop.submit(goods, {}, { card: 'pm_card_riskLevelElevated' })
    expect(order.state).toBe('in_review')
    await shop.must('POST', `/v2/orders/${order.id}/review`, { decision: 'block' })
    const mail = await mailed(order.id, 'blocked')
    expect(mail.text).toContain('the transaction failed')
    expect(mail.text).not.toMatch(/fraud|review|risk|block/i)
    await shop.settled(order.id)
    expect((await mailsOf(order.id)).map(({ kind }) => kind)).toEqual(['blocked'])
  })

  it('R152 tells of pieces that are cancelled while the order goes on', async () => {
    const order = await shop.submit(goods)
    const fulfilled = await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1, cancelQuantity: 1 }])
    expect(fulfilled.status, JSON.stringify(fulfilled.body)).toBe(201)
    const mail = await mailed(order.id, 'items_cancelled')
    expect(mail.text).toContain('1 × Field guide: $40.00')
    await shop.settled(order.id)
    expect((await mailsOf(order.id)).map(({ kind }) => kind)).not.toContain('cancelled')
  })

  it('tells what was given back', async () => {
    const order = await shop.submit(goods)
    await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2 }])
    await shop.until(order.id, ({ state }) => state === 'complete')
    await shop.must('POST', '/v2/refunds', { orderId: order.id, currency: 'USD', amount: 12.5, reason: 'late' })
    const mail = await mailed(order.id, 'refund')
    expect(mail.text).toContain('Amount given back: $12.50')
    const url = /Open your credit memo: (\S+)/.exec(mail.text)?.[1] ?? ''
    const memo = await fetch(url)
    expect([memo.status, memo.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(await xmlOf(mail.text)).toContain('CreditNote')
  })

  it('sends the invoice once it is there, as PDF and as an e-invoice, to nobody without the links', async () => {
    const order = await shop.submit(goods)
    await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2 }])
    const mail = await mailed(order.id, 'invoice')
    const [document] = await system.database.sql<{ number: string }>(
      'select number from order_documents where order_id = $1',
      [order.id],
    )
    expect(mail.text).toContain(`Invoice number: ${document?.number}`)
    const url = /Open your invoice: (\S+)/.exec(mail.text)?.[1] ?? ''
    const pdf = await fetch(url)
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(await xmlOf(mail.text)).toContain(`<cbc:ID>${document?.number}</cbc:ID>`)
    expect((await fetch(url.replace(/file-links\/./, 'file-links/x').replace(/content$/, 'e-invoice'))).status).toBe(
      404,
    )
    await shop.settled(order.id)
    expect((await mailsOf(order.id)).filter(({ kind }) => kind === 'invoice')).toHaveLength(1)
    await shop.must('POST', `/v2/orders/${order.id}`, { requestToBeForgotten: true })
    await eventually(async () => ((await fetch(url)).status === 404 ? true : undefined), 'the link to be gone')
    expect((await fetch(url.replace(/content$/, 'e-invoice'))).status).toBe(404)
  })

  it('sends once what the server refused at first, and the order does not wait for it', async () => {
    server.refuseNext(2)
    const order = await shop.submit(goods)
    expect(order.state).toBe('accepted')
    await mailed(order.id, 'order_confirmation')
    await shop.settled(order.id)
    expect(receivedFor(order.email)).toHaveLength(1)
  })

  it('tells the buyer of a cart nothing of what was never paid', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, {})
    await shop.settled(order.id)
    expect(await mailsOf(order.id)).toEqual([])
  })
})
