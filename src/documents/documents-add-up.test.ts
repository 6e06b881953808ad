import { describe, expect, it } from 'vitest'
import { violationsOf } from '../../test/en16931.ts'
import { random } from '../../test/lifecycle/lifecycle-actor.ts'
import { type CheckoutToPrice, priceCheckout, toTaxRequest } from '../checkouts/price-checkout.ts'
import type { OrderView } from '../order-view/read-order.ts'
import { lineTotal, shareOfLine } from '../orders/line-total.ts'
import { ApiError } from '../platform/errors.ts'
import { priceItemsOf } from '../refunds/price-items.ts'
import { type RefundRequest, shareRefund } from '../refunds/refund-amounts.ts'
import { refundableOf } from '../refunds/request-refund.ts'
import { type SplitToReverse, takeBack } from '../refunds/take-back.ts'
import { allocateCaptures, type CapturedLines, receivedLines } from '../splits/allocate-captures.ts'
import { calculateSplits } from '../splits/calculate-splits.ts'
import { calculateWithRates } from '../tax/rate-table.ts'
import { standardRates } from '../tax/standard-rates.ts'
import { type DocumentData, toCreditMemo, toInvoice } from './document-data.ts'
import { toElectronicInvoice } from './e-invoice.ts'

type Dice = ReturnType<typeof random>

const checkouts = 500
const seed = Number(process.env.SEED ?? 20_261_130)
const seller = {
  name: 'Seller',
  address: { line1: '1', city: 'Dublin', postalCode: '1', country: 'IE' },
  taxIdentifiers: [{ type: 'ie', value: 'IE1234567FA' }],
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function discountOf(dice: Dice) {
  return dice.chance(0.5) ? { percentOff: (1 + dice.below(7_000)) / 100 } : { amountOff: 1 + dice.below(40_00) }
}

function basketOf(dice: Dice): CheckoutToPrice {
  const country = dice.pick(['DE', 'FR', 'IT', 'ES', 'GB', 'JP', 'AU', 'US', 'BR'])
  const place = {
    address: { line1: '1', city: 'X', postalCode: '94104', country, state: country === 'US' ? 'CA' : undefined },
  }
  return {
    currency: country === 'JP' ? 'JPY' : 'EUR',
    taxInclusive: dice.chance(0.5),
    lines: Array.from({ length: 1 + dice.below(5) }, (_, index) => {
      const quantity = 1 + dice.below(6)
      const price = 1_00 + dice.below(90_00)
      return {
        id: `item_${index}`,
        quantity,
        price,
        aggregatePrice: dice.chance(0.15) ? price * quantity + dice.below(3) : undefined,
        discount: dice.chance(0.35)
          ? { ...discountOf(dice), quantity: dice.chance(0.5) ? 1 + dice.below(quantity) : undefined }
          : undefined,
        taxCode: dice.chance(0.35) ? 'txcd_35010000' : null,
        physical: dice.chance(0.8),
        fee: dice.chance(0.25) ? 1 + dice.below(5_00) : 0,
        duty: dice.chance(0.2) ? 1 + dice.below(5_00) : 0,
      }
    }),
    discount: dice.chance(0.3) ? discountOf(dice) : undefined,
    shipping: dice.chance(0.7) ? dice.below(20_00) : 0,
    shippingDiscount: dice.chance(0.2) ? discountOf(dice) : undefined,
    shipFrom: null,
    shipTo: place,
    billTo: place,
    customerType: 'individual',
    taxIdentifiers: [],
    sellingEntityCountry: 'IE',
  }
}

/** An order as it would be read, of which nothing is captured yet. */
function orderOf(basket: CheckoutToPrice, life: number) {
  const priced = priceCheckout(
    basket,
    calculateWithRates(standardRates, toTaxRequest(basket), () => false),
  )
  const items = priced.lines.map((line, index) => {
    const { quantity = 1, price = 0, discount, physical } = basket.lines[index] ?? {}
    const total = lineTotal(line)
    return {
      ...line,
      total,
      quantity,
      unitPrice: price,
      discount: discount ?? null,
      kind: physical ? 'physical' : 'digital',
    }
  })
  return {
    priced,
    items,
    view: {
      id: `ord_${life}`,
      createdAt: new Date(0),
      currency: basket.currency,
      locale: 'de_DE',
      email: 'ada@example.com',
      taxInclusive: basket.taxInclusive,
      totalAmount: priced.totalAmount,
      creditAmount: 0,
      creditReturned: 0,
      totalDiscount: priced.totalDiscount,
      details: { discount: basket.discount, taxTreatment: priced.treatment, ...priced.rates },
      sellingEntity: { id: 'E', name: 'Seller', country: 'IE', disclosures: [] },
      items: items.map((item) => ({
        ...item,
        sellerId: 'mer_1',
        product: { name: item.id, physical: item.kind === 'physical' },
        fulfilledQuantity: 0,
        refundedAmount: 0,
        creditAmount: 0,
        creditRefundedAmount: 0,
      })),
      shipTo: basket.shipTo,
      billTo: basket.billTo,
      taxIdentifiers: [],
      sources: [],
      shippingRefunds: [],
      shippingChoice: null,
      charges: [
        {
          captureMethod: 'manual',
          amount: priced.totalAmount,
          capturedAmount: 0,
          entries: [] as object[],
          method: 'STRIPE',
        },
      ],
    },
  }
}
type Order = ReturnType<typeof orderOf>
const asView = ({ view }: Order) => view as unknown as OrderView

/** Captures some pieces, or all but what is called off, as fulfilments do. */
function capture(dice: Dice, { view }: Order, last: boolean): CapturedLines | undefined {
  const lines: Record<string, number> = {}
  for (const item of view.items) {
    const pieces = dice.below(item.quantity - item.fulfilledQuantity + 1)
    const done = item.fulfilledQuantity + (last && dice.chance(0.7) ? item.quantity - item.fulfilledQuantity : pieces)
    const amount =
      shareOfLine(item.total, item.quantity, done) - shareOfLine(item.total, item.quantity, item.fulfilledQuantity)
    item.fulfilledQuantity = done
    if (amount > 0) lines[item.id] = amount
  }
  const [charge] = view.charges
  const amount = sum(Object.values(lines))
  if (!charge || amount === 0) return undefined
  for (const [orderItemId, part] of Object.entries(lines))
    charge.entries.push({ kind: 'capture', state: 'complete', orderItemId, amount: part, refundId: null })
  charge.capturedAmount += amount
  return { amount, lines }
}

function askFor(dice: Dice, itemId: string, available: number): RefundRequest {
  return dice.pick<() => RefundRequest>([
    () => ({ amount: Math.max(1, Math.floor((available * dice.below(100)) / 100)) }),
    () => ({ percent: 1 + dice.below(60) }),
    () => ({ items: [{ itemId, quantity: 1 }] }),
    () => ({ items: [{ itemId, percent: 1 + dice.below(90) }] }),
    () => ({ items: [{ itemId, amount: 1 + dice.below(9_00) }] }),
    () => ({ items: [{ itemId, type: dice.pick(['shipping', 'fees', 'duty'] as const) }] }),
    () => ({ type: dice.pick(['shipping', 'tax', 'duty'] as const) }),
    () => ({}),
  ])()
}

/** A life by the functions that the product lives it by, with what ledger and documents say of it at its end. */
function live(life: number) {
  const dice = random(life)
  const order = orderOf(basketOf(dice), life)
  const { priced, items } = order
  const plan = calculateSplits({
    amount: priced.totalAmount,
    items: items.map(({ id, total, quantity, unitPrice, taxAmount, shippingTaxAmount, feeTaxAmount }) => ({
      id,
      sellerId: 'mer_1',
      unitPrice,
      quantity,
      total,
      tax: { amount: taxAmount + shippingTaxAmount + feeTaxAmount, recipient: 'tax:E:X', destination: null },
      commissionBps: null,
      affiliateBps: null,
    })),
    shipping: new Map(),
    fulfilmentCost: new Map(),
    sellers: new Map(),
    rates: { commissionBps: 0, commissionFixed: 0, providerFee: { bps: 10, fixed: 0 } },
  })
  if (plan.outcome !== 'planned') return undefined
  const captures: CapturedLines[] = []
  const splits = plan.splits.map(
    (split, index): SplitToReverse => ({
      ...split,
      id: String(index),
      executed: 0,
      reversed: 0,
      reversedLines: {},
    }),
  )
  const take = (last: boolean) => {
    const captured = capture(dice, order, last)
    if (captured) captures.push(captured)
    const shares = allocateCaptures(plan.splits, captures)
    for (const [index, split] of splits.entries()) {
      split.executed = sum(shares.map((row) => row[index]?.share ?? 0))
      split.lines = receivedLines(shares, index)
    }
  }
  const refunds: {
    type: RefundRequest['type'] | null
    items: ReturnType<typeof priceItemsOf>
    state: 'succeeded'
    amount: number
    refundedAmount: number
  }[] = []
  const earlier = () => refunds.map((refund) => ({ ...refund, type: refund.type ?? null }))
  const giveBack = () => {
    const available = (order.view.charges[0]?.capturedAmount ?? 0) - sum(refunds.map(({ amount }) => amount))
    if (available <= 0) return
    const asked = askFor(dice, dice.pick(items).id, available)
    try {
      const shares = shareRefund(refundableOf(asView(order), earlier()), asked)
      const priced = priceItemsOf(asView(order), earlier(), { items: shares.items, type: asked.type })
      const amount = sum(priced.map((item) => item.amount))
      refunds.push({ type: asked.type ?? null, items: priced, state: 'succeeded', amount, refundedAmount: amount })
      order.view.charges[0]?.entries.push({
        kind: 'refund',
        state: 'complete',
        amount,
        refundId: String(refunds.length),
      })
      for (const item of order.view.items)
        item.refundedAmount += sum(priced.filter(({ itemId }) => itemId === item.id).map((each) => each.amount))
      const parts = priced.map((item) => ({
        sellerId: 'mer_1',
        line: item.itemId,
        amount: item.amount,
        tax: item.parts && item.parts.goodsTax + item.parts.shippingTax + item.parts.feeTax,
      }))
      for (const { id, share, lines } of takeBack(splits, parts)) {
        const split = splits[Number(id)]
        if (!split) continue
        split.reversed += share
        for (const [line, taken] of Object.entries(lines))
          split.reversedLines = { ...split.reversedLines, [line]: (split.reversedLines[line] ?? 0) + taken }
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }
  if (dice.chance(0.5)) take(false)
  if (dice.chance(0.3)) giveBack()
  take(true)
  for (let count = dice.below(5); count > 0; count -= 1) giveBack()
  const issue = { number: `INV-${life}`, issuedAt: '2026-11-30T00:00:00.000Z', seller }
  const invoice = toInvoice(asView(order), issue)
  const memos = refunds.flatMap(
    (refund) =>
      toCreditMemo(
        asView(order),
        { ...refund, type: refund.type ?? null, shipping: [], reason: 'r' },
        { ...issue, number: `CM-${life}`, invoiceNumber: issue.number },
      ) ?? [],
  )
  const ofTax = splits.filter(({ kind }) => kind === 'tax')
  return {
    invoice,
    memos,
    booked: {
      captured: sum(splits.map(({ executed }) => executed)),
      refunded: sum(splits.map(({ reversed }) => reversed)),
      collected: sum(ofTax.map(({ executed }) => executed)),
      returned: sum(ofTax.map(({ reversed }) => reversed)),
    },
  }
}

/** Where the memos take more off than was invoiced, by line and by rate. */
function excessOf(invoice: DocumentData, memos: readonly DocumentData[]): string[] {
  const picks: [string, (data: DocumentData) => number][] = [
    ...invoice.lines.flatMap(({ position }): [string, (data: DocumentData) => number][] => {
      const of = (data: DocumentData) => data.lines.filter((line) => line.position === position)
      return [
        [`line ${position} net`, (data) => sum(of(data).map(({ net }) => net))],
        [`line ${position} tax`, (data) => sum(of(data).map(({ tax }) => tax))],
      ]
    }),
    ...[invoice, ...memos].flatMap(({ taxes }) =>
      taxes.flatMap(({ rate }): [string, (data: DocumentData) => number][] => {
        const of = (data: DocumentData) => data.taxes.filter((each) => each.rate === rate)
        return [
          [`rate ${rate} net`, (data) => sum(of(data).map(({ net }) => net))],
          [`rate ${rate} tax`, (data) => sum(of(data).map(({ tax }) => tax))],
        ]
      }),
    ),
  ]
  return picks.flatMap(([what, pick]) => (sum(memos.map(pick)) > pick(invoice) ? [`${invoice.number} ${what}`] : []))
}

// Risk removed: documents that say another sum, or another tax, than the ledger, whatever was bought, called off and given back.
describe(`${checkouts} random checkouts (seed ${seed})`, () => {
  const lives = Array.from({ length: checkouts }, (_, index) => ({ life: seed + index, end: live(seed + index) }))

  it('R201 R202 R297 have documents whose sums and taxes are what the ledger booked, to the minor unit', () => {
    const differences = lives.flatMap(({ life, end }) => {
      if (!end) return []
      const totals = (pick: (data: DocumentData) => number) => [
        end.invoice ? pick(end.invoice) : 0,
        sum(end.memos.map(pick)),
      ]
      const said = [...totals((data) => data.totals.total), ...totals((data) => data.totals.tax)]
      const { captured, refunded, collected, returned } = end.booked
      const booked = [captured, refunded, collected, returned]
      return said.join() === booked.join() ? [] : [`life ${life}: said ${said}, booked ${booked}`]
    })
    expect(lives.filter(({ end }) => end?.invoice).length).toBeGreaterThan(checkouts * 0.8)
    expect(lives.filter(({ end }) => (end?.memos.length ?? 0) > 1).length).toBeGreaterThan(checkouts * 0.2)
    expect(differences).toEqual([])
  })

  it('R202 whose credit memos never take more off a line or a rate than was invoiced of it', () => {
    expect(lives.flatMap(({ end }) => (end?.invoice ? excessOf(end.invoice, end.memos) : []))).toEqual([])
  })

  it('which keep the rules of EN 16931', () => {
    const documents = lives.flatMap(({ end }) => [...(end?.invoice ? [end.invoice] : []), ...(end?.memos ?? [])])
    const broken = documents.flatMap((data) => {
      const violations = violationsOf(toElectronicInvoice(data))
      return violations.length > 0 ? [`${data.number}: ${violations}`] : []
    })
    expect(broken).toEqual([])
  })
})
