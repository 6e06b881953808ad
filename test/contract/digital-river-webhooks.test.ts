// Risk removed: a client that manages its webhooks and reads events in Digital River's words and finds others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'
import { type DigitalRiverClient, digitalRiverClient } from './digital-river-client.ts'
import { documentsPresent } from './documents.ts'

const present = documentsPresent("Contract with Digital River's clients: webhooks and events")

describe.skipIf(!present)("Digital River's webhooks and events answer as their document says", () => {
  let system: System
  let client: DigitalRiverClient

  beforeAll(async () => {
    system = await startSystem({ env: { WEBHOOKS_ALLOW_PRIVATE: 'true' } })
    client = await digitalRiverClient(system)
  })
  afterAll(() => system?.close())

  // The document requires a field `type` on this request that it does not define; a client may leave it out here.
  const create = (body: object) => client.call('POST', '/webhooks', body, { unchecked: true })

  it('R89 R90 R91 R125 registers, reads, changes, lists and deletes a webhook', async () => {
    const made = await create({
      address: 'https://shop.example/hooks',
      types: ['order.accepted', 'order.cancelled', 'checkout_session.order.created'],
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ enabled: true, transportType: 'HTTP', secret: expect.stringMatching(/^whsec_/) })
    const read = await client.must('GET', `/webhooks/${made.body.id}`)
    expect(read.secret).toBeUndefined()
    const changed = await client.must('PATCH', `/webhooks/${made.body.id}`, { enabled: false, types: ['*'] })
    expect(changed).toMatchObject({ enabled: false, types: ['*'] })
    expect(await client.must('GET', '/webhooks')).toHaveLength(1)
    expect((await client.call('DELETE', `/webhooks/${made.body.id}`)).status).toBe(204)
    expect((await client.call('GET', `/webhooks/${made.body.id}`)).status).toBe(404)
  })

  it.each([
    ['a transport that is not offered', { transportType: 'OAUTH' }, 'transportType'],
    ['a type that does not exist', { types: ['order.invented'] }, 'types.0'],
    ['an address that is none', { address: 'ftp://shop.example' }, 'url'],
  ])('refuses %s', async (_what, more, parameter) => {
    const { status, body } = await create({ address: 'https://shop.example/hooks', ...more })
    expect(status).toBe(400)
    expect(body.errors[0].parameter).toBe(parameter)
  })

  it('R92 lists events of the last thirty days, by type', async () => {
    const shop = storefront(system)
    await shop.stock()
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, {})
    const listed = await shop.until(order.id, (seen) => seen.state === 'cancelled', 'the cancellation')
    expect(listed.state).toBe('cancelled')
    await expect
      .poll(
        async () => (await client.must('GET', '/events?types=order.cancelled,order.accepted&limit=5')).data.length,
        {
          timeout: 10_000,
        },
      )
      .toBe(1)
    const [event] = (await client.must('GET', '/events?type=order.cancelled')).data
    expect(event).toMatchObject({ type: 'order.cancelled', digitalriverVersion: '2021-12-13' })
    expect((await client.must('GET', `/events/${event.id}`)).data.object).toMatchObject({
      id: order.id,
      state: 'cancelled',
    })
    expect((await client.call('GET', '/events/evt_nothing')).status).toBe(404)
  })
})
