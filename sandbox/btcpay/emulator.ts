import type { Emulator } from '../emulator.ts'
import { btcpaySignature } from '../signatures.ts'
import { btcpayRoutes } from './api.ts'
import { Invoices } from './invoices.ts'
import { btcpayPages } from './pages.ts'
import { PullPayments } from './pull-payments.ts'
import { btcpaySwitches } from './switches.ts'

export const btcpay: Emulator = {
  kinds: ['invoices', 'pullPayments', 'payouts'],
  secret: 'btcpay_sandbox',
  secretVariable: 'BTCPAY_WEBHOOK_SECRET',
  sign: btcpaySignature,
  start(world) {
    const invoices = new Invoices(world)
    const pullPayments = new PullPayments(world)
    const pages = btcpayPages(invoices, pullPayments)
    return {
      routes: [...btcpayRoutes(world, invoices, pullPayments), ...pages, ...btcpaySwitches(invoices, pullPayments)],
    }
  },
}
