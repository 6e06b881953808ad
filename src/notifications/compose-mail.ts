import { iso } from '../database/database.ts'
import type { BuyerMailKind } from '../orders/notify-buyer.ts'
import { brandOfMethod } from '../providers/payment-methods.ts'
import { declineWords } from './decline-words.ts'
import { type MailBlock, type MailContent, nameToGreet } from './mail-content.ts'
import { addressOf, type Fact, type Formats, facts, formatsOf } from './mail-formats.ts'
import type { FoundOrder, MailCause, MailOrder, MailShop, PaperLinks } from './mail-order.ts'
import type { LabelName, MailTexts } from './mail-texts.ts'
import { instructionBlocks } from './payment-instructions.ts'

/**
 * Writes a mail about an order in the order's language. Returns undefined when there is nothing
 * to say any more. A failure's code stays with the merchant.
 */
export function composeMail(
  kind: BuyerMailKind,
  order: MailOrder,
  shop: MailShop,
  cause: MailCause = {},
): MailContent | undefined {
  const formats = formatsOf(order)
  const { language, direction, texts } = formats
  const body = bodyOf(kind, order, formats, cause)
  if (!body) return
  return {
    language,
    direction,
    subject: texts.subjects[kind]({ shop: shop.name, order: order.id }),
    blocks: [
      { type: 'text', text: texts.greeting(nameToGreet(order.billTo?.name ?? order.shipTo?.name ?? cause.buyerName)) },
      { type: 'text', text: texts.openings[kind] },
      ...body,
      ...(cause.orderPage ? [{ type: 'link' as const, label: texts.labels.orderPage, url: cause.orderPage }] : []),
      { type: 'text', text: texts.questions },
      facts(texts, [['contact', `${shop.name}\n${shop.email}`]]),
    ],
  }
}

function bodyOf(kind: BuyerMailKind, order: MailOrder, formats: Formats, cause: MailCause): MailBlock[] | undefined {
  const { texts, money, date } = formats
  const number: Fact = ['order', order.id]
  switch (kind) {
    case 'delivery':
      return deliveryOf(order, formats)
    case 'shipped':
      return parcelOf(order, formats, cause.causeId)
    case 'order_links':
      return cause.orders?.flatMap((found) => linkOf(found, order, texts))
    case 'order_confirmation':
      return [
        facts(texts, [number, ['orderedOn', date(order.createdAt)], methodOf(order, texts)]),
        goodsOf(order, formats, 'total'),
        facts(texts, [
          ['billTo', addressOf(order.billTo, formats)],
          ['shipTo', addressOf(order.shipTo, formats)],
        ]),
      ]
    case 'payment_instructions': {
      const blocks = instructionBlocks(order, formats)
      return blocks && [facts(texts, [number, methodOf(order, texts)]), ...blocks, goodsOf(order, formats, 'total')]
    }
    case 'charge_failed': {
      const charge = order.charges.find(({ id }) => id === cause.causeId)
      const isDeclined = charge && (charge.failureCode ?? charge.failureMessage) !== null
      return [
        ...(isDeclined ? [{ type: 'text', text: declineWords(formats.language, charge.failureCode) } as const] : []),
        facts(texts, [number, methodOf(order, texts), ['total', money(order.totalAmount)]]),
      ]
    }
    case 'blocked':
      return [{ type: 'text', text: whatWasCollected(order, formats) }, facts(texts, [number])]
    case 'cancelled':
      return cancellationOf(order, formats)
    case 'items_cancelled': {
      const gone = order.items.filter((item) => item.cancelledQuantity > 0)
      if (gone.length === 0) return
      const rows = gone.map((item) => ({
        name: nameOf(item),
        quantity: item.cancelledQuantity,
        amount: money(Math.round((item.amount * item.cancelledQuantity) / item.quantity)),
      }))
      return [facts(texts, [number, methodOf(order, texts)]), { type: 'goods', rows, totals: [] }]
    }
    case 'refund_claim': {
      if (!cause.claim) return
      return [
        facts(texts, [number, ['amountToClaim', money(cause.claim.amount)], methodOf(order, texts)]),
        { type: 'link', label: texts.labels.claim, url: cause.claim.url },
      ]
    }
    case 'refund':
      return cause.refund && refundBlocks(cause.refund, order, formats)
    case 'invoice': {
      if (!cause.invoice) return
      return [
        facts(texts, [number, ['invoiceNumber', cause.invoice.number]]),
        ...paperLinks(cause.invoice, texts, 'invoice'),
      ]
    }
  }
}

function cancellationOf(order: MailOrder, formats: Formats): MailBlock[] | undefined {
  // Whoever put goods into a cart and went away knows.
  const held = order.charges.some((charge) => charge.capturedAmount > 0 || charge.cancelledAmount > 0)
  if (order.fulfilledBy === 'engine' && !held) return
  const { texts, date } = formats
  return [
    { type: 'text', text: whatWasCollected(order, formats) },
    facts(texts, [
      ['order', order.id],
      ['cancelledOn', date(order.stateTransitions.cancelled ?? iso(order.createdAt))],
      methodOf(order, texts),
      ['billTo', addressOf(order.billTo ?? order.shipTo, formats)],
    ]),
    goodsOf(order, formats, 'totalCancelled'),
  ]
}

/** What is handed over, and the receipt for it. */
function deliveryOf(order: MailOrder, formats: Formats): MailBlock[] | undefined {
  const { texts, date } = formats
  const handedOver = order.items.filter(({ delivery }) => delivery)
  if (handedOver.length === 0) return
  return [
    ...handedOver.flatMap((item) => contentOf(item)),
    facts(texts, [['order', order.id], ['orderedOn', date(order.createdAt)], methodOf(order, texts)]),
    goodsOf(order, formats, 'total'),
  ]
}

const linkOf = (
  { id, createdAt, amount, currency, url }: FoundOrder,
  order: MailOrder,
  texts: MailTexts,
): MailBlock[] => {
  const { money, date } = formatsOf({ ...order, currency })
  return [
    facts(texts, [
      ['order', id],
      ['orderedOn', date(createdAt)],
      ['total', money(amount)],
    ]),
    { type: 'link', label: texts.labels.orderPage, url },
  ]
}

/** A text or key stands in the mail; a file or an address is opened on the order's page. */
const contentOf = ({ delivery, ...item }: MailOrder['items'][number]): MailBlock[] =>
  delivery?.contentType === 'text' ? [{ type: 'text', text: `${nameOf(item)}:\n${delivery.content}` }] : []

function parcelOf(order: MailOrder, { texts }: Formats, shipmentId: string | undefined): MailBlock[] | undefined {
  const parcel = order.shipments.find(({ id }) => id === shipmentId)
  if (!parcel) return
  const { carrier, trackingNumber, trackingUrl, itemIds } = parcel
  const rows = order.items
    .filter(({ id }) => itemIds.includes(id))
    .map((item) => ({ name: nameOf(item), quantity: item.quantity - item.cancelledQuantity }))
  return [
    facts(texts, [
      ['order', order.id],
      ['carrier', carrier ?? undefined],
      ['trackingNumber', trackingNumber ?? undefined],
    ]),
    { type: 'goods', rows, totals: [] },
    ...(trackingUrl ? [{ type: 'link' as const, label: texts.labels.track, url: trackingUrl }] : []),
  ]
}

function refundBlocks(
  { amount, credit, creditMemo }: NonNullable<MailCause['refund']>,
  order: MailOrder,
  { texts, money }: Formats,
): MailBlock[] {
  const paidBack: Fact[] = amount > 0 ? [['amountRefunded', money(amount)], methodOf(order, texts)] : []
  const rows = credited(credit, texts, money)
  return [
    facts(texts, [['order', order.id], ...paidBack]),
    ...(rows.length > 0 ? [{ type: 'facts', rows } as const] : []),
    ...(creditMemo ? paperLinks(creditMemo, texts, 'creditMemo') : []),
  ]
}

const paperLinks = (urls: PaperLinks, { labels }: MailTexts, paper: 'invoice' | 'creditMemo'): MailBlock[] => [
  { type: 'link', label: labels[paper], url: urls.pdfUrl },
  { type: 'link', label: labels.eInvoice, url: urls.eInvoiceUrl },
]

function goodsOf(order: MailOrder, { texts, money }: Formats, total: 'total' | 'totalCancelled'): MailBlock {
  const parts: [LabelName, number][] = [
    ['shipping', order.totalShipping],
    ['tax', order.totalTax],
    ['duty', order.totalDuty],
    ['fees', order.totalFees],
  ]
  return {
    type: 'goods',
    rows: order.items.map((item) => ({ name: nameOf(item), quantity: item.quantity, amount: money(item.amount) })),
    totals: [
      ...parts.flatMap(([label, amount]) => (amount > 0 ? [[texts.labels[label], money(amount)] as const] : [])),
      [texts.labels[total], money(order.totalAmount)],
      ...credited(order.creditAmount, texts, money),
    ],
  }
}

/** What the buyer's credit with the shop pays, or gets back. */
const credited = (amount: number, { methods }: MailTexts, money: Formats['money']) =>
  amount > 0 ? [[methods.customerCredit, money(amount)] as const] : []

const nameOf = ({ product }: Pick<MailOrder['items'][number], 'product'>) => String(product.name ?? '')

/** A hold that was released took no money. */
function whatWasCollected(order: MailOrder, { texts, money }: Formats): string {
  const collected = order.charges.reduce((sum, charge) => sum + charge.capturedAmount, 0)
  return collected > 0 ? texts.givenBack(money(collected)) : texts.nothingCollected
}

function methodOf({ charges, sources }: MailOrder, texts: MailTexts): Fact {
  const charge = charges.at(-1)
  if (!charge) return ['method', undefined]
  const source = sources.find(({ id }) => id === charge.sourceId)
  if (!source) return ['method', brandOfMethod(charge.method) ?? texts.methods.creditCard]
  const { brand, lastFourDigits } = source.details
  const name = typeof brand === 'string' ? brand : texts.methods[source.type]
  return ['method', typeof lastFourDigits === 'string' ? texts.cardEnding(name, lastFourDigits) : name]
}
