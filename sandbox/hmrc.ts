import { underFault } from './faults.ts'
import { type Answer, type Exchange, json, type Route } from './http.ts'
import type { World } from './world.ts'

export const hmrcClient = { id: 'hmrc_sandbox', secret: 'hmrc_sandbox_secret' }
const tokenSeconds = 14_400
const tokenPrefix = 'hmrc_token_'

const refusal = (status: number, code: string, message: string): Answer => json({ code, message }, status)
const trouble = (status: number): Answer =>
  status === 429
    ? refusal(429, 'MESSAGE_THROTTLED_OUT', 'The request for the API is throttled as you have exceeded your quota.')
    : refusal(status, 'SERVER_ERROR', 'The service is currently unavailable.')

/**
 * HMRC's "Check a UK VAT number" 2.0 behind the token of an application. Numbers ending in 00 are not registered; an application asks
 * with its own number too where it wants a proof of the check, which is not played.
 */
export function hmrcRoutes(world: World): Route[] {
  const faulty = (operation: string, answer: () => Answer) =>
    underFault(world.faults.take('hmrc', operation), answer, trouble)
  return [
    { method: 'POST', path: '/hmrc/oauth/token', handle: (exchange) => faulty('token', () => giveToken(exchange)) },
    {
      method: 'GET',
      path: '/hmrc/organisations/vat/check-vat-number/lookup/:number',
      handle: (exchange) => faulty('check_vat_number', () => lookUp(exchange)),
    },
  ]
}

function giveToken({ body, headers }: Exchange): Answer {
  const form = new URLSearchParams(body)
  const said = (error: string, status: number) => json({ error, error_description: error.replaceAll('_', ' ') }, status)
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return said('invalid_request', 400)
  if (form.get('grant_type') !== 'client_credentials') return said('unsupported_grant_type', 400)
  if (form.get('client_id') !== hmrcClient.id || form.get('client_secret') !== hmrcClient.secret)
    return said('invalid_client', 401)
  return json({
    access_token: `${tokenPrefix}${Date.now() + tokenSeconds * 1000}`,
    token_type: 'bearer',
    expires_in: tokenSeconds,
    scope: form.get('scope') ?? '',
  })
}

function lookUp({ params, headers }: Exchange): Answer {
  if (headers.accept !== 'application/vnd.hmrc.2.0+json')
    return refusal(406, 'ACCEPT_HEADER_INVALID', 'The accept header is missing or invalid')
  const [scheme, token = ''] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer' || !token.startsWith(tokenPrefix))
    return refusal(401, 'INVALID_CREDENTIALS', 'Invalid Authentication information provided')
  if (Number(token.slice(tokenPrefix.length)) < Date.now())
    return refusal(401, 'INVALID_CREDENTIALS', 'Access token expired')
  const { number = '' } = params
  if (!/^\d{9}(\d{3})?$/.test(number))
    return refusal(400, 'INVALID_REQUEST', 'Invalid targetVrn - Vrn parameters should be 9 or 12 digits')
  if (number.endsWith('00')) return refusal(404, 'NOT_FOUND', 'targetVrn does not match a registered company')
  return json({
    target: {
      name: `COMPANY GB${number}`,
      vatNumber: number,
      address: { line1: '1 High Street', line2: 'London', postcode: 'EC1A 1BB', countryCode: 'GB' },
    },
    processingDate: new Date().toISOString(),
  })
}
