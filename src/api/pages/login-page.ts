import { html } from 'hono/html'

/** The operators' sign-in form. `next` is where to go afterwards; it must be checked by the caller. */
export const loginPage = (page: { next: string; email?: string; problem?: string }) => ({
  title: 'Sign in',
  narrow: true,
  body: html`<h1>Ordermill operations</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
<form method="post" action="/ops/login">
<input type="hidden" name="next" value="${page.next}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${page.email ?? ''}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>`,
})
