import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually } from '../storefront.ts'

// Removes the risk that mails cannot be seen without a mail server, or are seen by somebody they are not for.
describe('the mailbox', () => {
  const { system, shop } = runningShop(merchantOrders)
  let cookie: string

  beforeAll(async () => {
    const signedIn = await fetch(`${system.url}/ops/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: system.url },
      body: new URLSearchParams({ email: 'admin@example.com', password: 'correct horse battery' }),
    })
    cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  })

  const open = async (path: string, headers: Record<string, string> = { cookie }) => {
    const answer = await fetch(`${system.url}${path}`, { headers })
    return { status: answer.status, page: await answer.text() }
  }

  it('keeps what nobody was sent, and shows it to operators alone', async () => {
    const order = await shop.submit([{ productDetails: { name: 'Field <guide>' }, price: 40 }])
    const mail = await eventually(async () => {
      const [row] = await system.database.sql<{ id: string }>(
        `select id from mails where order_id = $1 and state = 'kept'`,
        [order.id],
      )
      return row
    }, 'the mail')
    const list = await open('/ops/mailbox')
    expect(list.status).toBe(200)
    for (const word of [order.email, order.id, `/ops/mailbox/${mail.id}`]) expect(list.page).toContain(word)
    const { page } = await open(`/ops/mailbox/${mail.id}`)
    expect(page).toContain('<iframe sandbox=""')
    expect(page).toContain('Field &lt;guide&gt;')
    expect((await open(`/ops/mailbox/${mail.id}`, {})).status).toBe(401)
    expect((await open('/ops/mailbox/mail_none')).status).toBe(404)
  })
})
