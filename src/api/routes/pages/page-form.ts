import type { Context } from 'hono'
import type { z } from 'zod'
import { ApiError } from '../../../platform/errors.ts'
import type { FormState } from '../../pages/elements.ts'
import type { DoneCode } from '../../pages/seller/flash.ts'

/** The text fields of a form that a browser has sent. */
export type SentForm = { text(name: string): string; all(name: string): string[]; file(name: string): File | undefined }

export async function readForm(c: Context): Promise<SentForm> {
  const body = await c.req.parseBody({ all: true })
  const all = (name: string) => [body[name]].flat()
  // Postgres keeps no NUL in a text, and nobody types one.
  const texts = (name: string) =>
    all(name).flatMap((value) => (typeof value === 'string' ? [value.replaceAll('\0', '')] : []))
  return {
    text: (name) => texts(name)[0] ?? '',
    all: texts,
    file: (name) => all(name).find((value) => value instanceof File && value.size > 0) as File | undefined,
  }
}

/**
 * Whether a form was drawn when something else was to be done: what may be done several times is done once, however often its button is
 * pressed. `now` is the number that its field `seen` would hold now; a form without that field says nothing about it.
 */
export const isOutdated = (form: SentForm, now: number): boolean => {
  const seen = form.text('seen')
  return seen !== '' && seen !== String(now)
}

/** A form that is not sent yet, with a look at what it says: nothing is wrong with it so far. */
export const previewOf = ({ values }: FormState): FormState => ({ values: { ...values, preview: 'yes' }, errors: {} })

/** What is wrong with a form, by the field's name; `names` renames what the schema calls otherwise. */
export function toErrors(error: z.ZodError | ApiError, names: Record<string, string> = {}): FormState['errors'] {
  if (error instanceof ApiError) {
    const name = error.parameter ? (names[error.parameter] ?? error.parameter) : 'form'
    return { [name]: withoutName(error.message) }
  }
  return Object.fromEntries(
    error.issues.map(({ path, message }) => {
      const name = String(path[0] ?? 'form')
      return [names[name] ?? name, sentence(message)]
    }),
  )
}

/** What a refused form says: at one of its fields, or above it. @throws what is no refusal, and what says that the page is not there */
export function refusalOf(error: unknown, fields: readonly string[]): FormState['errors'] {
  if (!(error instanceof ApiError) || error.status >= 500 || error.status === 404) throw error
  const [field] = fields.filter((name) => error.parameter === name || error.code.startsWith(name))
  return { [field ?? 'form']: withoutName(error.message) }
}

/** The API's messages begin with the parameter's name, which a form shows anyway. */
const withoutName = (message: string) => sentence(message.replace(/^[a-z_]+: /, ''))
const sentence = (message: string) => `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.?$/, '.')}`

/** Runs what a button asks for and goes back to a page that says how it went; what is not there stays a 404. */
export async function act(
  c: Context,
  target: { path: string; done: DoneCode | (() => DoneCode) },
  work: () => Promise<unknown>,
): Promise<Response> {
  try {
    await work()
    const code = typeof target.done === 'string' ? target.done : target.done()
    return c.redirect(`${target.path}?done=${code}`, 303)
  } catch (error) {
    const refused = error instanceof ApiError && error.status < 500 && error.status !== 404
    if (!refused) throw error
    return c.redirect(`${target.path}?problem=${error.code}`, 303)
  }
}
