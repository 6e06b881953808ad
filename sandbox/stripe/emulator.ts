import type { Emulator } from '../emulator.ts'
import { stripeSignature } from '../signatures.ts'
import { unixNow } from '../world.ts'
import { stripeControls } from './controls.ts'
import { stripePages } from './pages.ts'
import { createStripe } from './stripe.ts'

export const stripe: Emulator = {
  kinds: [
    'paymentIntents',
    'charges',
    'captures',
    'refunds',
    'transfers',
    'transferReversals',
    'payouts',
    'disputes',
    'setupIntents',
    'customers',
    'cashTransactions',
    'taxTransactions',
  ],
  secret: 'whsec_sandbox',
  secretVariable: 'STRIPE_WEBHOOK_SECRET',
  sign: (secret, body) => stripeSignature(secret, body, unixNow()),
  start(world) {
    const played = createStripe(world)
    return {
      routes: [...played.routes, ...stripePages(played), ...stripeControls(played)],
      close: () => played.settlement.close(),
    }
  },
}
