import { expect, it } from 'vitest'
import type { StartedPayment } from '../../../confirmation/start-payment.ts'
import type { PaymentProviders } from '../../../providers/providers.ts'
import { providerEntries } from '../../../providers/registry.ts'
import { payAddress } from './pay-onward.ts'

const sandboxUrl = 'http://127.0.0.1:4010'
const played: Record<string, string> = Object.assign({}, ...providerEntries.map((entry) => entry.sandbox(sandboxUrl)))
const providers = new Map([['cards', { cardForm: { script: 'x', key: 'y' } }]]) as unknown as PaymentProviders
const payment = { orderId: 'ord_1', clientSecret: 'pi_1_secret_2' } as StartedPayment
const address = (providerVariables: Record<string, string | undefined>) =>
  payAddress(
    { config: { sandboxUrl, publicUrl: 'http://localhost:3000', providerVariables }, providers },
    'guide',
    payment,
  )

// Removes the risk that a buyer of a real payment is sent to a sandbox that has never heard of it.
it('leads to the sandbox’s page only where the sandbox takes the cards', () => {
  expect(address(played)).toMatch(/^http:\/\/127\.0\.0\.1:4010\/pay\/pi_1\?/)
  const real = { ...played, STRIPE_API_BASE: undefined, STRIPE_SECRET_KEY: 'sk_test_real' }
  expect(address(real)).toBe('/c/guide/order/ord_1/pay')
})
