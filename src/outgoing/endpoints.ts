import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { newEndpointSecret, type SecretBox } from './endpoint-secret.ts'
import { checkUrl, type FetchRules, UnsafeUrl } from './guarded-fetch.ts'
import type { DisabledReason } from './webhook-endpoint.entity.ts'

/** An endpoint without its secret. */
export type EndpointView = {
  id: string
  url: string
  description: string | null
  types: string[]
  disabledReason: DisabledReason | null
  failingSince: string | null
  previousSecretExpiresAt: string | null
  createdAt: string
  updatedAt: string
}

const view = `id, url, description, types, disabled_reason as "disabledReason", failing_since as "failingSince",
  case when previous_secret_expires_at > now() then previous_secret_expires_at end as "previousSecretExpiresAt",
  created_at as "createdAt", updated_at as "updatedAt"`

const oldSecretHours = 24

/** Refuses a URL that leads anywhere but to the public internet. @throws ApiError `invalid_parameter` naming `url` */
export async function requireSafeUrl(url: string, rules: FetchRules): Promise<void> {
  try {
    await checkUrl(url, rules)
  } catch (error) {
    if (!(error instanceof UnsafeUrl)) throw error
    throw new ApiError('invalid_parameter', { message: `url: ${error.message}`, parameter: 'url', cause: error })
  }
}

/** Registers an endpoint with a secret of its own; {@link readEndpointSecret} says it. */
export async function createEndpoint(
  sql: Sql,
  secrets: SecretBox,
  input: { merchantId: string; url: string; types: readonly string[]; description: string | null },
): Promise<EndpointView> {
  const id = newId('webhookEndpoint')
  const [endpoint] = await sql<EndpointView>(
    `insert into webhook_endpoints (id, merchant_id, url, description, types, secret)
     values ($1, $2, $3, $4, $5::jsonb, $6) returning ${view}`,
    [
      id,
      input.merchantId,
      input.url,
      input.description,
      JSON.stringify(input.types),
      secrets.seal(newEndpointSecret(), id),
    ],
  )
  return found(endpoint)
}

/** A merchant's endpoints, newest first. */
export async function listEndpoints(
  sql: Sql,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; endpoints: EndpointView[] }> {
  const rows = await sql<EndpointView>(
    `select ${view} from webhook_endpoints where merchant_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    [merchantId, page.startingAfter ?? null, page.limit + 1],
  )
  return { hasMore: rows.length > page.limit, endpoints: rows.slice(0, page.limit) }
}

/** @throws ApiError `not_found` */
export async function readEndpoint(sql: Sql, merchantId: string, id: string): Promise<EndpointView> {
  const [endpoint] = await sql<EndpointView>(
    `select ${view} from webhook_endpoints where id = $1 and merchant_id = $2`,
    [id, merchantId],
  )
  return found(endpoint)
}

/** The secret that signs for an endpoint now. Only creating and rotating show it. @throws ApiError `not_found` */
export async function readEndpointSecret(
  sql: Sql,
  secrets: SecretBox,
  merchantId: string,
  id: string,
): Promise<string> {
  const [endpoint] = await sql<{ secret: string }>(
    'select secret from webhook_endpoints where id = $1 and merchant_id = $2',
    [id, merchantId],
  )
  return secrets.open(found(endpoint).secret, id)
}

/** Changes what is given. Enabling forgets the failures before. @throws ApiError `not_found` */
export async function updateEndpoint(
  sql: Sql,
  merchantId: string,
  id: string,
  changes: {
    url?: string | undefined
    types?: readonly string[] | undefined
    description?: string | undefined
    enabled?: boolean | undefined
  },
): Promise<EndpointView> {
  const [endpoint] = await sql<EndpointView>(
    `update webhook_endpoints set url = coalesce($3, url), types = coalesce($4::jsonb, types),
       description = coalesce($5, description), updated_at = now(),
       disabled_reason = case when $6::boolean then null when not $6 then coalesce(disabled_reason, 'merchant') else disabled_reason end,
       failing_since = case when $6 then null else failing_since end
     where id = $1 and merchant_id = $2 returning ${view}`,
    [
      id,
      merchantId,
      changes.url ?? null,
      changes.types ? JSON.stringify(changes.types) : null,
      changes.description ?? null,
      changes.enabled ?? null,
    ],
  )
  return found(endpoint)
}

/** A new secret. The old one signs beside it for a day, so that the receiver can change over. @throws ApiError `not_found` */
export async function rotateEndpointSecret(
  sql: Sql,
  secrets: SecretBox,
  merchantId: string,
  id: string,
): Promise<EndpointView> {
  const [endpoint] = await sql<EndpointView>(
    `update webhook_endpoints set secret = $3, previous_secret = secret,
       previous_secret_expires_at = now() + interval '${oldSecretHours} hours', updated_at = now()
     where id = $1 and merchant_id = $2 returning ${view}`,
    [id, merchantId, secrets.seal(newEndpointSecret(), id)],
  )
  return found(endpoint)
}

/** Removes an endpoint with its deliveries; what is under way ends without effect. @throws ApiError `not_found` */
export async function deleteEndpoint(sql: Sql, merchantId: string, id: string): Promise<void> {
  const [endpoint] = await sql<{ id: string }>(
    'delete from webhook_endpoints where id = $1 and merchant_id = $2 returning id',
    [id, merchantId],
  )
  found(endpoint)
}

function found<T>(row: T | undefined): T {
  if (!row) throw new ApiError('not_found')
  return row
}
