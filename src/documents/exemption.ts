import type { OrderView } from '../order-view/read-order.ts'
import { euCountries } from '../tax/places.ts'

/**
 * Why a sale bears no tax at a rate of zero: the recipient owes it, goods went to a business in another member state or out of the
 * Union, the law exempts it, or the seller has no tax to take at its place, as of goods that their buyer imports.
 */
export type Exemption = 'reverse_charge' | 'intra_community' | 'export' | 'exempt' | 'outside'

const inUnion = (country: string | undefined) =>
  country !== undefined && euCountries.some((member) => member === country)

/** Where the goods leave. */
const dispatchOf = ({ details, items, sellingEntity }: Pick<OrderView, 'details' | 'items' | 'sellingEntity'>) =>
  (details?.shipFrom ?? items.find(({ shipFrom }) => shipFrom?.address)?.shipFrom)?.address?.country ??
  sellingEntity?.country

const crossesOuterBorder = (from: string | undefined, to: string | undefined) =>
  from !== undefined && to !== undefined && from !== to && !(inUnion(from) && inUnion(to))

/** Undefined tax treatments are those of orders that were priced without one. */
export function exemptionOf(
  order: Pick<OrderView, 'details' | 'sellingEntity' | 'shipTo' | 'items'>,
): Exemption | null {
  const seller = order.sellingEntity?.country
  const dispatch = dispatchOf(order)
  const destination = order.shipTo?.address?.country
  const isGoods = ({ product, kind }: (typeof order.items)[number]) => kind !== 'digital' && product.physical !== false
  const goods = order.items.some(isGoods)
  switch (order.details?.taxTreatment) {
    case 'reverse_charge':
      // Whoever brings goods into a country from outside pays import tax there, which no reverse charge is.
      if (order.items.every(isGoods) && crossesOuterBorder(dispatch, destination))
        return inUnion(dispatch) ? 'export' : 'outside'
      return goods && inUnion(seller) && inUnion(destination) ? 'intra_community' : 'reverse_charge'
    case 'not_registered':
      return goods && inUnion(seller) && destination !== undefined && !inUnion(destination) ? 'export' : 'outside'
    case 'exempt':
      return 'exempt'
    default:
      return null
  }
}
