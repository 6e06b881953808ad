import { ApiError } from '../platform/errors.ts'
import { sourceTypes } from '../providers/source-types.ts'
import type { SourceRow } from './source-row.ts'

/**
 * Refuses a source that cannot pay a checkout. @throws ApiError `source_in_use` when it is another customer's,
 * `order_submit_failed` when it is not chargeable, `invalid_parameter` for a currency or an amount its type does not take
 */
export function checkSource(
  source: SourceRow,
  checkout: { currency: string; customerId: string | null; total: number },
): void {
  if (source.customerId !== null && source.customerId !== checkout.customerId) throw new ApiError('source_in_use')
  if (source.state !== 'chargeable') throw new ApiError('order_submit_failed')
  const { currencies, amounts } = sourceTypes[source.type]
  if (source.currency !== null && !source.reusable && source.currency !== checkout.currency) {
    throw new ApiError('invalid_parameter', {
      message: `This source was made to pay ${source.currency}.`,
      parameter: 'sourceId',
    })
  }
  if (currencies && !currencies.includes(checkout.currency)) {
    throw new ApiError('invalid_parameter', {
      message: `A source of type ${source.type} pays ${currencies.join(', ')} only.`,
      parameter: 'sourceId',
    })
  }
  if (amounts && (checkout.total < amounts.least || checkout.total > amounts.most)) {
    throw new ApiError('invalid_parameter', {
      message: `A source of type ${source.type} does not take this amount.`,
      parameter: 'sourceId',
    })
  }
}
