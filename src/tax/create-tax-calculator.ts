import type { Sql } from '../database/database.ts'
import type { Breakers } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { createStripeClient } from '../providers/stripe/stripe-client.ts'
import { readStripeSettings } from '../providers/stripe/stripe-settings.ts'
import { createRateTableCalculator } from './rate-table.ts'
import { createStripeTax } from './stripe-tax.ts'
import type { TaxCalculator } from './tax-calculator.ts'

/** The tax calculator that is configured: the rates of our own table, or Stripe Tax. */
export function createTaxCalculator(config: Config, sql: Sql, breakers: Breakers): TaxCalculator {
  const stripe = config.taxCalculator === 'stripe' ? readStripeSettings(config.providerVariables) : undefined
  if (stripe) return createStripeTax(createStripeClient(stripe, config.providerTimeoutMs, breakers.of('stripe')))
  return createRateTableCalculator(sql)
}
