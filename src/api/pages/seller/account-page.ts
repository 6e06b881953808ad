import { html } from 'hono/html'
import { type FormState, formProblem, inputField } from '../elements.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'
import { roleNames } from './role-names.ts'

/** What somebody can change about signing in. */
export const accountPage = ({ member, state }: { member: Member; state: FormState }): Page => ({
  title: 'Your account',
  body: html`<h1>Your account</h1>
${formProblem(state)}
<dl class="facts"><div><dt>Email address</dt><dd>${member.email}</dd></div>
<div><dt>Role in ${member.merchantName}</dt><dd>${roleNames[member.role]}</dd></div></dl>
<h2>Second factor</h2>
<p><a class="button" href="/dashboard/account/second-factor">Authenticator app…</a></p>
<h2>Change your password</h2>
<form method="post" action="/dashboard/account/password" class="fields">
<input type="hidden" name="username" autocomplete="username" value="${member.email}">
${inputField({ name: 'present', label: 'Present password', state, attributes: { type: 'password', required: true, autocomplete: 'current-password', maxlength: 1024 } })}
${inputField({ name: 'wanted', label: 'New password', hint: 'At least 10 characters.', state, attributes: { type: 'password', required: true, autocomplete: 'new-password', minlength: 10, maxlength: 1024 } })}
<p><button>Change it</button></p></form>`,
})
