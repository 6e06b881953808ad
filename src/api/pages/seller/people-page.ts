import { html } from 'hono/html'
import type { ListedUser } from '../../../operators/users.ts'
import { type FormState, formProblem, inputField, time } from '../elements.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

/** Who may use this dashboard. */
export const peoplePage = (page: { member: Member; people: readonly ListedUser[]; state: FormState }): Page => {
  const { member, state } = page
  return {
    title: 'People',
    body: html`<h1>People</h1>
${formProblem(state)}
<ul class="rows">${page.people.map(
      (
        person,
      ) => html`<li><div><p>${person.email}</p><p class="soft small">Since ${time(person.createdAt, member.locale)}</p></div>
<div class="side">${
        person.id === member.userId
          ? html`<span class="soft">You</span>`
          : html`<a class="button danger" href="/dashboard/people/${person.id}/remove" aria-label="Remove ${person.email}">Remove…</a>`
      }</div></li>`,
    )}</ul>
<h2>Invite somebody</h2>
<form method="post" action="/dashboard/people" class="filters">
${inputField({ name: 'email', label: 'Email address', state, attributes: { type: 'email', required: true, maxlength: 254, autocomplete: 'off' } })}
<button class="main">Make a password</button></form>
<p class="hint">You get a password to hand over. Everybody here may do everything in this shop.</p>
<h2>Change your password</h2>
<form method="post" action="/dashboard/people/password" class="fields">
<input type="hidden" name="username" autocomplete="username" value="${member.email}">
${inputField({ name: 'present', label: 'Present password', state, attributes: { type: 'password', required: true, autocomplete: 'current-password', maxlength: 1024 } })}
${inputField({ name: 'wanted', label: 'New password', hint: 'At least 10 characters.', state, attributes: { type: 'password', required: true, autocomplete: 'new-password', minlength: 10, maxlength: 1024 } })}
<p><button>Change it</button></p></form>`,
  }
}
