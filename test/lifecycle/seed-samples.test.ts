import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'

type Sample = Record<string, unknown>

// What is never the same twice, and why: ids and times are given by whoever makes the resource, and addresses of files name its host.
const ownGiven = new Set(['id', 'createdTime', 'updatedTime', 'url', 'checkoutId', 'sourceId', 'billingAgreementId'])
const isTime = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)

/** A sample as it is compared: what cannot be equal stands for any text. */
function expected(sample: unknown): unknown {
  if (Array.isArray(sample)) return sample.map(expected)
  if (typeof sample !== 'object' || sample === null) return isTime(sample) ? expect.any(String) : sample
  return expect.objectContaining(
    Object.fromEntries(
      Object.entries(sample).map(([name, value]) => [name, ownGiven.has(name) ? expect.any(String) : expected(value)]),
    ),
  )
}

// Removes the risk that the documents this product was built from are answered in other words than theirs: each sample of theirs is copied
// here, sent as it is printed, and compared field by field.
describe("the seeds' own samples", () => {
  const { shop, system } = runningShop(storefront)
  let order: Answer['body']
  let checkoutId = ''

  /** Minnesota taxes the second product of the sample and its shipping by 7.125 %, and not the first. */
  beforeAll(async () => {
    await shop.must('POST', '/customers', {
      id: '987654321',
      email: 'jdoe@digitalriver.com',
      shipping: {
        address: {
          line1: '10380 Bren Rd W',
          line2: 'string',
          city: 'Minnetonka',
          postalCode: '55129',
          state: 'MN',
          country: 'US',
        },
        name: 'Jane Doe',
        phone: '952-111-1111',
        email: 'jdoe@digitalriver.com',
        organization: 'Digital River',
      },
    })
    for (const id of ['08141946', '05081978'])
      await shop.must('PUT', `/skus/${id}`, {
        name: id,
        eccn: 'EAR99',
        taxCode: '4323.310_A',
        countryOfOrigin: 'US',
        physical: id === '05081978',
      })
    const source = await shop.must('POST', '/sources', {
      type: 'creditCard',
      paymentMethod: 'pm_card_visa',
      owner: { firstName: 'Jane', lastName: 'Doe', email: 'jdoe@digitalriver.com', address: { country: 'US' } },
    })
    const party = (await shop.must('GET', '/customers/987654321')).shipping
    const checkout = await shop.must('POST', '/checkouts', {
      customerId: '987654321',
      currency: 'USD',
      locale: 'de_DE',
      billTo: party,
      shipFrom: { address: { country: 'US', state: 'MN', postalCode: '55343' } },
      items: [
        {
          skuId: '08141946',
          price: 100,
          subscriptionInfo: { terms: 'Insert terms here', autoRenewal: true, freeTrial: false },
        },
        { skuId: '05081978', price: 75, discount: { percentOff: 10, quantity: 1 } },
      ],
      shippingChoice: { amount: 5, description: 'USPS: Priority (1 day delivery)', serviceLevel: 'SG' },
      sourceId: source.id,
    })
    checkoutId = checkout.id
    order = await submit(`{
"checkoutId": "${checkoutId}"
}`)
  })

  /** By the sample's two content types. */
  const submit = async (body: string): Promise<Answer['body']> => {
    const headers = new Headers({ authorization: 'Bearer sk_test_system' })
    headers.append('content-type', 'application/json')
    headers.append('content-type', 'text/plain')
    const answer = await fetch(`${system.url}/orders`, { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
    return answer.json()
  }

  it.each<[string, Sample]>([
    [
      'Ship to values',
      {
        customerId: '987654321',
        shipTo: {
          address: {
            line1: '10380 Bren Rd W',
            line2: 'string',
            city: 'Minnetonka',
            postalCode: '55129',
            state: 'MN',
            country: 'US',
          },
          name: 'Jane Doe',
          phone: '952-111-1111',
          email: 'jdoe@digitalriver.com',
          organization: 'Digital River',
        },
      },
    ],
    ['Amounts, fees, and taxes', { subtotal: 172.5, totalFees: 0, totalDuty: 0, totalDiscount: 7.5, totalShipping: 5 }],
    [
      'Line items',
      {
        items: [
          {
            id: '96415480336',
            skuId: '08141946',
            amount: 100,
            quantity: 1,
            state: 'created',
            stateTransitions: { created: '2020-05-21T17:26:34Z' },
            subscriptionInfo: {
              billingAgreementId: 'cfeba2ac-d532-49e4-99f4-7a433507facf',
              terms: 'Insert terms here',
              autoRenewal: true,
              freeTrial: false,
            },
          },
          {
            id: '96415490336',
            skuId: '05081978',
            amount: 67.5,
            quantity: 1,
            discount: { percentOff: 10, quantity: 1 },
            state: 'created',
            stateTransitions: { created: '2020-05-21T17:26:34Z' },
          },
        ],
      },
    ],
    [
      'Shipping options',
      { shippingChoice: { amount: 5, description: 'USPS: Priority (1 day delivery)', serviceLevel: 'SG' } },
    ],
    ['Localization', { locale: 'de_DE' }],
    [
      'State and fraud state',
      {
        state: 'accepted',
        stateTransitions: {
          submitted: '2020-05-21T17:26:37Z',
          created: '2020-05-21T17:26:34Z',
          accepted: '2020-05-21T17:26:37Z',
        },
        fraudState: 'passed',
        fraudStateTransitions: { passed: '2020-05-21T17:26:37Z' },
      },
    ],
    ['Request to be forgotten', { requestToBeForgotten: false }],
  ])('%s', (_name, sample) => {
    expect(order).toEqual(expected(sample))
  })

  it('Charges: one, of the whole amount, which is not taken yet', () => {
    expect(order.charges).toEqual([
      expected({
        id: 'd3a02b03-1378-431e-81a5-9cb6dd54d90b',
        createdTime: '2020-05-21T17:26:37Z',
        currency: 'USD',
        amount: order.totalAmount,
        state: 'capturable',
        captured: false,
        refunded: false,
        sourceId: 'deabb3a4-14e4-4702-a13b-ddaac23277d3',
      }),
    ])
  })

  // The rates of the sample are those of its day and seller; what it shows of them is how they add up.
  it('Amounts, fees, and taxes: the taxes of lines and shipping are the total, and the total is all of it', () => {
    const taxes = order.items.map(({ tax }: { tax: { rate: number; amount: number } }) => tax)
    for (const [index, { rate, amount }] of taxes.entries())
      expect(amount).toBeCloseTo(order.items[index].amount * rate, 1)
    const total = taxes.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)
    expect(order.totalTax).toBeCloseTo(total + order.shippingChoice.taxAmount, 2)
    expect(order.totalAmount).toBeCloseTo(order.subtotal + order.totalTax, 2)
  })

  it('Reusing the checkout identifier', async () => {
    const { status, body } = await shop.call('POST', '/orders', { checkoutId })
    expect(status).toBe(404)
    expect(body).toEqual({
      type: 'not_found',
      errors: [{ code: 'not_found', parameter: 'orderId', message: `Order ${checkoutId} not found` }],
    })
  })

  it('409 Conflict', async () => {
    const source = await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_chargeDeclined' })
    const checkout = await shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'jdoe@digitalriver.com',
      billTo: order.shipTo,
      items: [{ productDetails: { name: 'Course' }, price: 10 }],
      sourceId: source.id,
    })
    const { status, body } = await shop.call('POST', '/orders', { checkoutId: checkout.id })
    expect(status).toBe(409)
    expect(body).toEqual({
      type: 'conflict',
      errors: [{ code: 'failed-request', message: 'Failed to charge source.' }],
    })
  })

  it('Using the customer identifier', async () => {
    const source = await shop.must('POST', '/sources', {
      type: 'creditCard',
      paymentMethod: 'pm_card_visa',
      owner: { firstName: 'Jane', lastName: 'Doe', email: 'jdoe@digitalriver.com', address: { country: 'US' } },
    })
    await shop.must('POST', `/customers/987654321/sources/${source.id}`)
    const body = `{
"customerId": "987654321",
"currency": "USD",
"items": [
{
"skuId": "08141946",
"price": 100.00
}
]
}`
    const answer = await shop.call('POST', '/orders', body, { headers: { 'content-type': 'text/plain' } })
    expect([answer.status, answer.body.customerId, answer.body.items[0].amount]).toEqual([201, '987654321', 100])
  })

  it('Creating an order with more than the checkout identifier: the rest is ignored', async () => {
    const source = await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    const checkout = await shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: 'jdoe@digitalriver.com',
      billTo: order.shipTo,
      items: [{ skuId: '08141946', price: 100 }],
      sourceId: source.id,
    })
    // The addresses of the sample are left out where it is published.
    const made = await submit(`{
    "checkoutId": "${checkout.id}",
    "email": "other@digitalriver.com",
    "upstreamId": "1J9F17710A6"
}`)
    expect([made.checkoutId, made.email]).toEqual([checkout.id, 'jdoe@digitalriver.com'])
    expect(made).not.toHaveProperty('upstreamId')
    expect(made).not.toHaveProperty('invoicePDFs')
    expect(made).not.toHaveProperty('creditMemoPDFs')
  })

  it('Tax identifiers', async () => {
    const sample = {
      id: 'a6809a63-e6a9-4016-abbc-f33d19fccb5b',
      customerId: '5774321009',
      type: 'uk',
      value: 'GB000283536',
      state: 'verified',
      stateTransitions: { pending: '2020-05-13T11:00:00.000Z', verified: '2020-05-15T16:00:00.000Z' },
      // The register of the tests says this of every number it knows.
      verified_name: 'COMPANY GB000283536',
      verified_address: '1 High Street\nLondon\nEC1A 1BB\nGB',
      createdTime: '2020-08-01T02:25:53Z',
      updatedTime: '2020-08-01T05:47:21Z',
    }
    await shop.must('POST', '/customers', { id: sample.customerId, email: 'jdoe@digitalriver.com', type: 'business' })
    const { id } = await shop.must('POST', '/tax-identifiers', { type: 'uk', value: sample.value })
    await shop.must('POST', `/customers/${sample.customerId}/tax-identifiers/${id}`)
    await eventually(
      async () => ((await shop.must('GET', `/tax-identifiers/${id}`)).state === 'verified' ? true : undefined),
      'the number to be verified',
    )
    const source = await shop.must('POST', '/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    const address = { line1: '18b Tromode', city: 'Douglas', postalCode: 'IM4 4QJ', country: 'IM' }
    const checkout = await shop.must('POST', '/checkouts', {
      customerId: sample.customerId,
      customerType: 'business',
      currency: 'GBP',
      billTo: { name: 'Descon Ltd', address },
      items: [{ productDetails: { name: 'Course' }, price: 10 }],
      taxIdentifiers: [{ id }],
      sourceId: source.id,
    })
    const made = await submit(JSON.stringify({ checkoutId: checkout.id }))
    expect(made.taxIdentifiers).toEqual([expected(sample)])
    expect(made.taxIdentifiers[0].id).toBe(id)
  })

  it('Updating a request to be forgotten, and the files of an order', async () => {
    await shop.must('POST', '/fulfillments', {
      orderId: order.id,
      items: order.items.map(({ id }: { id: string }) => ({ itemId: id, quantity: 1 })),
    })
    const invoiced = await eventually(async () => {
      const read = await shop.must('GET', `/orders/${order.id}`)
      return read.invoicePDFs ? read : undefined
    }, 'the invoice')
    expect(invoiced.invoicePDFs).toEqual([
      expected({
        url: 'https://api.digitalriver.com/files/23c7e1a5-25e4-41a9-b935-eda98dfa238b/content',
        id: '23c7e1a5-25e4-41a9-b935-eda98dfa238b',
      }),
    ])
    await shop.must('POST', '/refunds', { orderId: order.id, currency: 'USD', percent: 100, reason: 'VAT refund' })
    const credited = await eventually(async () => {
      const read = await shop.must('GET', `/orders/${order.id}`)
      return read.creditMemoPDFs ? read : undefined
    }, 'the credit memo')
    expect(credited.creditMemoPDFs).toEqual([
      expected({
        url: 'https://api.digitalriver.com/files/5cec4a32-853f-485a-90a0-15ea0a614355/content',
        id: '5cec4a32-853f-485a-90a0-15ea0a614355',
      }),
    ])
    expect(credited.invoicePDFs).toEqual(invoiced.invoicePDFs)
    const { data: events } = await shop.must('GET', '/events?types=order.invoice.created,order.credit_memo.created')
    const ofOrder = (type: string) =>
      events.find((event: Answer['body']) => event.type === type && event.data.object.id === order.id)?.data.object
    expect(ofOrder('order.invoice.created').invoicePDFs).toEqual(invoiced.invoicePDFs)
    expect(ofOrder('order.invoice.created')).not.toHaveProperty('creditMemoPDFs')
    expect(ofOrder('order.credit_memo.created').creditMemoPDFs).toEqual(credited.creditMemoPDFs)
    expect((await shop.must('POST', `/orders/${order.id}`, { requestToBeForgotten: true })).requestToBeForgotten).toBe(
      true,
    )
  })
})
