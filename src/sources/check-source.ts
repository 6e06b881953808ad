import { ApiError } from '../platform/errors.ts'
import { creditType, sourceTypes } from '../providers/source-types.ts'
import type { SourceRow } from './source-row.ts'

type ToPay = {
  currency: string
  customerId: string | null
  /** Minor units. */
  total: number
  /** What of the total a credit pays. */
  credit: number
}

/**
 * Refuses a source that cannot pay a checkout, or what a credit leaves of it. @throws ApiError `source_in_use` when it is another
 * customer's, `order_submit_failed` when it is not chargeable, `invalid_parameter` for a currency or an amount its type does not take, and
 * beside a credit for a type whose money cannot be held: only of such a payment credit and money can be taken piece by piece
 */
export function checkSource(source: SourceRow, checkout: ToPay): void {
  if (source.customerId !== null && source.customerId !== checkout.customerId) throw new ApiError('source_in_use')
  if (source.state !== 'chargeable') throw new ApiError('order_submit_failed')
  if (source.type === creditType) throw new Error(`source ${source.id} is a credit`)
  const { currencies, amounts, manualCapture } = sourceTypes[source.type]
  if (checkout.credit > 0 && !manualCapture) {
    throw new ApiError('invalid_parameter', {
      message: `Beside a ${creditType} a source of type creditCard pays, and none of type ${source.type}.`,
      parameter: 'sourceId',
    })
  }
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

/**
 * Refuses a credit that cannot pay a part of a checkout. @throws ApiError `order_submit_failed` when it is not chargeable,
 * `invalid_parameter` for another currency, `session_source_amount_too_large` for more than the checkout costs
 */
export function checkCredit(
  credit: Pick<SourceRow, 'state' | 'currency' | 'amount'>,
  checkout: { currency: string; total: number },
): void {
  if (credit.state !== 'chargeable') throw new ApiError('order_submit_failed')
  if (credit.currency !== null && credit.currency !== checkout.currency) {
    throw new ApiError('invalid_parameter', {
      message: `This source was made to pay ${credit.currency}.`,
      parameter: 'sourceId',
    })
  }
  if ((credit.amount ?? 0) > checkout.total) throw new ApiError('session_source_amount_too_large')
}
