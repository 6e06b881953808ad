import { allocate, shareOf } from '../platform/money.ts'
import type { SplitKind } from './split.entity.ts'

/** One line of the order, in minor units; rates are those snapshotted when the line was added to the cart. */
export type DistributionItem = {
  id: string
  sellerId: string
  unitPrice: number
  quantity: number
  /** What the buyer pays for the line in all: discounted, with tax and what is spread over lines. */
  total: number
  /** What of `total` is tax, and who owes it to an authority; absent where there is none. */
  tax?: { amount: number; recipient: string; destination: string | null } | undefined
  /** What of `total` the buyer's credit with the merchant pays, so that it is no money to be shared. */
  credit?: number | undefined
  commissionBps: number | null
  affiliateBps: number | null
}

export type Rates = {
  /** Of the undiscounted price, unless the item or the seller has its own. */
  commissionBps: number
  /** Once per seller and order. */
  commissionFixed: number
  /** What the provider charges: of the amount paid, plus a fixed part per payment. */
  providerFee: { bps: number; fixed: number }
}

type SellerTerms = { commissionBps: number | null; commissionFixed: number | null; destination: string | null }

export type DistributionInput = {
  /** What the buyer pays. */
  amount: number
  items: readonly DistributionItem[]
  /** Shipping the buyer pays beside the lines, per seller. */
  shipping: ReadonlyMap<string, number>
  /** What parcels and print jobs cost the platform, per seller. */
  fulfilmentCost: ReadonlyMap<string, number>
  sellers: ReadonlyMap<string, SellerTerms>
  rates: Rates
  affiliateId?: string | undefined
  referrer?: { id: string; bps: number } | undefined
}

/** What of a split came from which line, by the item's id; a seller's own shipping is a line, too. */
export type SplitLines = Record<string, number>
export const shippingLine = 'shipping'

/** What is taken back of a split by a refund, and of which of its lines. Minor units. */
export type TakenShare = { id: string; share: number; lines: SplitLines }

export type SplitDraft = {
  kind: SplitKind
  recipient: string
  destination: string | null
  /** Whose sale it is a share of. */
  sellerId: string
  amount: number
  lines: SplitLines
}

export type DistributionPlan =
  | { outcome: 'planned'; splits: SplitDraft[] }
  | { outcome: 'merchant_share_negative'; sellerId: string; missing: number }

/**
 * How one payment is divided, following the settlement rules of `docs/distribution.md`: tax to whoever owes it,
 * commission on the undiscounted price, provider fee on the amount paid, fulfilment at cost, the referrer's share of what
 * is left of the payment after these four, the affiliate's share of the undiscounted price, the rest to the merchant.
 * A credit lessens its merchant's share of the line that it pays, and nobody else's; a line of which nobody could have that is refused.
 * Every seller's sale is divided by itself. Integer minor units; the parts always add up to `amount` (I6), every rounding
 * remainder is the merchant's.
 */
export function calculateSplits(input: DistributionInput): DistributionPlan {
  const sellerIds = [...new Set(input.items.map((item) => item.sellerId))]
  const of = (sellerId: string) => input.items.filter((item) => item.sellerId === sellerId)

  // What each seller's buyer paid: goods and own shipping, scaled to the amount really paid.
  const billed = sellerIds.map((id) => sum(of(id).map(moneyOf)) + (input.shipping.get(id) ?? 0))
  const paid = scaledTo(input.amount, billed)

  const totalFee = Math.min(
    input.amount,
    shareOf(input.amount, input.rates.providerFee.bps) + input.rates.providerFee.fixed,
  )
  const fees = allocate(totalFee, paid)

  const splits: SplitDraft[] = []
  for (const [index, sellerId] of sellerIds.entries()) {
    const untaxable = sum(of(sellerId).map((item) => Math.max(0, (item.tax?.amount ?? 0) - moneyOf(item))))
    if (untaxable > 0) return { outcome: 'merchant_share_negative', sellerId, missing: untaxable }
    const sale = { sellerId, items: of(sellerId), paid: paid[index] ?? 0, fee: fees[index] ?? 0 }
    const { shares, missing } = divideSale(input, sale)
    if (missing > 0) return { outcome: 'merchant_share_negative', sellerId, missing }
    splits.push(...shares)
  }
  return { outcome: 'planned', splits }
}

const moneyOf = ({ total, credit = 0 }: DistributionItem): number => total - credit

type Sale = { sellerId: string; items: readonly DistributionItem[]; paid: number; fee: number }

/** Divides what one seller's buyer paid, line by line: what no rate names a line for is carried by all in proportion to their price. */
function divideSale(input: DistributionInput, { sellerId, items, paid, fee }: Sale) {
  const seller = input.sellers.get(sellerId)
  const ownShipping = input.shipping.get(sellerId) ?? 0
  const keys = [...items.map((item) => item.id), ...(ownShipping > 0 ? [shippingLine] : [])]
  const prices = scaledTo(paid, [...items.map(moneyOf), ...(ownShipping > 0 ? [ownShipping] : [])])
  const spread = (amount: number) => allocate(amount, prices)
  const perItem = (bpsOf: (item: DistributionItem) => number) =>
    prices.map((_, line) => {
      const item = items[line]
      return item ? shareOf(item.unitPrice * item.quantity, bpsOf(item)) : 0
    })

  const rate = seller?.commissionBps ?? input.rates.commissionBps
  const fixed = seller?.commissionFixed ?? input.rates.commissionFixed
  const commission = plus(
    perItem((item) => item.commissionBps ?? rate),
    spread(fixed),
  )
  const fulfilment = input.fulfilmentCost.get(sellerId) ?? 0
  const taxes = taxesOf(items, prices)
  const taken = sum(commission) + fee + fulfilment + sum(taxes.flatMap(({ lines }) => lines))
  const affiliate = perItem((item) => (input.affiliateId ? (item.affiliateBps ?? 0) : 0))
  const referrer = input.referrer ? shareOf(Math.max(0, paid - taken), input.referrer.bps) : 0
  const merchant = paid - taken - sum(affiliate) - referrer

  const shares: SplitDraft[] = []
  const add = (kind: SplitKind, recipient: string, lines: readonly number[], destination: string | null = null) =>
    shares.push({ kind, recipient, destination, sellerId, amount: sum(lines), lines: toLines(keys, lines) })
  add('platform', 'platform:commission', commission)
  add('provider_fee', 'platform:provider_fee', spread(fee))
  if (fulfilment > 0) add('fulfilment', 'platform:fulfilment', spread(fulfilment))
  for (const { recipient, destination, lines } of taxes) add('tax', recipient, lines, destination)
  if (input.affiliateId && sum(affiliate) > 0) add('affiliate', `affiliate:${input.affiliateId}`, affiliate)
  if (input.referrer && referrer > 0) add('referrer', `referrer:${input.referrer.id}`, spread(referrer))
  const given = shares.map((share) => keys.map((key) => share.lines[key] ?? 0))
  const rest = prices.map((price, line) => price - sum(given.map((lines) => lines[line] ?? 0)))
  add('merchant', `merchant:${sellerId}`, rest, seller?.destination ?? null)
  const short = sum(rest.map((left, line) => (items[line]?.credit ? Math.max(0, -left) : 0)))
  return { shares, missing: Math.max(short, -merchant, 0) }
}

/** The tax of each line, by who owes it; of a line of which another price is paid, so much less or more. */
function taxesOf(items: readonly DistributionItem[], prices: readonly number[]) {
  const taxed = items.flatMap((item, line) => {
    const money = moneyOf(item)
    return item.tax && money > 0 ? [{ ...item.tax, total: money, line }] : []
  })
  return [...Map.groupBy(taxed, ({ recipient }) => recipient)].map(([recipient, own]) => ({
    recipient,
    destination: own[0]?.destination ?? null,
    lines: prices.map((price, line) => {
      const tax = own.find((each) => each.line === line)
      return tax ? Number((BigInt(tax.amount) * BigInt(price)) / BigInt(tax.total)) : 0
    }),
  }))
}

const toLines = (keys: readonly string[], amounts: readonly number[]): SplitLines =>
  Object.fromEntries(keys.flatMap((key, index) => (amounts[index] ? [[key, amounts[index]]] : [])))

const scaledTo = (total: number, parts: readonly number[]): readonly number[] =>
  sum(parts) === total ? parts : allocate(total, parts)
const plus = (a: readonly number[], b: readonly number[]) => a.map((value, index) => value + (b[index] ?? 0))
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
