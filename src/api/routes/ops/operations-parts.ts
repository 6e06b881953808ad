import type { SignInLimit } from '../../middleware/rate-limit.ts'
import type { ApiParts } from '../../parts.ts'

/** What the routes for operators share beyond every route's parts. */
export type OperationsParts = ApiParts & { signInLimit: SignInLimit }
