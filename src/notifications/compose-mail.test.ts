import { describe, expect, it } from 'vitest'
import type { BuyerMailKind } from '../orders/notify-buyer.ts'
import { composeMail } from './compose-mail.ts'
import { renderContent } from './mail-content.ts'
import type { MailOrder } from './mail-order.ts'
import { languageOf } from './mail-texts.ts'

const shop = { name: 'Mill Store', email: 'help@mill.example' }
const order: MailOrder = {
  id: 'ord_1',
  fulfilledBy: 'merchant',
  createdAt: new Date('2026-03-01T10:00:00Z'),
  expiresAt: new Date('2026-03-04T10:00:00Z'),
  locale: 'en_US',
  currency: 'USD',
  stateTransitions: { cancelled: '2026-03-02T10:00:00Z' },
  totalShipping: 500,
  totalTax: 250,
  totalDuty: 0,
  totalFees: 0,
  creditAmount: 0,
  totalAmount: 10_750,
  billTo: {
    name: 'Ada Buyer',
    address: { line1: 'Main St 1', city: 'Salem', postalCode: '97301', state: 'OR', country: 'US' },
  },
  shipTo: null,
  items: [
    {
      id: 'item_1',
      product: { name: 'Field guide' },
      quantity: 2,
      amount: 10_000,
      cancelledQuantity: 1,
      delivery: { contentType: 'text', content: 'KEY-1' },
    },
  ],
  shipments: [
    {
      id: 'chg_1',
      carrier: 'USPS',
      trackingNumber: 'EZ1000000001',
      trackingUrl: 'https://track.example/EZ1000000001',
      itemIds: ['item_1'],
    },
  ],
  charges: [
    {
      id: 'chg_1',
      method: 'STRIPE',
      amount: 10_750,
      capturedAmount: 0,
      cancelledAmount: 0,
      refundedAmount: 0,
      failureCode: 'generic_decline',
      failureMessage: 'Your card was declined.',
      sourceId: 'src_1',
      nextAction: {
        action: 'show_payment_instructions',
        wireTransfer: { country: 'DE', referenceId: 'REF-7', iban: 'DE89370400440532013000', swiftCode: 'COBADEFF' },
      },
    },
  ],
  sources: [{ id: 'src_1', type: 'creditCard', details: { brand: 'Visa', lastFourDigits: '4242' } }],
}
const cause = {
  causeId: 'chg_1',
  refund: {
    amount: 1_250,
    credit: 0,
    creditMemo: { pdfUrl: 'https://mill.example/memo', eInvoiceUrl: 'https://mill.example/memo.xml' },
  },
  invoice: { number: 'INV-7', pdfUrl: 'https://mill.example/invoice', eInvoiceUrl: 'https://mill.example/invoice.xml' },
}
const write = (kind: BuyerMailKind, changes: Partial<MailOrder> = {}) => {
  const content = composeMail(kind, { ...order, ...changes }, shop, cause)
  if (!content) throw new Error(`nothing to say about ${kind}`)
  return renderContent(content)
}

it.each(['en_US', 'de_DE', 'ja_JP'])(
  'says in %s what of an order or a refund is the credit that the buyer has with the shop',
  (locale) => {
    const { methods } = languageOf(locale).texts
    const told = write('order_confirmation', { locale, creditAmount: 250 })
    expect(told.text).toContain(methods.customerCredit)
    expect(write('order_confirmation', { locale }).text).not.toContain(methods.customerCredit)
    const refund = composeMail('refund', { ...order, locale }, shop, { refund: { amount: 0, credit: 250 } })
    expect(refund && renderContent(refund).text).toContain(methods.customerCredit)
  },
)

const kinds: BuyerMailKind[] = [
  'delivery',
  'shipped',
  'order_confirmation',
  'payment_instructions',
  'charge_failed',
  'blocked',
  'cancelled',
  'items_cancelled',
  'invoice',
  'refund',
]

// Removes the risk that a buyer cannot read a mail, or that it says something else than what happened.
describe('what a mail says', () => {
  it.each(kinds)('%s names order, shop and contact in both of its forms', (kind) => {
    const { subject, text, html } = write(kind)
    expect(subject).toContain('ord_1')
    for (const form of [text, html])
      for (const word of ['ord_1', 'Mill Store', 'help@mill.example']) expect(form).toContain(word)
  })

  it.each(['en_US', 'de_DE', 'fr_FR', 'es_ES', 'ja_JP', 'ar_EG'])('says everything in the language of %s', (locale) => {
    const mails = kinds.map((kind) => write(kind, { locale }))
    for (const { text, html } of mails) {
      expect(text).not.toMatch(/undefined|null|\[object/)
      expect(html).toContain(`lang="${locale.slice(0, 2)}" dir="${locale === 'ar_EG' ? 'rtl' : 'ltr'}"`)
    }
    expect(new Set(mails.map(({ subject }) => subject)).size).toBe(kinds.length)
    if (locale !== 'en_US') expect(write('cancelled', { locale }).text).not.toContain('Order number')
  })

  it.each(['it_IT', 'xx', '', 'not a locale'])('speaks English where it does not know %j', (locale) => {
    expect(write('cancelled', { locale }).text).toContain('Order number: ord_1')
  })

  it('writes money and dates as its reader does', () => {
    expect(write('cancelled', { locale: 'de_DE', currency: 'EUR' }).text).toContain('107,50\u00a0€')
    expect(write('cancelled', { locale: 'de_DE' }).text).toContain('2. März 2026')
    expect(write('cancelled', { locale: 'fr_FR' }).text).toContain('2 mars 2026')
  })

  it('R169 says that nothing was collected, or that what was collected goes back', () => {
    expect(write('cancelled').text).toContain('No payment was collected.')
    const charges = order.charges.map((charge) => ({ ...charge, capturedAmount: 10_750 }))
    const { text } = write('cancelled', { charges })
    expect(text).not.toContain('No payment was collected.')
    expect(text).toContain('The payment of $107.50 goes back to you.')
  })

  it('R173 names the card by its brand and last digits', () => {
    expect(write('cancelled').text).toContain('Payment method: Visa ending in 4242')
  })

  it('R156 names account, reference, amount and deadline', () => {
    const { text } = write('payment_instructions')
    for (const word of ['DE89370400440532013000', 'COBADEFF', 'Reference: REF-7', 'Amount to pay: $107.50'])
      expect(text).toContain(word)
    expect(text).toMatch(/Pay by: March 4, 2026/)
  })

  it('says nothing when there is nothing to pay, to cancel or to give back', () => {
    const paid = order.charges.map((charge) => ({ ...charge, nextAction: null }))
    const kept = order.items.map((item) => ({ ...item, cancelledQuantity: 0 }))
    expect(composeMail('payment_instructions', { ...order, charges: paid }, shop)).toBeUndefined()
    expect(composeMail('items_cancelled', { ...order, items: kept }, shop)).toBeUndefined()
    expect(composeMail('refund', order, shop)).toBeUndefined()
  })

  it('lets nothing of a name into headers or markup', () => {
    const items = order.items.map((item) => ({ ...item, product: { name: '<script>alert(1)</script>' } }))
    const billTo = { ...order.billTo, name: '<b>Eve</b>' }
    const content = composeMail(
      'cancelled',
      { ...order, items, billTo },
      { ...shop, name: 'Shop\r\nBcc: all@example.com' },
    )
    const { subject, html } = renderContent(content ?? expect.fail('nothing to say'))
    expect(subject).not.toMatch(/[\r\n]/)
    expect(html).not.toMatch(/<script|<b>/)
  })
})
