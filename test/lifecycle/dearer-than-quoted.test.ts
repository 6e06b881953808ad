import { afterEach, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { eventually, shipFrom, storefront } from '../storefront.ts'

// Removes the risk that the platform pays for a label or a print job what nobody has agreed to.
describe('a label or a print job that is dearer than it was quoted', () => {
  const { system, shop } = runningShop(storefront)

  afterEach(() => moveMerchant(shipFrom))

  const moveMerchant = (to: object) =>
    system.database.sql('update merchants set ship_from = $1::jsonb', [JSON.stringify(to)])
  const far = {
    name: 'Mill Store',
    phone: '2125550111',
    address: { line1: '1 Main St', city: 'New York', state: 'NY', postalCode: '10001', country: 'US' },
  }
  const waiting = async (orderId: string) =>
    (await shop.until(orderId, ({ attention }) => Boolean(attention), 'attention')).attention
  const operator = async (path: string) => {
    const signedIn = await shop.call(
      'POST',
      '/v2/sessions',
      { email: 'admin@example.com', password: 'correct horse battery' },
      { key: null },
    )
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    return shop.call('POST', path, undefined, { key: null, headers: { cookie, origin: system.url } })
  }
  const prints = async () => {
    const { printful } = await shop.sandbox('GET', '/sandbox/books')
    return printful.orders.filter(({ status }: { status: string }) => status !== 'draft').length
  }

  it('is not bought after the merchant has moved, until a person accepts the price', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }])
    await moveMerchant(far)
    await shop.pay(order.id)
    const { reason, taskId } = await waiting(order.id)
    expect(reason).toMatch(
      /^fulfill-shipping: easypost refused: dearer_than_quoted \(quoted \d+\.\d\d USD, now \d+\.\d\d USD\)$/,
    )
    const [quoted, now] = [...reason.matchAll(/(\d+\.\d\d) USD/g)].map(([, price]) => Number(price))
    expect(now).toBeGreaterThan((quoted ?? 0) * 1.1)
    expect((await shop.books(order.id)).easypost.labels).toHaveLength(0)

    // Again without a word about the price leads to the same end.
    expect((await operator(`/v2/ops/tasks/${taskId}/retry`)).status).toBe(200)
    await eventually(async () => {
      const [task] = await system.database.sql<{ state: string }>('select state from tasks where id = $1', [taskId])
      return task?.state === 'failed' ? true : undefined
    }, 'the task to fail again')
    expect((await shop.books(order.id)).easypost.labels).toHaveLength(0)

    const accepted = await retried(taskId)
    expect(accepted).toBe(200)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.attention ?? null).toBeNull()
    const [label] = (await shop.books(order.id)).easypost.labels
    expect(label.amount).toBe(Math.round((now ?? 0) * 100))
  })

  it('is bought within the tolerance', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }])
    await moveMerchant({ ...shipFrom, address: { ...shipFrom.address, line1: '181 N Harbor Dr' } })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    expect((await shop.books(order.id)).easypost.labels).toHaveLength(1)
  })

  it('is not printed, until a person accepts the price', async () => {
    const before = await prints()
    const order = await shop.order([{ skuId: 'sku-pod' }])
    // Printful has become dearer since: it was quoted for a third.
    await system.database.sql(
      `update orders set shipping_choice = jsonb_set(shipping_choice, '{parts,0,cost}',
         to_jsonb(((shipping_choice #>> '{parts,0,cost}')::int / 3))) where id = $1`,
      [order.id],
    )
    await shop.pay(order.id)
    const { reason, taskId } = await waiting(order.id)
    expect(reason).toMatch(/^fulfill-pod: printful refused: dearer_than_quoted \(quoted .* USD, now .* USD\)$/)
    expect(await prints()).toBe(before)
    expect(await retried(taskId)).toBe(200)
    await shop.confirmed(order.id)
    expect(await prints()).toBe(before + 1)
  })

  it('cannot be accepted where no price was met', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const [task] = await system.database.sql<{ id: string }>('select id from tasks where order_id = $1 limit 1', [
      order.id,
    ])
    expect((await operator(`/v2/ops/tasks/${task?.id}/retry?acceptCost=true`)).status).toBe(400)
  })

  /** Accepts the price as soon as the task has failed. */
  const retried = (taskId: string) =>
    eventually(async () => {
      const { status } = await operator(`/v2/ops/tasks/${taskId}/retry?acceptCost=true`)
      return status === 200 ? status : undefined
    }, 'the price to be accepted')
})
