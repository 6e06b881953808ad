import { type Answer, eventually, type storefront } from '../storefront.ts'

type Shop = Pick<ReturnType<typeof storefront>, 'call' | 'confirm'>

/** One of everything that has an id, by what it is. */
export type Things = Record<string, string>

const buyer = {
  name: 'Ada Buyer',
  email: 'ada@example.com',
  address: { line1: 'Main St 1', city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' },
}
const certificate = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')

/** Makes one of everything that a merchant has, with its secret key, as its server would. */
export async function everythingOf(shop: Shop, url: string, key: string, name: string): Promise<Things> {
  const must = async (method: string, path: string, body?: unknown): Promise<Answer['body']> => {
    const answer = await shop.call(method, path, body, { key })
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const until = (orderId: string, fits: (order: Answer['body']) => boolean) =>
    eventually(async () => {
      const order = await must('GET', `/v2/orders/${orderId}`)
      return fits(order) ? order : undefined
    }, `order ${orderId} of ${name}`)
  const paid = async (cartId: string) => {
    const { id } = await must('POST', '/v2/orders', { cartId })
    const { clientSecret } = await must('POST', `/v2/orders/${id}/payment-intent`, { paymentMethod: 'STRIPE' })
    await shop.confirm(clientSecret)
    return until(id, ({ status }) => status === 'CONFIRMED')
  }

  const [merchant] = (await must('GET', '/v2/merchants')).data
  const rootSku = await must('POST', '/skus', {
    name: 'x',
    eccn: 'EAR99',
    taxCode: '4323.310_A',
    countryOfOrigin: 'US',
  })
  const sku = await must('POST', '/v2/skus', {
    id: `${name}-sku`,
    name: `${name} book`,
    kind: 'digital',
    price: 20,
    currency: 'USD',
    affiliateBps: 1_000,
    delivery: { contentType: 'text', content: `${name} words` },
  })
  const shirt = await must('POST', '/v2/products', {
    name: `${name} shirt`,
    kind: 'digital',
    currency: 'USD',
    options: [{ name: 'Size', values: ['S', 'M'] }],
    variants: [{ price: 20, options: [{ name: 'Size', value: 'S' }] }],
  })
  const recipient = await must('POST', '/v2/recipients', { id: `${name}-recipient`, name: 'Blog' })
  const coupon = await must('POST', '/v2/coupons', { code: `${name}-coupon`, percentOff: 10 })
  const items = [{ skuId: sku.id, quantity: 1 }]
  const basket = { currency: 'USD', email: `${name}@example.com`, items }
  const cart = await must('POST', '/v2/carts', basket)
  const attribution = { affiliateId: recipient.id }
  const order = await paid((await must('POST', '/v2/carts', { ...basket, attribution })).id)
  const refund = await must('POST', '/v2/refunds', { orderId: order.id, amount: 1 })
  const forgotten = await must('POST', '/v2/orders', { cartId: (await must('POST', '/v2/carts', basket)).id })
  await must('POST', `/v2/orders/${forgotten.id}/cancel`, {})
  await must('POST', `/v2/orders/${forgotten.id}`, { requestToBeForgotten: true })

  const customer = await must('POST', '/v2/customers', { email: `${name}@example.com` })
  const card = () =>
    must('POST', '/v2/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa', owner: { email: buyer.email } })
  const taxIdentifier = await must('POST', '/v2/tax-identifiers', { type: 'at', value: 'ATU13585627' })
  const priced = {
    currency: 'USD',
    email: `${name}@example.com`,
    shipTo: buyer,
    billTo: buyer,
    shipFrom: { address: buyer.address },
    shippingChoice: { amount: 0, description: 'Parcel', serviceLevel: 'SG' },
  }
  const mug = { productDetails: { name: 'Mug', physical: true }, quantity: 3, price: 10 }
  const checkout = await must('POST', '/v2/checkouts', { ...priced, items: [mug] })
  const sold = await must('POST', '/v2/checkouts', { ...priced, items: [mug], sourceId: (await card()).id })
  const fulfilledByMerchant = await must('POST', '/v2/orders', { checkoutId: sold.id })
  const [item] = fulfilledByMerchant.items
  const fulfillment = await must('POST', '/v2/fulfillments', {
    orderId: fulfilledByMerchant.id,
    items: [{ itemId: item.id, quantity: 2 }],
  })
  await until(fulfilledByMerchant.id, ({ items: [first] }) => first.fulfilledQuantity === 2)
  const returned = await eventually(async () => {
    const answer = await shop.call(
      'POST',
      '/v2/returns',
      { orderId: fulfilledByMerchant.id, items: [{ itemId: item.id, quantity: 1 }] },
      { key },
    )
    return answer.status === 201 ? answer.body : undefined
  }, 'the return')

  const product = (
    await must('POST', '/v2/digital/products', {
      name: `${name} guide`,
      price: 0,
      currency: 'USD',
      content_type: 'text',
      delivery_content: `${name} guide words`,
    })
  ).data
  const link = (
    await must('POST', '/v2/digital/links', { product_id: product.id, slug: `${name}-guide`, title: 'Guide' })
  ).data
  const linkOrder = (await must('POST', `/v2/public/checkout/${link.slug}/pay`, { buyer_email: 'ada@example.com' }))
    .data
  const form = new FormData()
  form.set('file', new File([certificate], 'guide.pdf', { type: 'application/pdf' }))
  const uploaded = await fetch(`${url}/v2/digital/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  })
  const digitalFile = ((await uploaded.json()) as { data: { url: string } }).data.url.split('/').at(-1) ?? ''
  const file = await must('POST', '/v2/files', {
    file: certificate.toString('base64'),
    fileName: 'certificate.pdf',
    purpose: 'tax_document_customer_upload',
  })
  const fileLink = await must('POST', '/v2/file-links', { fileId: file.id })

  const endpoint = await must('POST', '/v2/webhook-endpoints', { url: 'http://127.0.0.1:9/events', types: ['*'] })
  await must('POST', `/v2/webhook-endpoints/${endpoint.id}/test`)
  const delivery = await eventually(async () => {
    const { data } = await must('GET', `/v2/webhook-endpoints/${endpoint.id}/deliveries`)
    return data[0] as { id: string } | undefined
  }, 'a delivery')
  const event = await eventually(
    async () => (await must('GET', '/v2/events')).data[0] as { id: string } | undefined,
    'an event',
  )
  const erasure = await eventually(
    async () => (await must('GET', '/v2/erasures')).data[0] as { id: string } | undefined,
    'an erasure',
  )
  const payout = await must('POST', '/v2/payouts', {
    recipientId: recipient.id,
    currency: 'USD',
    amount: 1,
    method: 'manual',
  })
  const [split] = (await must('GET', `/v2/orders/${order.id}/distribution`)).data

  const sellingEntity = await must('POST', '/v2/selling-entities', {
    id: `${name}-entity`,
    name,
    country: 'US',
    shipFromCountries: ['*'],
    shipToCountries: ['*'],
    billToCountries: ['*'],
    address: buyer.address,
  })

  return {
    merchant: merchant.id,
    sellingEntity: sellingEntity.id,
    sku: sku.id,
    shirt: shirt.id,
    rootSku: rootSku.id,
    recipient: recipient.id,
    coupon: coupon.id,
    cart: cart.id,
    cartItem: cart.items[0].id,
    order: order.id,
    orderItem: order.items[0].id,
    charge: order.charges[0].id,
    refund: refund.id,
    customer: customer.id,
    source: (await card()).id,
    savedSource: (await card()).id,
    taxIdentifier: taxIdentifier.id,
    checkout: checkout.id,
    merchantOrder: fulfilledByMerchant.id,
    merchantItem: item.id,
    fulfillment: fulfillment.id,
    return: returned.id,
    product: product.id,
    link: link.id,
    slug: link.slug,
    linkOrder: linkOrder.id,
    digitalFile,
    file: file.id,
    fileLink: fileLink.id,
    fileLinkToken: new URL(fileLink.url).pathname.split('/').at(-2) ?? '',
    endpoint: endpoint.id,
    delivery: delivery.id,
    event: event.id,
    erasure: erasure.id,
    split: split.id,
    payout: payout.id,
  }
}

/** What a storefront makes with its publishable key; it sees the catalogue of its merchant. */
export async function storefrontThings(
  shop: Shop,
  key: string,
  { merchant = '', sku = '', shirt = '', slug = '', linkOrder = '', fileLinkToken = '' }: Things,
): Promise<Things> {
  const made = async (path: string, body: object): Promise<Answer['body']> => {
    const answer = await shop.call('POST', path, body, { key })
    if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const basket = { currency: 'USD', email: 'ada@example.com', items: [{ skuId: sku, quantity: 1 }] }
  const cart = await made('/v2/carts', basket)
  const order = await made('/v2/orders', { cartId: (await made('/v2/carts', basket)).id })
  const source = await made('/v2/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
  return {
    merchant,
    sku,
    shirt,
    slug,
    linkOrder,
    fileLinkToken,
    cart: cart.id,
    cartItem: cart.items[0].id,
    order: order.id,
    source: source.id,
  }
}

/** The same ids as nobody ever made them. */
export const unknownThings = (things: Things): Things =>
  Object.fromEntries(Object.entries(things).map(([kind, id]) => [kind, unknown(kind, id)]))

function unknown(kind: string, id: string): string {
  if (/^[0-9a-f]{8}-/.test(id)) return '0199a5a0-0000-7000-8000-000000000000'
  if (kind === 'slug') return 'nobody-s-guide'
  const prefix = /^([a-z]+)_[0-9a-z]{26}$/.exec(id)?.[1]
  return prefix ? `${prefix}_01m8a9qppb0000000000000000` : 'nobodys'
}
