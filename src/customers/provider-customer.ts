import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { askProvider, sourceProvider } from '../providers/ask-provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import type { ProviderName } from '../providers/registry.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

type Target = { merchantId: string; customerId: string }

/** A customer as the provider needs to know it; `reference` is the provider's id once there is one. */
export type ProviderCustomer = { email: string | null; name: string | null; reference: string | null }

type AtProvider = Target & { provider: ProviderName }

const read = statement<AtProvider>()((db, $) =>
  db
    .selectFrom('customers')
    .select((c) => [
      'email',
      sql<string | null>`${c.ref('shipping')} ->> 'name'`.as('name'),
      sql<string | null>`${c.ref('provider_references')} ->> ${$.provider.typed('text')}`.as('reference'),
    ])
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.customerId)
    .where('deleted_at', 'is', null),
)

const keepReference = statement<AtProvider & { references: Record<string, string> }>()((db, $) =>
  db
    .updateTable('customers')
    .set((c) => ({ provider_references: sql`${$.references.json} || ${c.ref('provider_references')}` }))
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.customerId)
    .returning((c) => sql<string>`${c.ref('provider_references')} ->> ${$.provider.typed('text')}`.as('reference')),
)

/** Reads a merchant's customer as a provider knows it, or undefined where there is none. */
export async function readProviderCustomer(sql: Sql, target: AtProvider): Promise<ProviderCustomer | undefined> {
  const [customer] = await read(sql, target)
  return customer
}

/**
 * The provider's id of a customer, who is made there once. Two requests at the same time ask with the same key and get the same one;
 * whichever is stored first stays.
 * @throws ApiError `not_found`, `payment_method_unavailable`, `provider_unavailable`
 */
export async function providerCustomer(
  parts: UnitOfWork & { providers: PaymentProviders },
  { merchantId, customerId }: Target,
): Promise<string> {
  const { name: provider, sources } = sourceProvider(parts.providers)
  const customer = await readProviderCustomer(parts.database.sql, { merchantId, customerId, provider })
  if (!customer) throw new ApiError('not_found', { message: `Customer ${customerId} not found`, parameter: 'id' })
  if (customer.reference) return customer.reference
  const request = { customerId, email: customer.email ?? undefined, name: customer.name ?? undefined }
  const made = await askProvider(
    () => sources.createCustomer({ ...request, key: `${merchantId}-${customerId}-${fingerprint(request)}` }),
    (cause) => new ApiError('payment_method_unavailable', { cause }),
  )
  const [stored] = await keepReference(parts.database, {
    merchantId,
    customerId,
    provider,
    references: { [provider]: made.reference },
  })
  return stored?.reference ?? made.reference
}

/** Part of the key, because a key that comes back with other words, after a change of address, is refused. */
const fingerprint = (request: object): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 16)
