import type { Route } from '../http.ts'
import { missing } from './errors.ts'
import type { Endpoint } from './pipeline.ts'

const opened = 1_700_000_000

/** Connected accounts: every `acct_…` exists, is onboarded and may be paid out. */
export function accountRoutes(endpoint: Endpoint): Route[] {
  return [
    endpoint('GET', 'accounts/:id', 'accounts.retrieve', ({ id }) => {
      if (!id.startsWith('acct_')) throw missing('account', id)
      return {
        id,
        object: 'account',
        business_profile: {
          mcc: null,
          name: id,
          product_description: null,
          support_email: null,
          support_phone: null,
          url: null,
        },
        business_type: 'company',
        capabilities: { card_payments: 'active', transfers: 'active' },
        charges_enabled: true,
        controller: { type: 'application' },
        country: 'US',
        created: opened,
        default_currency: 'usd',
        details_submitted: true,
        email: `${id}@example.com`,
        external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` },
        metadata: {},
        payouts_enabled: true,
        requirements: {
          currently_due: [],
          disabled_reason: null,
          errors: [],
          eventually_due: [],
          past_due: [],
          pending_verification: [],
        },
        tos_acceptance: { date: opened },
        type: 'express',
      }
    }),
  ]
}
