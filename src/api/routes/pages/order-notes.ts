import type { Context } from 'hono'
import { redirectGoods } from '../../../goods/redirect-goods.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { longestNote, noteOrder, readTags, tagOrder } from '../../../orders/annotate-order.ts'
import { addressSchema } from '../../../parties/address.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, readForm } from './page-form.ts'

const targetOf = (c: Context<PageEnv>) => {
  const { merchantId, userId } = c.get('member')
  return { orderId: c.req.param('id') ?? '', merchantId, by: userId }
}
const pathOf = (c: Context) => `/dashboard/orders/${c.req.param('id')}`

/** What a seller notes about an order, its tags, and where it goes. */
export function registerOrderNotes(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/orders/:id/note', async (c) => {
    const note = (await readForm(c)).text('note').trim()
    return act(c, { path: pathOf(c), done: 'note-saved' }, async () => {
      if (note.length > longestNote) throw new ApiError('invalid_parameter', { parameter: 'note' })
      await inTransaction(parts, (tx) => noteOrder(tx, { ...targetOf(c), note }))
    })
  })

  app.post('/dashboard/orders/:id/tags', async (c) => {
    const text = (await readForm(c)).text('tags')
    return act(c, { path: pathOf(c), done: 'tags-saved' }, async () => {
      const tags = readTags(text)
      await inTransaction(parts, (tx) => tagOrder(tx, { ...targetOf(c), tags }))
    })
  })

  app.post('/dashboard/orders/:id/ship-to', async (c) => {
    const form = await readForm(c)
    return act(c, { path: pathOf(c), done: 'address-changed' }, async () => {
      const target = targetOf(c)
      const order = await readOrder(parts.database.sql, target, target.orderId)
      if (!order) throw new ApiError('not_found')
      const given = (name: string) => form.text(name).trim() || undefined
      const shipTo = addressSchema.safeParse({
        name: given('name'),
        address: {
          line1: given('line1'),
          line2: given('line2'),
          city: given('city'),
          postalCode: form.text('postal_code').trim(),
          state: given('state'),
          country: order.shipTo?.address?.country,
        },
      })
      if (!shipTo.success) throw new ApiError('invalid_parameter', { parameter: 'shipTo' })
      await inTransaction(parts, (tx) => redirectGoods(tx, { ...target, shipTo: shipTo.data }))
    })
  })
}
