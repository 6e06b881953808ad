import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventTypes } from '../../src/timeline/event-types.ts'
import { startReceiver } from '../event-receiver.ts'
import { address, eventually, storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'

// Removes the risk that an endpoint which subscribed to a type is not told, is told of others, or subscribes to what we never send.
describe('a webhook that subscribes by Digital River’s paths', () => {
  let system: System
  let shop: ReturnType<typeof storefront>

  beforeAll(async () => {
    system = await startSystem({ env: { WEBHOOKS_ALLOW_PRIVATE: 'true' } })
    shop = storefront(system)
    await shop.stock()
  })
  afterAll(() => system?.close())

  const order = async () => {
    const { id: sourceId } = await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    const { id: checkoutId } = await shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'ada@example.com',
      billTo: address,
      items: [{ productDetails: { name: 'Course' }, price: 20 }],
      sourceId,
    })
    return await shop.must('POST', '/orders', { checkoutId })
  }
  const linkOrder = async () => {
    const { data: product } = await shop.must('POST', '/v2/digital/products', {
      name: 'Guide',
      price: 5,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'Words',
    })
    const link = { product_id: product.id, slug: 'guide-of-subscriptions', title: 'Guide' }
    await shop.must('POST', '/v2/digital/links', link)
    const buyer = { buyer_email: 'ada@example.com', buyer_name: 'Ada' }
    return (await shop.must('POST', `/v2/public/checkout/${link.slug}/pay`, buyer)).data
  }

  it.each([
    ['R89', 'checkout_session.order.created', linkOrder],
    ['R90', 'order.accepted', order],
    [
      'R91',
      'order.cancelled',
      async () => {
        const made = await order()
        await shop.must('POST', `/v2/orders/${made.id}/cancel`, {})
        return made
      },
    ],
  ] as const)('%s is sent %s and nothing else', async (_requirement, type, happen) => {
    const receiver = await startReceiver()
    const all = await startReceiver()
    const made = await shop.must('POST', '/webhooks', { address: receiver.url, types: [type] })
    const other = await shop.must('POST', '/webhooks', { address: all.url, types: ['*'] })
    try {
      const { id } = await happen()
      await eventually(async () => receiver.of(id)[0], `${type} at its endpoint`)
      // Whoever asked for everything was told of more, so the first was not just told first.
      await eventually(
        async () => (all.of(id).some(({ event }) => event.type !== type) ? true : undefined),
        'other events at the other endpoint',
      )
      expect(receiver.of(id).map(({ event }) => event.type)).toEqual([type])
      expect(receiver.of(id)[0]?.event.data.object.id).toBe(id)
    } finally {
      for (const { id } of [made, other]) await shop.call('DELETE', `/webhooks/${id}`)
      await receiver.stop()
      await all.stop()
    }
  })

  it('R92 can take every type that integrations are told to subscribe to, and no invented one', async () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/events.md'), 'utf8')
    const [, table = ''] = /## Subscribe to these\n([\s\S]*?)\n## /.exec(page) ?? []
    const named = [...table.matchAll(/`((?:[a-z_]+\.)+[a-z_]+)`/g)]
      .map(([, type = '']) => type)
      .filter((type) => !type.startsWith('data.'))
    expect(named).toEqual(
      expect.arrayContaining(['order.accepted', 'order.blocked', 'order.charge.failed', 'order.cancelled']),
    )
    expect(named.length).toBeGreaterThanOrEqual(13)
    for (const type of named) expect(eventTypes, type).toContain(type)
    const made = await shop.must('POST', '/webhooks', { address: 'http://127.0.0.1:9/hook', types: named })
    expect((await shop.must('GET', `/webhooks/${made.id}`)).types.toSorted()).toEqual([...new Set(named)].toSorted())
    const invented = await shop.call('POST', '/webhooks', { address: 'http://127.0.0.1:9', types: ['order.invented'] })
    expect([invented.status, invented.body.errors[0].parameter]).toEqual([400, 'types.0'])
    await shop.call('DELETE', `/webhooks/${made.id}`)
  })

  it('is the endpoint of `/v2/webhook-endpoints` in other words, and has one operation for each thing', async () => {
    const address = 'http://127.0.0.1:9/hook'
    const hook = await shop.must('POST', '/webhooks', { address, types: ['order.accepted'], enabled: false })
    expect(hook).toMatchObject({
      address,
      enabled: false,
      apiVersion: 'default',
      secret: expect.stringMatching(/^whsec_/),
    })
    const path = `/v2/webhook-endpoints/${hook.id}`
    expect(await shop.must('GET', path)).toMatchObject({ url: address, enabled: false, disabledReason: 'merchant' })
    await shop.must('POST', path, { description: 'Orders', enabled: true })
    expect(await shop.must('PATCH', `/webhooks/${hook.id}`, { address: `${address}s` })).toMatchObject({
      address: `${address}s`,
      enabled: true,
      types: ['order.accepted'],
    })
    expect(await shop.must('GET', path)).toMatchObject({ url: `${address}s`, description: 'Orders' })
    const ours = (await shop.must('GET', '/v2/webhook-endpoints')).data.map(({ id }: { id: string }) => id)
    expect((await shop.must('GET', '/webhooks')).map(({ id }: { id: string }) => id)).toEqual(ours)

    const { paths } = await shop.must('GET', '/openapi.json')
    expect(Object.keys(paths).filter((each) => each.startsWith('/webhooks'))).toEqual(['/webhooks/{provider}'])
    for (const [method, extra] of [
      ['POST', 'rotate-secret'],
      ['POST', 'test'],
      ['GET', 'deliveries'],
    ] as const)
      expect((await shop.call(method, `/webhooks/${hook.id}/${extra}`)).status, extra).toBe(404)
    expect((await shop.call('POST', `/webhooks/${hook.id}`, { enabled: false })).status).toBe(404)

    expect((await shop.call('DELETE', `/webhooks/${hook.id}`)).status).toBe(204)
    for (const gone of [path, `/webhooks/${hook.id}`]) expect((await shop.call('GET', gone)).status).toBe(404)
    const [ourWord, theirWord] = [
      await shop.call('POST', '/v2/webhook-endpoints', {}),
      await shop.call('POST', '/webhooks', {}),
    ]
    expect([ourWord, theirWord].map(({ status, body }) => [status, body.errors[0].parameter])).toEqual([
      [400, 'url'],
      [400, 'address'],
    ])
  })
})
