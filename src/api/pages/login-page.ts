import { html } from 'hono/html'

/** A sign-in form. `next` is where to go afterwards; it must be checked by the caller. */
export const loginPage = (page: {
  next: string
  email?: string
  problem?: string
  action?: '/ops/login' | '/dashboard/login'
}) => {
  const { action = '/ops/login' } = page
  return {
    title: 'Sign in',
    narrow: true,
    body: html`<h1>${action === '/ops/login' ? 'Ordermill operations' : 'Sign in to your shop'}</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
<form method="post" action="${action}">
<input type="hidden" name="next" value="${page.next}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${page.email ?? ''}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>
${action === '/dashboard/login' ? html`<p><a href="/dashboard/login/forgotten">I have forgotten my password</a></p>` : ''}`,
  }
}

/** Asks for a code of the second factor after the password; `ticket` says that the password was right. */
export const codePage = (page: { next: string; ticket: string; problem?: string }) => ({
  title: 'Second factor',
  narrow: true,
  body: html`<h1>Enter a code</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
<form method="post" action="/dashboard/login/code">
<input type="hidden" name="next" value="${page.next}">
<input type="hidden" name="ticket" value="${page.ticket}">
<label for="code">Code of your authenticator app</label>
<input id="code" name="code" autocomplete="one-time-code" inputmode="text" maxlength="40" required aria-describedby="code-hint">
<p class="hint" id="code-hint">Or one of your recovery codes.</p>
<button>Sign in</button>
</form>`,
})

/** Asks for the address of whoever has forgotten a password; `sent` once it was asked. */
export const forgottenPage = (page: { sent: boolean; problem?: string }) => ({
  title: 'A new password',
  narrow: true,
  body: html`<h1>A new password</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
${
  page.sent
    ? html`<p class="notice" role="status">If there is an account of this address, a mail is on its way to it. It leads to a page where a new password is set, once, for thirty minutes.</p>`
    : html`<form method="post" action="/dashboard/login/forgotten">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" maxlength="254" required>
<button>Send a mail</button>
</form>`
}
<p><a href="/dashboard/login">Back to signing in</a></p>`,
})

/** Sets a new password by the token of a mail; without one it says that the mail is too old. */
export const resetPage = (page: { token: string | undefined; email?: string; problem?: string }) => ({
  title: 'A new password',
  narrow: true,
  body: html`<h1>A new password</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
${
  page.token === undefined
    ? html`<p>This address was used already, or is older than thirty minutes.</p>
<p><a href="/dashboard/login/forgotten">Ask for another mail</a></p>`
    : html`<form method="post" action="/dashboard/login/reset">
<input type="hidden" name="token" value="${page.token}">
<input type="hidden" name="username" autocomplete="username" value="${page.email ?? ''}">
<label for="wanted">New password of ${page.email ?? ''}</label>
<input id="wanted" name="wanted" type="password" autocomplete="new-password" minlength="10" maxlength="1024" required aria-describedby="wanted-hint">
<p class="hint" id="wanted-hint">At least 10 characters. Every browser is signed out.</p>
<button>Set it</button>
</form>`
}`,
})
