import { bonum } from './bonum/emulator.ts'
import { btcpay } from './btcpay/emulator.ts'
import { easypost } from './easypost/emulator.ts'
import type { Emulator } from './emulator.ts'
import { paypal } from './paypal/emulator.ts'
import { printful } from './printful/emulator.ts'
import { stripe } from './stripe/emulator.ts'
import { telr } from './telr/emulator.ts'

/** Every provider that the sandbox plays, by the name in the addresses of its webhooks: one line each. */
export const emulators: Readonly<Record<string, Emulator>> = {
  stripe,
  easypost,
  printful,
  bonum,
  paypal,
  btcpay,
  telr,
}
