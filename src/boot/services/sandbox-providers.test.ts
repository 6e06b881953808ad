import { expect, test } from 'vitest'
import { chooseProviders, missingCompanions, sandboxSecrets, sandboxSettings } from './sandbox-providers.ts'

const URL = 'http://127.0.0.1:4010'

test('a provider with a key of its own is left alone, the others get the sandbox', () => {
  // The risk: a real key sent to the sandbox, or a test order sent to a real provider.
  const env = { STRIPE_SECRET_KEY: 'sk_test_real', EASYPOST_API_KEY: '' }
  expect(chooseProviders(env)).toEqual({
    real: ['Stripe'],
    sandboxed: ['Bonum', 'PayPal', 'Bitcoin', 'Telr', 'EasyPost', 'Printful', 'VIES', 'HMRC'],
  })
  const settings = sandboxSettings(env, URL)
  expect(Object.keys(settings).filter((name) => name.startsWith('STRIPE_'))).toEqual([])
  expect(settings.EASYPOST_API_BASE).toBe(`${URL}/easypost/v2`)
  expect(settings.PRINTFUL_API_BASE).toBe(`${URL}/printful`)
})

test('the application and the sandbox share the secrets that sign webhooks', () => {
  expect(sandboxSettings({}, URL)).toMatchObject(sandboxSecrets())
  expect(Object.keys(sandboxSecrets())).toEqual([
    'STRIPE_WEBHOOK_SECRET',
    'BONUM_CHECKSUM_KEY',
    'PAYPAL_WEBHOOK_ID',
    'BTCPAY_WEBHOOK_SECRET',
    'TELR_WEBHOOK_SECRET',
    'EASYPOST_WEBHOOK_SECRET',
    'PRINTFUL_WEBHOOK_SECRET',
  ])
})

test('a real key without what belongs to it is named, and why that matters', () => {
  // The risk: payments that are taken and never heard of, because somebody forgot the second half of a pair.
  expect(missingCompanions({ STRIPE_SECRET_KEY: 'sk_test_real' })).toEqual([
    'STRIPE_SECRET_KEY is set without STRIPE_WEBHOOK_SECRET: webhooks of Stripe are refused, so nothing that happens there is heard of',
    'STRIPE_SECRET_KEY is set without STRIPE_PUBLISHABLE_KEY: our own pages cannot show a form for cards',
  ])
  const pair = { STRIPE_WEBHOOK_SECRET: 'whsec_real', STRIPE_PUBLISHABLE_KEY: 'pk_test_real' }
  expect(missingCompanions({ STRIPE_SECRET_KEY: 'sk_test_real', ...pair })).toEqual([])
  expect(missingCompanions({})).toEqual([])
})
