import type { Route } from '../http.ts'
import type { World } from '../world.ts'
import { accountRoutes } from './accounts.ts'
import { browserRoutes } from './browser.ts'
import { chargeRoutes, LateSettlement } from './charges.ts'
import { customerRoutes } from './customers.ts'
import { disputeRoutes } from './dispute-routes.ts'
import { eventRoutes } from './events.ts'
import { fileRoutes } from './files.ts'
import { paymentIntentRoutes } from './payment-intents.ts'
import { paymentMethodRoutes } from './payment-methods.ts'
import { payoutRoutes } from './payout-routes.ts'
import { stripeEndpoints } from './pipeline.ts'
import { refundRoutes } from './refunds.ts'
import { reviewRoutes } from './reviews.ts'
import { setupIntentRoutes } from './setup-intents.ts'
import { StripeState } from './state.ts'
import { taxCalculationRoutes } from './tax-calculations.ts'
import { taxTransactionRoutes } from './tax-transactions.ts'
import { transactionRoutes } from './transactions.ts'
import { creditEarlierTransfers, transferRoutes } from './transfers.ts'

/** Stripe as the sandbox plays it: the endpoints, and the parts that the buyer's page and the control surface use. */
export type StripeEmulator = { routes: Route[]; state: StripeState; settlement: LateSettlement }

export function createStripe(world: World): StripeEmulator {
  const state = new StripeState(world)
  creditEarlierTransfers(state)
  const settlement = new LateSettlement(state)
  const endpoint = stripeEndpoints(world, state)
  const routes = [
    ...paymentIntentRoutes(state, endpoint, settlement),
    ...chargeRoutes(state, endpoint),
    ...refundRoutes(state, endpoint),
    ...transferRoutes(state, endpoint),
    ...payoutRoutes(state, endpoint),
    ...disputeRoutes(state, endpoint),
    ...fileRoutes(state, endpoint),
    ...customerRoutes(state, endpoint),
    ...paymentMethodRoutes(state, endpoint),
    ...setupIntentRoutes(state, endpoint),
    ...reviewRoutes(state, endpoint),
    ...transactionRoutes(state, endpoint),
    ...eventRoutes(state, endpoint),
    ...accountRoutes(endpoint),
    ...taxCalculationRoutes(state, endpoint),
    ...taxTransactionRoutes(state, endpoint),
    ...browserRoutes(),
  ]
  return { routes, state, settlement }
}
