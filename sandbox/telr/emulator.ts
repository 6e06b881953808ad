import type { Emulator } from '../emulator.ts'
import { telrCheck } from '../signatures.ts'
import { orderRoutes } from './order-routes.ts'
import { telrPages } from './pages.ts'
import { remoteRoutes } from './remote-routes.ts'
import { Telr } from './telr.ts'

export const telr: Emulator = {
  kinds: ['orders', 'transactions'],
  secret: 'telr_sandbox',
  secretVariable: 'TELR_WEBHOOK_SECRET',
  sign: () => ({ 'content-type': 'application/x-www-form-urlencoded' }),
  seal(secret, body) {
    const form = new URLSearchParams(body)
    // An update has no store, and nobody signs it.
    if (form.has('tran_store')) form.set('tran_check', telrCheck(secret, form))
    return form.toString()
  },
  start(world) {
    const played = new Telr(world)
    return { routes: [...orderRoutes(world, played), ...remoteRoutes(world, played), ...telrPages(played)] }
  },
}
