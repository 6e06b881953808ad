import type { Parcel } from '../carriers/carrier.ts'
import type { Carriers } from '../carriers/carriers.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'

/** What it costs to send all of some parcels by one service. Minor units; no days where the carrier does not say. */
export type ParcelsQuote = { carrier: string; service: string; amount: number; deliveryDays: number | null }

/**
 * What our carriers ask for some parcels, without a basket and nothing stored: the services that take all of them, cheapest first. A carrier
 * that refuses, and rates in another currency, leave nothing. @throws ApiError `provider_unavailable`
 */
export async function quoteParcels(
  { parcels: carrier }: Carriers,
  parcels: readonly Parcel[],
): Promise<ParcelsQuote[]> {
  if (!carrier) return []
  const offers = await Promise.all(parcels.map((parcel) => quoteOne(carrier, parcel)))
  const [first = [], ...others] = offers
  return first
    .flatMap((quote) => {
      const same = others.map((list) => list.find((other) => isSameService(other, quote)))
      return same.every((other) => other !== undefined) ? [same.reduce(together, quote)] : []
    })
    .toSorted((a, b) => a.amount - b.amount)
}

async function quoteOne(carrier: NonNullable<Carriers['parcels']>, parcel: Parcel): Promise<ParcelsQuote[]> {
  try {
    const { rates } = await carrier.createShipment({ ...parcel, reference: 'quote' })
    return rates.filter(({ currency }) => currency === parcel.currency)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.outcome === 'refused') return []
    throw new ApiError('provider_unavailable', { cause: error })
  }
}

const isSameService = (a: ParcelsQuote, b: ParcelsQuote) => a.carrier === b.carrier && a.service === b.service

const together = (sum: ParcelsQuote, next: ParcelsQuote): ParcelsQuote => ({
  ...sum,
  amount: sum.amount + next.amount,
  deliveryDays:
    sum.deliveryDays === null || next.deliveryDays === null ? null : Math.max(sum.deliveryDays, next.deliveryDays),
})
