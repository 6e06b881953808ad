import type { Emulator } from '../emulator.ts'
import { paypalControls } from './controls.ts'
import { paypalPages } from './pages.ts'
import { PayPal } from './paypal.ts'
import { paypalRoutes } from './routes.ts'
import { paypalSignature } from './signature.ts'

export const paypal: Emulator = {
  kinds: ['orders', 'captures', 'refunds'],
  secret: '5ANDB0XWEBH00K1D7',
  secretVariable: 'PAYPAL_WEBHOOK_ID',
  sign: paypalSignature,
  start(world) {
    const played = new PayPal(world)
    return { routes: [...paypalRoutes(world, played), ...paypalPages(played), ...paypalControls(played)] }
  },
}
