import { describe, expect, it } from 'vitest'
import { providerEntries } from '../providers/registry.ts'
import { readStripeSettings } from '../providers/stripe/stripe-settings.ts'
import { ConfigError, readConfig } from './config.ts'
import type { Variables } from './provider-variables.ts'

const read = (env: Variables) => readConfig(env, providerEntries)
const stripeOf = (env: Variables) => readStripeSettings(read(env).providerVariables)

const minimal = { DATABASE_URL: 'postgres://db/ordermill', REDIS_URL: 'redis://redis:6379' }
const production = {
  ...minimal,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://orders.example',
  METRICS_TOKEN: 'metrics-of-this-shop',
  SIGNING_SECRET: 'a secret of thirty-two characters',
}

// Removes the risk that a demo secret guards real money.
describe('configuration', () => {
  it('names every variable that is missing or wrong', () => {
    expect(() => read({ PORT: 'abc' })).toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*REDIS_URL/)
    expect(() => read({ PORT: 'abc', STRIPE_API_BASE: 'here', BONUM_FEE_BPS: '-1' })).toThrow(
      /PORT[\s\S]*DATABASE_URL[\s\S]*STRIPE_API_BASE[\s\S]*BONUM_FEE_BPS/,
    )
  })

  it('refuses published secrets in production', () => {
    expect(() => read({ ...production, BOOTSTRAP_SECRET_KEY: 'sk_test_demo' })).toThrow(ConfigError)
    expect(() => read({ ...production, STRIPE_WEBHOOK_SECRET: 'whsec_a2c4e6g8i0k1,whsec_sandbox' })).toThrow(
      /STRIPE_WEBHOOK_SECRET/,
    )
    expect(() => read({ ...production, BONUM_CHECKSUM_KEY: 'bonum_sandbox' })).toThrow(
      /BONUM_CHECKSUM_KEY: is a published/,
    )
    expect(() => read({ ...production, SIGNING_SECRET: 'whsec_sandbox' })).toThrow(ConfigError)
    expect(read(production).production).toBe(true)
  })

  it('refuses in production what strangers read on the way or guess', () => {
    for (const url of ['http://orders.example', 'http://10.0.0.5:3000', 'http://localhost.orders.example'])
      expect(() => read({ ...production, PUBLIC_URL: url })).toThrow('PUBLIC_URL: must be https')
    for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(read({ ...production, PUBLIC_URL: url }).publicUrl).toBe(url)
    expect(read({ ...minimal, PUBLIC_URL: 'http://shop.test' }).publicUrl).toBe('http://shop.test')
    for (const [name, secret] of [
      ['METRICS_TOKEN', 'x'],
      ['BOOTSTRAP_SECRET_KEY', 'sk_live_1'],
      ['SIGNING_SECRET', 'a'.repeat(40)],
      ['STRIPE_WEBHOOK_SECRET', 'whsec_1'],
      ['BONUM_CHECKSUM_KEY', 'long-enough-secret-7261,y'],
      ['EASYPOST_WEBHOOK_SECRET', 'long-enough-secret-7261,y'],
      ['PRINTFUL_WEBHOOK_SECRET', '0123456789'],
    ] as const) {
      expect(() => read({ ...production, [name]: secret })).toThrow(`${name}: can be guessed`)
    }
  })

  it('refuses in production to take money by a provider whose webhooks it could not verify', () => {
    const stripe = { ...production, STRIPE_SECRET_KEY: 'sk_live_51h8a7b6c5d4' }
    expect(() => read(stripe)).toThrow('STRIPE_WEBHOOK_SECRET: required')
    expect(() => read({ ...stripe, STRIPE_WEBHOOK_SECRET: ',' })).toThrow('STRIPE_WEBHOOK_SECRET: required')
    expect(stripeOf({ ...stripe, STRIPE_WEBHOOK_SECRET: 'whsec_a2c4e6g8i0k1' })?.liveMode).toBe(true)
    expect(() => read({ ...production, BONUM_APP_SECRET: 'app', BONUM_TERMINAL_ID: '1' })).toThrow(
      'BONUM_CHECKSUM_KEY: required',
    )
    expect(stripeOf({ ...minimal, STRIPE_SECRET_KEY: 'sk_test_x' })?.webhookSecrets).toEqual([])
  })

  it('needs a public address, a metrics token and a signing secret in production', () => {
    expect(() => read({ ...minimal, NODE_ENV: 'production' })).toThrow(
      /PUBLIC_URL[\s\S]*METRICS_TOKEN[\s\S]*SIGNING_SECRET/,
    )
  })

  it('keeps files on disk without a bucket, and needs keys with one', () => {
    expect(read(minimal).s3).toBeUndefined()
    expect(() => read({ ...minimal, S3_BUCKET: 'goods' })).toThrow(/S3_ACCESS_KEY_ID/)
  })

  it('has no provider without its key, and takes several webhook secrets while they rotate', () => {
    expect(stripeOf(minimal)).toBeUndefined()
    const stripe = stripeOf({
      ...minimal,
      STRIPE_SECRET_KEY: 'sk_live_x',
      STRIPE_WEBHOOK_SECRET: 'whsec_old, whsec_new',
    })
    expect(stripe?.webhookSecrets).toEqual(['whsec_old', 'whsec_new'])
    expect(stripe?.liveMode).toBe(true)
  })
})
