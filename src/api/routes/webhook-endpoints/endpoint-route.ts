import type { SecretBox } from '../../../platform/secret-box.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { secretKey } from '../../schemas.ts'

export type EndpointParts = ApiParts & { secrets: SecretBox }

/** What every route about endpoints has: only the merchant's own server may call it. */
export const forMerchant = (parts: ApiParts) => ({
  tags: ['Webhook endpoints'],
  security: secretKey,
  middleware: requireKey(parts.keys, 'secret'),
})
