import { type Answer, json } from '../http.ts'
import { secretText } from '../ids.ts'
import { Refusal } from '../json-provider.ts'

const messages = {
  400: ['INVALID_REQUEST', 'Request is not well-formed, syntactically incorrect, or violates schema.'],
  401: [
    'AUTHENTICATION_FAILURE',
    'Authentication failed due to missing authorization header, or invalid authentication credentials.',
  ],
  404: ['RESOURCE_NOT_FOUND', 'The specified resource does not exist.'],
  409: ['RESOURCE_CONFLICT', 'The server has detected a conflict while processing this request.'],
  422: [
    'UNPROCESSABLE_ENTITY',
    'The requested action could not be performed, semantically incorrect, or failed business validation.',
  ],
} as const

/** PayPal's body of an error. Descriptions of issues are for people, and left out. */
function problem(status: keyof typeof messages, issue?: string, links: object[] = []): Answer {
  const [name, message] = messages[status]
  const details = issue === undefined ? {} : { details: [{ issue }] }
  return json({ name, message, debug_id: secretText().slice(0, 13), ...details, links }, status)
}

/** An error that a fault plays. */
export const trouble = (status: number): Answer =>
  json(
    { name: 'INTERNAL_SERVER_ERROR', message: 'An internal server error has occurred.', debug_id: 'sandbox' },
    status,
  )

export const unauthorized = (): Answer => problem(401)

/** Ends a handler with PayPal's no. */
export function refuse(status: keyof typeof messages, issue?: string, links?: object[]): never {
  throw new Refusal(problem(status, issue, links))
}

/** The object, or PayPal's word for one that it does not have. */
export const found = <Row>(row: Row | undefined): Row => row ?? refuse(404, 'INVALID_RESOURCE_ID')
