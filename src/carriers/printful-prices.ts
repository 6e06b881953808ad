import type { Address } from '../parties/address.ts'
import { toMinor } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { CarrierRate } from './carrier.ts'
import { accepted, type PrintfulClient } from './printful-client.ts'
import { type PrintItem, toOrderItem, toRecipient } from './printful-items.ts'

/** What is to be printed, and for whom; prices are told in `currency`. */
export type PrintBasket = [recipient: Address, items: readonly PrintItem[], currency: string]

type Rate = {
  id: string
  name: string
  rate: string
  currency: string
  minDeliveryDays?: number
  maxDeliveryDays?: number
}

/** Shipping rates for the items; `amount` in minor units. */
export async function readShippingRates(
  call: PrintfulClient,
  ...[recipient, items, currency]: PrintBasket
): Promise<CarrierRate[]> {
  const result = accepted(
    await call('POST', '/shipping/rates', {
      recipient: toRecipient(recipient),
      items: items.map((item) => ({ variant_id: item.product.variantId, quantity: item.quantity })),
      currency,
    }),
  ) as Rate[]
  return result.flatMap((rate) => {
    const amount = toMinor(Number(rate.rate), rate.currency)
    return amount === undefined
      ? []
      : [
          {
            rateId: rate.id,
            carrier: 'Printful',
            service: rate.id,
            amount,
            currency: rate.currency,
            deliveryDays: rate.maxDeliveryDays ?? null,
          },
        ]
  })
}

/** What printing the items will cost the platform, without shipping, in minor units of the cart's currency. */
export async function readProductionCost(
  call: PrintfulClient,
  ...[recipient, items, currency]: PrintBasket
): Promise<number> {
  const { costs } = accepted(
    await call('POST', '/orders/estimate-costs', {
      recipient: toRecipient(recipient),
      items: items.map((item) => toOrderItem(item, currency)),
    }),
  ) as { costs: { currency: string; total: string | number; shipping: string | number } }
  if (costs.currency !== currency) throw new ProviderError('printful', 'refused', 'currency')
  return (toMinor(Number(costs.total), currency) ?? 0) - (toMinor(Number(costs.shipping), currency) ?? 0)
}
