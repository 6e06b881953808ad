import type { Right } from '../../../operators/roles.ts'
import { refusal } from '../../envelope.ts'
import { requireSeller } from '../../middleware/require-seller.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** What every route of a seller's digital shop has in common. */
export const sellerRoute = (parts: ApiParts, right: Right) => ({
  tags: ['Digital products'],
  security: [{ session: [] }, { secretKey: [] }],
  middleware: requireSeller(parts, right),
})

export const refusals = {
  400: refusal('The request is not valid.'),
  401: refusal('Neither signed in nor a secret key.'),
  402: refusal('The order is not paid.'),
  403: refusal('Sent by another site, with another kind of key, or by a person whose role does not allow it.'),
  404: refusal('Unknown, or not yours.'),
  409: refusal('Not possible in the present state.'),
} as const
