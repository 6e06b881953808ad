import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMailServer } from '../../test/mail-server.ts'
import { eventually, storefront } from '../../test/storefront.ts'
import { type System, startSystem } from '../../test/system.ts'

// Removes the risk that a buyer who closes the page never sees what was paid for.
describe('the mail that delivers', () => {
  let mailServer: Awaited<ReturnType<typeof startMailServer>>
  let system: System
  let shop: ReturnType<typeof storefront>

  beforeAll(async () => {
    mailServer = await startMailServer()
    system = await startSystem({ env: { SMTP_URL: mailServer.url, MAIL_FROM: 'Mill <shop@mill.example>' } })
    shop = storefront(system)
    await shop.stock()
  })
  afterAll(async () => {
    await system?.close()
    await mailServer?.close()
  })

  it('R246 goes to the buyer once, with the text inside and the address of the order', async () => {
    const { id } = (
      await shop.must('POST', '/v2/digital/products', {
        name: 'Poem',
        price: 3,
        currency: 'USD',
        content_type: 'text',
        delivery_content: 'Roses are red',
      })
    ).data
    await shop.must('POST', '/v2/digital/links', { product_id: id, slug: 'poem', title: 'Poem' })
    const { body } = await shop.call(
      'POST',
      '/v2/public/checkout/poem/pay',
      { buyer_email: 'reader@example.com' },
      { key: null },
    )
    await shop.confirm(body.data.client_secret)
    await shop.confirmed(body.data.id)
    const { received } = mailServer
    const [sent] = await eventually(async () => (received.length > 0 ? received : undefined), 'the mail')
    const mail = sent?.raw ?? ''
    expect(mail).toContain('To: reader@example.com')
    expect(mail).toContain('Roses are red')
    // Long lines are folded with soft breaks.
    expect(mail.replaceAll('=\r\n', '')).toContain(`/c/poem/order/${body.data.id}`)
    await eventually(async () => {
      const [row] = await system.database.sql<{ state: string }>('select state from mails where order_id = $1', [
        body.data.id,
      ])
      return row?.state === 'sent' ? true : undefined
    }, 'the mail to be noted as sent')
    expect(received).toHaveLength(1)
  })
})
