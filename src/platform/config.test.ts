import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

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
    expect(() => readConfig({ PORT: 'abc' })).toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*REDIS_URL/)
  })

  it('refuses published secrets in production', () => {
    expect(() => readConfig({ ...production, BOOTSTRAP_SECRET_KEY: 'sk_test_demo' })).toThrow(ConfigError)
    expect(() => readConfig({ ...production, STRIPE_WEBHOOK_SECRET: 'whsec_a2c4e6g8i0k1,whsec_sandbox' })).toThrow(
      /STRIPE_WEBHOOK_SECRET/,
    )
    expect(readConfig(production).production).toBe(true)
  })

  it('refuses in production what strangers read on the way or guess', () => {
    for (const url of ['http://orders.example', 'http://10.0.0.5:3000', 'http://localhost.orders.example'])
      expect(() => readConfig({ ...production, PUBLIC_URL: url })).toThrow('PUBLIC_URL: must be https')
    for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(readConfig({ ...production, PUBLIC_URL: url }).publicUrl).toBe(url)
    expect(readConfig({ ...minimal, PUBLIC_URL: 'http://shop.test' }).publicUrl).toBe('http://shop.test')
    for (const [name, secret] of [
      ['METRICS_TOKEN', 'x'],
      ['BOOTSTRAP_SECRET_KEY', 'sk_live_1'],
      ['SIGNING_SECRET', 'a'.repeat(40)],
      ['EASYPOST_WEBHOOK_SECRET', 'long-enough-secret-7261,y'],
      ['PRINTFUL_WEBHOOK_SECRET', '0123456789'],
    ] as const) {
      expect(() => readConfig({ ...production, [name]: secret })).toThrow(`${name}: can be guessed`)
    }
  })

  it('refuses in production to take money by a provider whose webhooks it could not verify', () => {
    const stripe = { ...production, STRIPE_SECRET_KEY: 'sk_live_51h8a7b6c5d4' }
    expect(() => readConfig(stripe)).toThrow('STRIPE_WEBHOOK_SECRET: required')
    expect(() => readConfig({ ...stripe, STRIPE_WEBHOOK_SECRET: ',' })).toThrow('STRIPE_WEBHOOK_SECRET: required')
    expect(readConfig({ ...stripe, STRIPE_WEBHOOK_SECRET: 'whsec_a2c4e6g8i0k1' }).stripe?.liveMode).toBe(true)
    expect(() => readConfig({ ...production, BONUM_APP_SECRET: 'app', BONUM_TERMINAL_ID: '1' })).toThrow(
      'BONUM_CHECKSUM_KEY: required',
    )
    expect(readConfig({ ...minimal, STRIPE_SECRET_KEY: 'sk_test_x' }).stripe?.webhookSecrets).toEqual([])
  })

  it('needs a public address, a metrics token and a signing secret in production', () => {
    expect(() => readConfig({ ...minimal, NODE_ENV: 'production' })).toThrow(
      /PUBLIC_URL[\s\S]*METRICS_TOKEN[\s\S]*SIGNING_SECRET/,
    )
  })

  it('keeps files on disk without a bucket, and needs keys with one', () => {
    expect(readConfig(minimal).s3).toBeUndefined()
    expect(() => readConfig({ ...minimal, S3_BUCKET: 'goods' })).toThrow(/S3_ACCESS_KEY_ID/)
  })

  it('has no provider without its key, and takes several webhook secrets while they rotate', () => {
    expect(readConfig(minimal).stripe).toBeUndefined()
    const { stripe } = readConfig({
      ...minimal,
      STRIPE_SECRET_KEY: 'sk_live_x',
      STRIPE_WEBHOOK_SECRET: 'whsec_old, whsec_new',
    })
    expect(stripe?.webhookSecrets).toEqual(['whsec_old', 'whsec_new'])
    expect(stripe?.liveMode).toBe(true)
  })
})
