import { type Answer, json } from '../http.ts'
import { Refusal } from '../json-provider.ts'

/** EasyPost's error body. */
export function easypostError(status: number, code: string, message: string, errors: unknown[] = []): Answer {
  return json({ error: { code, message, errors } }, status)
}

/** Thrown for an id that EasyPost does not know. */
export const notFound = () => new Refusal(easypostError(404, 'NOT_FOUND', 'The requested resource could not be found.'))

/** Thrown for a field that must be there. */
export const missingParameter = (field: string) =>
  new Refusal(
    easypostError(422, 'PARAMETER.REQUIRED', 'Missing required parameter.', [{ field, message: 'cannot be blank' }]),
  )

/** Thrown for what cannot be done as things stand. */
export const notPossible = (code: string, message: string) => new Refusal(easypostError(422, code, message))
