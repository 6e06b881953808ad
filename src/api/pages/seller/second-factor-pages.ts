import { html, raw } from 'hono/html'
import { renderSVG } from 'uqr'
import { copyButton, type FormState, formProblem, inputField } from '../elements.ts'
import type { Page } from '../page.ts'

const base = '/dashboard/account/second-factor'

const passwordField = (state: FormState) =>
  inputField({
    name: 'password',
    label: 'Your password',
    state,
    attributes: { type: 'password', required: true, autocomplete: 'current-password', maxlength: 1024 },
  })

const codeField = (state: FormState, hint?: string) =>
  inputField({
    name: 'code',
    label: 'Code of the app',
    hint,
    state,
    attributes: { required: true, autocomplete: 'one-time-code', maxlength: 40 },
  })

/** Whether somebody has a second factor, and the way to have one or none. */
export const secondFactorPage = ({ isOn, state }: { isOn: boolean; state: FormState }): Page => ({
  title: 'Second factor',
  body: html`<p class="crumb"><a href="/dashboard/account">Your account</a></p>
<h1>Second factor</h1>
${formProblem(state)}
${
  isOn
    ? html`<p>It is on: signing in needs a code of your authenticator app besides the password.</p>
<h2>Turn it off</h2>
<form method="post" action="${base}/off" class="fields">
${passwordField(state)}
${codeField(state, 'Or one of your recovery codes.')}
<p><button class="danger">Turn it off</button></p></form>`
    : html`<p>It is off. With it, whoever learns your password cannot sign in without a code of an app on your phone.</p>
<form method="post" action="${base}/begin" class="fields">
${passwordField(state)}
<p><button class="main">Set it up</button></p></form>`
}`,
})

/** The secret, to be read by an app or typed, and the field for its first code. */
export const setUpPage = (page: { secret: string; address: string; state: FormState }): Page => ({
  title: 'Set up a second factor',
  body: html`<p class="crumb"><a href="/dashboard/account">Your account</a></p>
<h1>Set up a second factor</h1>
${formProblem(page.state)}
<p>Let an authenticator app read this code, or type its key there.</p>
<div class="qr" role="img" aria-label="QR code of the key below">${raw(renderSVG(page.address, { ecc: 'M', border: 2 }))}</div>
<pre id="secret" tabindex="0" aria-label="Key to type">${page.secret.replace(/(.{4})(?=.)/g, '$1 ')}</pre>
<p>${copyButton('secret')}</p>
<form method="post" action="${base}/confirm" class="fields">
${codeField(page.state, 'Six digits. It shows that the app has the key; nothing is asked for before.')}
<p><button class="main">Turn it on</button></p></form>`,
})

/** The recovery codes, the one time they can be shown. */
export const recoveryPage = (codes: readonly string[]): Page => ({
  title: 'Recovery codes',
  body: html`<div class="shop"><h1>Recovery codes</h1>
<p>The second factor is on. Each of these signs you in once, when you do not have the app.</p>
<pre id="secret" tabindex="0" aria-label="Recovery codes">${codes.join('\n')}</pre>
<p>${copyButton('secret')}</p>
<p class="notice"><strong>This is the only time they are shown.</strong> Keep them somewhere safe. Without app and codes only an owner can help: by removing and inviting you again.</p>
<p><a class="button main" href="/dashboard/account">I have them, go on</a></p></div>`,
})
