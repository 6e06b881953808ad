import { html } from 'hono/html'
import type { Session } from '../../operators/sessions.ts'
import type { ListedUser } from '../../operators/users.ts'
import { type FormState, formProblem, inputField, time } from './elements.ts'
import type { Page } from './page.ts'

/** Who runs this installation, and the own password. */
export const operatorsPage = (page: {
  operator: Session
  people: readonly ListedUser[]
  state: FormState
  done: string | undefined
}): Page => ({
  title: 'Operators',
  body: html`<p class="crumb"><a href="/ops">Operations</a></p>
<h1>Operators</h1>
${page.done ? html`<p role="status">${page.done}</p>` : ''}
${formProblem(page.state)}
<ul class="rows">${page.people.map(
    ({
      id,
      email,
      createdAt,
    }) => html`<li><div><p>${email}</p><p class="soft small">Since ${time(createdAt, 'en')}</p></div>
<div class="side">${
      id === page.operator.userId
        ? html`<span class="soft">You</span>`
        : html`<form method="post" action="/ops/people/${id}/remove"><button class="danger" aria-label="Remove ${email}">Remove</button></form>`
    }</div></li>`,
  )}</ul>
<h2>Add somebody</h2>
<form method="post" action="/ops/people" class="filters">
${inputField({ name: 'email', label: 'Email address', state: page.state, attributes: { type: 'email', required: true, maxlength: 254, autocomplete: 'off' } })}
<button class="main">Make a password</button></form>
<p class="hint">You get a password to hand over. Everybody here may do everything in this installation.</p>
<h2>Change your password</h2>
<form method="post" action="/ops/people/password" class="fields">
<input type="hidden" name="username" autocomplete="username" value="${page.operator.email}">
${inputField({ name: 'present', label: 'Present password', state: page.state, attributes: { type: 'password', required: true, autocomplete: 'current-password', maxlength: 1024 } })}
${inputField({ name: 'wanted', label: 'New password', hint: 'At least 10 characters.', state: page.state, attributes: { type: 'password', required: true, autocomplete: 'new-password', minlength: 10, maxlength: 1024 } })}
<p><button>Change it</button></p></form>`,
})
