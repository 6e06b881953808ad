import { allocate, shareOf } from '../platform/money.ts'
import type { SplitKind } from './split.entity.ts'

/** One line of the order, in minor units; rates are those snapshotted when the line was added to the cart. */
export type DistributionItem = {
  sellerId: string
  unitPrice: number
  quantity: number
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

export type DistributionInput = {
  provider: string
  /** What the buyer pays. */
  amount: number
  items: readonly DistributionItem[]
  /** Shipping the buyer pays, per seller. */
  shipping: ReadonlyMap<string, number>
  /** What parcels and print jobs cost the platform, per seller. */
  fulfilmentCost: ReadonlyMap<string, number>
  sellers: ReadonlyMap<
    string,
    { commissionBps: number | null; commissionFixed: number | null; destination: string | null }
  >
  rates: Rates
  affiliateId?: string | undefined
  referrer?: { id: string; bps: number } | undefined
}

export type SplitDraft = { kind: SplitKind; recipient: string; destination: string | null; amount: number }

export type DistributionPlan =
  | { outcome: 'planned'; splits: SplitDraft[] }
  | { outcome: 'merchant_share_negative'; sellerId: string; missing: number }

/**
 * How one payment is divided (R24–R28), following the settlement rules of `docs/distribution.md`:
 * commission on the undiscounted price, provider fee on the amount paid, fulfilment at cost, the referrer's share of what
 * is left of the payment after these three, the affiliate's share of the undiscounted price, the rest to the merchant.
 * Integer minor units; the parts always add up to `amount` (I6), every rounding remainder is the merchant's.
 */
export function calculateSplits(input: DistributionInput): DistributionPlan {
  const sellerIds = [...new Set(input.items.map((item) => item.sellerId))]
  const of = (sellerId: string) => input.items.filter((item) => item.sellerId === sellerId)
  const gross = sellerIds.map((id) => sum(of(id).map((item) => item.unitPrice * item.quantity)))

  // What each seller's buyer paid: goods and own shipping, scaled to the amount really paid (discounts, taxes).
  const billed = sellerIds.map((id, index) => (gross[index] ?? 0) + (input.shipping.get(id) ?? 0))
  const paid = sum(billed) === input.amount ? billed : allocate(input.amount, billed)

  const totalFee = Math.min(
    input.amount,
    shareOf(input.amount, input.rates.providerFee.bps) + input.rates.providerFee.fixed,
  )
  const fees = allocate(totalFee, paid)

  const totals = new Map<string, SplitDraft>()
  const add = (kind: SplitKind, recipient: string, amount: number, destination: string | null = null) => {
    const key = `${kind} ${recipient}`
    const split = totals.get(key)
    if (split) split.amount += amount
    else totals.set(key, { kind, recipient, destination, amount })
  }
  add('platform', 'platform', 0)
  add('provider_fee', `provider:${input.provider}`, 0)

  for (const [index, sellerId] of sellerIds.entries()) {
    const seller = input.sellers.get(sellerId)
    const amountPaid = paid[index] ?? 0
    const fee = fees[index] ?? 0
    const commission =
      sum(
        of(sellerId).map((item) =>
          shareOf(
            item.unitPrice * item.quantity,
            item.commissionBps ?? seller?.commissionBps ?? input.rates.commissionBps,
          ),
        ),
      ) + (seller?.commissionFixed ?? input.rates.commissionFixed)
    const fulfilment = input.fulfilmentCost.get(sellerId) ?? 0
    const platformShare = commission + fee + fulfilment
    const affiliate = input.affiliateId
      ? sum(of(sellerId).map((item) => shareOf(item.unitPrice * item.quantity, item.affiliateBps ?? 0)))
      : 0
    const referrer = input.referrer ? shareOf(Math.max(0, amountPaid - platformShare), input.referrer.bps) : 0
    const merchant = amountPaid - platformShare - affiliate - referrer
    if (merchant < 0) return { outcome: 'merchant_share_negative', sellerId, missing: -merchant }

    add('platform', 'platform', commission)
    add('provider_fee', `provider:${input.provider}`, fee)
    if (fulfilment > 0) add('fulfilment', 'platform:fulfilment', fulfilment)
    if (input.affiliateId && affiliate > 0) add('affiliate', `affiliate:${input.affiliateId}`, affiliate)
    if (input.referrer && referrer > 0) add('referrer', `referrer:${input.referrer.id}`, referrer)
    add('merchant', `merchant:${sellerId}`, merchant, seller?.destination ?? null)
  }
  return { outcome: 'planned', splits: [...totals.values()] }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
