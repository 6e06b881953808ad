import type { Checkout } from '../checkouts/checkout.ts'
import type { Customer } from '../customers/customer-row.ts'
import type { TaxIdentifierRow } from '../customers/tax-identifier-row.ts'
import { announce, type Tell } from '../outgoing/announce.ts'
import { isLive, type PaymentProviders } from '../providers/providers.ts'
import type { SourceRow } from '../sources/source-row.ts'
import { toCheckoutJson } from './checkout-json.ts'
import { toCustomerJson } from './customer-json.ts'
import { toSourceJson } from './payment-json.ts'
import { toTaxIdentifierJson } from './tax-identifier-json.ts'

/** What tells merchants about the things that have no order, in the shape their own requests are answered with. */
export type Tellers = {
  checkout: Tell<Checkout>
  customer: Tell<Customer>
  source: Tell<SourceRow>
  taxIdentifier: Tell<TaxIdentifierRow>
}

export function createTellers(providers: PaymentProviders): Tellers {
  const liveMode = isLive(providers)
  const teller =
    <T>(toJson: (thing: T) => object): Tell<T> =>
    (tx, { object, ...event }) =>
      announce(tx, { ...event, object: toJson(object), liveMode })
  return {
    checkout: teller((checkout) => toCheckoutJson(checkout, liveMode)),
    customer: teller(toCustomerJson),
    // The secret lets its holder finish the set-up: it is for the buyer's browser alone.
    source: teller((source) => toSourceJson({ ...source, clientSecret: null })),
    taxIdentifier: teller(toTaxIdentifierJson),
  }
}
