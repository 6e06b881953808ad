import { html } from 'hono/html'
import { iso } from '../../database/database.ts'
import { formatTime } from './locale.ts'
import type { Html } from './page.ts'

/** What a form was sent with, and what is wrong with it, by field. */
export type FormState = { values: Record<string, string>; errors: Record<string, string> }

export const emptyForm: FormState = { values: {}, errors: {} }

type Attributes = Record<string, string | number | boolean | undefined>

const attributesOf = (given: Attributes) =>
  Object.entries(given).map(([name, value]) =>
    value === undefined || value === false ? '' : value === true ? html` ${name}` : html` ${name}="${value}"`,
  )

type Field = { name: string; label: string; hint?: string | undefined; state: FormState; attributes?: Attributes }

const described = ({ name, hint, state }: Field): Attributes => {
  const ids = [...(hint ? [`${name}-hint`] : []), ...(state.errors[name] ? [`${name}-error`] : [])]
  return {
    'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
    'aria-invalid': state.errors[name] ? 'true' : undefined,
  }
}

const wrapped = (field: Field, control: Html) => html`<div>
<label for="${field.name}">${field.label}</label>
${control}
${field.hint ? html`<p class="hint" id="${field.name}-hint">${field.hint}</p>` : ''}
${fieldError(field.state, field.name)}
</div>`

/** What is wrong with a field, said where the field is. */
export const fieldError = (state: FormState, name: string) =>
  state.errors[name] ? html`<p class="error" id="${name}-error">${state.errors[name]}</p>` : ''

/** A labelled input that keeps its value and says what is wrong with it. */
export const inputField = (field: Field) =>
  wrapped(
    field,
    html`<input id="${field.name}" name="${field.name}"${attributesOf({
      value: field.state.values[field.name],
      ...described(field),
      ...field.attributes,
    })}>`,
  )

/** A labelled text area. */
export const textField = (field: Field) =>
  wrapped(
    field,
    // A leading line break belongs to the tag, not to the value.
    html`<textarea id="${field.name}" name="${field.name}"${attributesOf({ ...described(field), ...field.attributes })}>
${field.state.values[field.name] ?? ''}</textarea>`,
  )

export type Option = { value: string; label: string }

/** A labelled list to choose from. */
export const selectField = (field: Field & { options: readonly Option[] }) =>
  wrapped(
    field,
    html`<select id="${field.name}" name="${field.name}"${attributesOf({ ...described(field), ...field.attributes })}>${field.options.map(
      ({ value, label }) =>
        html`<option value="${value}"${value === field.state.values[field.name] ? html` selected` : ''}>${label}</option>`,
    )}</select>`,
  )

/** Says above a form that something is wrong in it. */
export const formProblem = (state: FormState, checkFields = 'Please check the marked fields.') => {
  const general = state.errors.form
  if (general) return html`<p role="alert">${general}</p>`
  return Object.keys(state.errors).length > 0 ? html`<p role="alert">${checkFields}</p>` : ''
}

export const time = (at: string | Date, locale: string) =>
  html`<time datetime="${iso(at)}">${formatTime(at, locale)}</time>`

export type Mood = 'good' | 'wait' | 'bad' | 'soft'

export const badge = (mood: Mood, label: string) => html`<span class="badge ${mood}">${label}</span>`

/** Copies the text of the element with this id; seen only where a script can do it. */
export const copyButton = (target: string, label = 'Copy') =>
  html`<button type="button" data-copy="${target}" hidden>${label}</button>`

/** Links to the newest and to older entries of a list. */
export function pager(path: string, query: Record<string, string | undefined>, older: string | undefined): Html | '' {
  const address = (after?: string) => {
    const pairs = Object.entries({ ...query, after }).filter((pair): pair is [string, string] => Boolean(pair[1]))
    return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs)}` : path
  }
  if (!query.after && !older) return ''
  return html`<p class="actions">${query.after ? html`<a href="${address()}">Newest</a>` : ''}
${older ? html`<a href="${address(older)}" rel="next">Older</a>` : ''}</p>`
}

/** A button that posts to an address. */
export const postButton = (
  action: string,
  label: string,
  look: { style?: string; about?: string; fields?: Html } = {},
) =>
  html`<form class="inline" method="post" action="${action}">${look.fields ?? ''}<button${look.style ? html` class="${look.style}"` : ''}${
    look.about ? html` aria-label="${label} ${look.about}"` : ''
  }>${label}</button></form>`
