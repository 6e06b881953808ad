import { expressionBuilder, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, readPage } from '../database/page.ts'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import { newEndpointSecret } from './endpoint-secret.ts'
import { checkUrl, type FetchRules, UnsafeUrl } from './guarded-fetch.ts'
import type { DisabledReason } from './webhook-endpoint.entity.ts'

const w = expressionBuilder<Tables, 'webhook_endpoints'>()

const view = [
  w.ref('id').as('id'),
  w.ref('url').as('url'),
  w.ref('description').as('description'),
  w.ref('types').as('types'),
  w.ref('api_version').as('apiVersion'),
  w.ref('disabled_reason').as('disabledReason'),
  w.ref('failing_since').as('failingSince'),
  w
    .case()
    .when('previous_secret_expires_at', '>', now)
    .then(w.ref('previous_secret_expires_at'))
    .end()
    .as('previousSecretExpiresAt'),
  w.ref('created_at').as('createdAt'),
  w.ref('updated_at').as('updatedAt'),
]

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

const insertEndpoint = statement<{ endpoint: NewRow<'webhook_endpoints'> }>()((_, $) =>
  insertRows('webhook_endpoints', $.endpoint).returning(view),
)

/** Registers an endpoint with a secret of its own; {@link readEndpointSecret} says it. */
export async function createEndpoint(
  on: Sql,
  secrets: SecretBox,
  input: {
    merchantId: string
    url: string
    types: readonly string[]
    description: string | null
    enabled?: boolean
    apiVersion?: string | undefined
  },
): Promise<EndpointView> {
  const id = newId('webhookEndpoint')
  const [endpoint] = await insertEndpoint(on, {
    endpoint: {
      id,
      merchant_id: input.merchantId,
      url: input.url,
      description: input.description,
      types: [...input.types],
      api_version: input.apiVersion ?? null,
      disabled_reason: input.enabled === false ? 'merchant' : null,
      secret: secrets.seal(newEndpointSecret(), id),
    },
  })
  return found(endpoint)
}

/** A merchant's endpoints, newest first. */
export async function listEndpoints(
  on: Sql,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined },
  filter: { enabled?: boolean | undefined; created?: Period | undefined } = {},
): Promise<{ hasMore: boolean; endpoints: EndpointView[] }> {
  const { hasMore, rows } = await readPage(on, page, 'webhook_endpoints.id', (db) =>
    db
      .selectFrom('webhook_endpoints')
      .select(view)
      .where('merchant_id', '=', merchantId)
      .where((e) =>
        e.and([
          ...madeWithin('webhook_endpoints', 'webhookEndpoint', filter.created),
          ...ifGiven(filter.enabled, (enabled) => e('disabled_reason', enabled ? 'is' : 'is not', null)),
        ]),
      ),
  )
  return { hasMore, endpoints: rows }
}

type Target = { merchantId: string; id: string }

const read = statement<Target>()((db, $) =>
  db.selectFrom('webhook_endpoints').select(view).where('id', '=', $.id).where('merchant_id', '=', $.merchantId),
)

/** An endpoint without its secret. */
export type EndpointView = Awaited<ReturnType<typeof read>>[number]

/** @throws ApiError `not_found` */
export async function readEndpoint(on: Sql, merchantId: string, id: string): Promise<EndpointView> {
  const [endpoint] = await read(on, { merchantId, id })
  return found(endpoint)
}

const readSecret = statement<Target>()((db, $) =>
  db.selectFrom('webhook_endpoints').select('secret').where('id', '=', $.id).where('merchant_id', '=', $.merchantId),
)

/** The secret that signs for an endpoint now. Only creating and rotating show it. @throws ApiError `not_found` */
export async function readEndpointSecret(on: Sql, secrets: SecretBox, merchantId: string, id: string): Promise<string> {
  const [endpoint] = await readSecret(on, { merchantId, id })
  return secrets.open(found(endpoint).secret, id)
}

type StoredChanges = Target & {
  url: string | null
  types: string[] | null
  description: string | null
  apiVersion: string | null
  enabled: boolean | null
}

const storeChanges = statement<StoredChanges>()((db, $) => {
  const enabled = $.enabled.typed('boolean')
  return db
    .updateTable('webhook_endpoints')
    .set((endpoint) => ({
      url: endpoint.fn.coalesce($.url, 'url'),
      types: endpoint.fn.coalesce($.types.json, 'types'),
      description: endpoint.fn.coalesce($.description, 'description'),
      api_version: endpoint.fn.coalesce($.apiVersion, 'api_version'),
      updated_at: now,
      disabled_reason: endpoint
        .case()
        .when(sql<boolean>`${enabled}`)
        .then(null)
        .when(sql<boolean>`not ${enabled}`)
        .then(endpoint.fn.coalesce('disabled_reason', sql.lit<DisabledReason>('merchant')))
        .else(endpoint.ref('disabled_reason'))
        .end(),
      failing_since: endpoint
        .case()
        .when(sql<boolean>`${enabled}`)
        .then(null)
        .else(endpoint.ref('failing_since'))
        .end(),
    }))
    .where('id', '=', $.id)
    .where('merchant_id', '=', $.merchantId)
    .returning(view)
})

/** Changes what is given. Enabling forgets the failures before. @throws ApiError `not_found` */
export async function updateEndpoint(
  on: Sql,
  merchantId: string,
  id: string,
  changes: {
    url?: string | undefined
    types?: readonly string[] | undefined
    description?: string | undefined
    enabled?: boolean | undefined
    apiVersion?: string | undefined
  },
): Promise<EndpointView> {
  const [endpoint] = await storeChanges(on, {
    merchantId,
    id,
    url: changes.url ?? null,
    types: changes.types ? [...changes.types] : null,
    description: changes.description ?? null,
    apiVersion: changes.apiVersion ?? null,
    enabled: changes.enabled ?? null,
  })
  return found(endpoint)
}

const storeSecret = statement<Target & { secret: string }>()((db, $) =>
  db
    .updateTable('webhook_endpoints')
    .set((endpoint) => ({
      secret: $.secret,
      previous_secret: endpoint.ref('secret'),
      previous_secret_expires_at: sql`now() + make_interval(hours => ${sql.lit(oldSecretHours)})`,
      updated_at: now,
    }))
    .where('id', '=', $.id)
    .where('merchant_id', '=', $.merchantId)
    .returning(view),
)

/** A new secret. The old one signs beside it for a day, so that the receiver can change over. @throws ApiError `not_found` */
export async function rotateEndpointSecret(
  on: Sql,
  secrets: SecretBox,
  merchantId: string,
  id: string,
): Promise<EndpointView> {
  const [endpoint] = await storeSecret(on, { merchantId, id, secret: secrets.seal(newEndpointSecret(), id) })
  return found(endpoint)
}

const remove = statement<Target>()((db, $) =>
  db.deleteFrom('webhook_endpoints').where('id', '=', $.id).where('merchant_id', '=', $.merchantId).returning('id'),
)

/** Removes an endpoint with its deliveries; what is under way ends without effect. @throws ApiError `not_found` */
export async function deleteEndpoint(on: Sql, merchantId: string, id: string): Promise<void> {
  const [endpoint] = await remove(on, { merchantId, id })
  found(endpoint)
}

function found<T>(row: T | undefined): T {
  if (!row) throw new ApiError('not_found')
  return row
}
