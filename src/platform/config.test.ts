import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const minimal = { DATABASE_URL: 'postgres://db/ordermill', REDIS_URL: 'redis://redis:6379' }
const production = {
  ...minimal,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://orders.example',
  METRICS_TOKEN: 'a-token',
  SIGNING_SECRET: 'a secret of thirty-two characters',
}

// Removes the risk that a demo secret guards real money.
describe('configuration', () => {
  it('names every variable that is missing or wrong', () => {
    expect(() => readConfig({ PORT: 'abc' })).toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*REDIS_URL/)
  })

  it('refuses published secrets in production', () => {
    expect(() => readConfig({ ...production, BOOTSTRAP_SECRET_KEY: 'sk_test_demo' })).toThrow(ConfigError)
    expect(() => readConfig({ ...production, STRIPE_WEBHOOK_SECRET: 'whsec_real,whsec_sandbox' })).toThrow(
      /STRIPE_WEBHOOK_SECRET/,
    )
    expect(readConfig(production).production).toBe(true)
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
