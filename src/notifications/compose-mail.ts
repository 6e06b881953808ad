import { iso } from '../database/database.ts'
import type { BuyerMailKind } from '../orders/notify-buyer.ts'
import { brandOfMethod } from '../providers/payment-methods.ts'
import { type MailBlock, type MailContent, nameToGreet } from './mail-content.ts'
import { addressOf, type Fact, type Formats, facts, formatsOf } from './mail-formats.ts'
import type { MailCause, MailOrder, MailShop } from './mail-order.ts'
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
      { type: 'text', text: texts.greeting(nameToGreet(order.billTo?.name ?? order.shipTo?.name)) },
      { type: 'text', text: texts.openings[kind] },
      ...body,
      { type: 'text', text: texts.questions },
      facts(texts, [['contact', `${shop.name}\n${shop.email}`]]),
    ],
  }
}

function bodyOf(kind: BuyerMailKind, order: MailOrder, formats: Formats, cause: MailCause): MailBlock[] | undefined {
  const { texts, money, date } = formats
  const number: Fact = ['order', order.id]
  switch (kind) {
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
      const message = order.charges.find(({ id }) => id === cause.causeId)?.failureMessage
      return [
        ...(message ? [{ type: 'text', text: message } as const] : []),
        facts(texts, [number, methodOf(order, texts), ['total', money(order.totalAmount)]]),
      ]
    }
    case 'blocked':
      return [{ type: 'text', text: whatWasCollected(order, formats) }, facts(texts, [number])]
    case 'cancelled':
      return [
        { type: 'text', text: whatWasCollected(order, formats) },
        facts(texts, [
          number,
          ['cancelledOn', date(order.stateTransitions.cancelled ?? iso(order.createdAt))],
          methodOf(order, texts),
          ['billTo', addressOf(order.billTo ?? order.shipTo, formats)],
        ]),
        goodsOf(order, formats, 'totalCancelled'),
      ]
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
    case 'refund': {
      if (!cause.refund) return
      const { amount, creditMemoUrl } = cause.refund
      return [
        facts(texts, [number, ['amountRefunded', money(amount)], methodOf(order, texts)]),
        ...(creditMemoUrl ? [{ type: 'link', label: texts.labels.creditMemo, url: creditMemoUrl } as const] : []),
      ]
    }
  }
}

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
    ],
  }
}

const nameOf = ({ product }: MailOrder['items'][number]) => String(product.name ?? '')

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
