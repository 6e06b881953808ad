import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatesOf, requireGates } from '../../src/api/gates.ts'
import { type System, startSystem } from '../system.ts'

/** Everything that a publishable key opens. Whoever lets it open more has thought about strangers, and adds the row here. */
const storefront = [
  'GET /v2/skus',
  'GET /v2/skus/:id',
  'GET /v2/products',
  'GET /v2/products/:id',
  'POST /v2/carts',
  'GET /v2/carts/:id',
  'POST /v2/carts/:id',
  'POST /v2/carts/:id/items',
  'POST /v2/carts/:id/tax',
  'PATCH /v2/carts/:id/items/:itemId',
  'DELETE /v2/carts/:id/items/:itemId',
  'GET /v2/carts/:id/shipping-rates',
  'GET /v2/payment-methods',
  'POST /v2/sources',
  'GET /v2/sources/:id',
  'POST /v2/orders',
  'GET /v2/orders/:id',
  'POST /v2/orders/:id/payment-intent',
]

/** Everything that needs no credential at all. */
const open = [
  'GET /v2/public/checkout/:slug',
  'POST /v2/public/checkout/:slug/pay',
  'GET /v2/public/checkout/:slug/order/:orderId',
  'GET /v2/digital/orders/:id/resource',
  'GET /v2/downloads/:token',
  'GET /v2/file-links/:token/content',
  'GET /v2/file-links/:token/e-invoice',
  'POST /v2/sessions',
  'DELETE /v2/sessions',
]

// Removes the risk that a new route is open because nobody thought of closing it.
describe('the gates', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem({ workers: false })
  })
  afterAll(() => system?.close())

  it('stand before every route, and the API does not start with one that has none', () => {
    const gates = gatesOf(system.app)
    expect(gates.length).toBeGreaterThan(150)
    expect(gates.filter(({ opensTo }) => opensTo.length === 0)).toEqual([])
    const forgotten = { method: 'GET', path: '/v2/orders/:id/secrets', handler: () => undefined }
    const { routes } = system.app
    expect(() =>
      requireGates({ routes: [...routes, { ...forgotten, basePath: '/' } as unknown as (typeof routes)[number]] }),
    ).toThrow('GET /v2/orders/:id/secrets')
  })

  it('open to publishable keys and to strangers what is listed here, and nothing else', () => {
    const api = gatesOf(system.app).filter(({ route }) => route.includes(' /v2/'))
    const whatOpensTo = (knocker: string) =>
      api.filter(({ opensTo }) => opensTo.includes(knocker as never)).map(({ route }) => route)
    expect(whatOpensTo('publishable').toSorted()).toEqual(storefront.toSorted())
    expect(whatOpensTo('anyone').toSorted()).toEqual(open.toSorted())
    expect(whatOpensTo('provider')).toEqual(['POST /v2/orders/:id/confirm-payment'])
  })
})
