import { ApiError } from '../platform/errors.ts'
import { newUuid } from '../platform/ids.ts'
import { askProvider, sourceProvider } from '../providers/ask-provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { sourceOwner } from '../providers/source-owner.ts'
import { sourceTypes } from '../providers/source-types.ts'
import type { PreparedSource, SourceInput } from '../sources/store-source.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { providerCustomer, readProviderCustomer } from './provider-customer.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

/**
 * Asks the provider about a new means of payment. A card that the provider has is read and chargeable; without one its buyer has
 * to enter it. Money that is pushed comes after the order, so its source is chargeable from the start.
 * @throws ApiError `invalid_parameter`, `source_in_use`, `payment_method_unavailable`, `provider_unavailable`
 */
export async function prepareSource(parts: Parts, input: SourceInput): Promise<PreparedSource> {
  const { type, currency, paymentMethod } = input
  const { name: provider, sources } = sourceProvider(parts.providers)
  const { currencies, flow } = sourceTypes[type]
  if (currency && currencies && !currencies.includes(currency))
    throw invalid('currency', `A source of type ${type} pays ${currencies.join(', ')} only.`)
  const owned = input.customerId
    ? await readProviderCustomer(parts.database.sql, {
        merchantId: input.merchantId,
        customerId: input.customerId,
        provider,
      })
    : undefined
  if (input.customerId && !owned) throw invalid('customerId', `There is no customer ${input.customerId}.`)

  const id = newUuid()
  if (flow !== 'standard') {
    if (paymentMethod) throw invalid('paymentMethod', `A source of type ${type} is made of its owner alone.`)
    return { ...input, id, provider, state: 'chargeable', details: {} }
  }
  if (!paymentMethod) {
    const customer = input.customerId
      ? await providerCustomer(parts, { merchantId: input.merchantId, customerId: input.customerId })
      : undefined
    const setup = await askProvider(
      () => sources.createSetup({ key: id, customer, type }),
      (cause) => new ApiError('payment_method_unavailable', { cause }),
    )
    return {
      ...input,
      id,
      provider,
      state: 'requires_action',
      details: {},
      setupReference: setup.reference,
      clientSecret: setup.clientSecret,
    }
  }
  const method = await askProvider(
    () => sources.readMethod(paymentMethod),
    (cause) => invalid('paymentMethod', 'The provider does not know this payment method.', cause),
  )
  if (method.type !== type) throw invalid('paymentMethod', `This payment method is not of type ${type}.`)
  if (method.customer && method.customer !== owned?.reference)
    throw new ApiError('source_in_use', { parameter: 'paymentMethod' })
  return {
    ...input,
    id,
    provider,
    state: 'chargeable',
    details: method.details,
    providerReference: method.reference,
    fingerprint: method.fingerprint,
    owner: input.owner ?? sourceOwner(method.owner) ?? undefined,
  }
}

const invalid = (parameter: string, message: string, cause?: unknown) =>
  new ApiError('invalid_parameter', { message, parameter, cause })
