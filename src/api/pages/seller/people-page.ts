import { html } from 'hono/html'
import { roles } from '../../../operators/roles.ts'
import type { ListedUser } from '../../../operators/users.ts'
import { badge, type FormState, formProblem, inputField, selectField, time } from '../elements.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'
import { roleNames, roleOptions } from './role-names.ts'

/** Who may use this dashboard, and as what. */
export const peoplePage = (page: { member: Member; people: readonly ListedUser[]; state: FormState }): Page => {
  const { member, state } = page
  return {
    title: 'People',
    body: html`<h1>People</h1>
${formProblem(state)}
<ul class="rows">${page.people.map((person) => personRow(person, member))}</ul>
<h2>Invite somebody</h2>
<form method="post" action="/dashboard/people" class="filters">
${inputField({ name: 'email', label: 'Email address', state, attributes: { type: 'email', required: true, maxlength: 254, autocomplete: 'off' } })}
${selectField({ name: 'role', label: 'Role', state, options: roleOptions })}
<button class="main">Make a password</button></form>
<p class="hint">You get a password to hand over. Staff does not see keys, people, the balance and webhook secrets.</p>`,
  }
}

const personRow = (
  person: ListedUser,
  member: Member,
) => html`<li><div><p>${person.email} ${badge('soft', roleNames[person.role])}</p>
<p class="soft small">Since ${time(person.createdAt, member.locale)}</p></div>
<div class="side">
<form class="inline" method="post" action="/dashboard/people/${person.id}/role">
<select name="role" aria-label="Role of ${person.email}">${roles.map(
  (role) => html`<option value="${role}"${role === person.role ? html` selected` : ''}>${roleNames[role]}</option>`,
)}</select>
<button aria-label="Change the role of ${person.email}">Change</button></form>${
  person.id === member.userId
    ? html`<span class="soft">You</span>`
    : html`<a class="button danger" href="/dashboard/people/${person.id}/remove" aria-label="Remove ${person.email}">Remove…</a>`
}</div></li>`
