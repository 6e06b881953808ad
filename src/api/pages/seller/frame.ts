import { html } from 'hono/html'
import { may, type Right, type Role } from '../../../operators/roles.ts'

/** Whose dashboard it is, and who looks at it. */
export type Member = {
  userId: string
  email: string
  role: Role
  merchantId: string
  merchantName: string
  locale: string
}

/** Shows what somebody may use, and nothing to whoever may not. */
export const forRight = <Shown>({ role }: Pick<Member, 'role'>, right: Right, shown: () => Shown): Shown | '' =>
  may(role, right) ? shown() : ''

/**
 * The begin of a form with its fields, up to its fieldset: whoever may not send it, has it to read only. It ends with
 * `</fieldset></form>`.
 */
export const changeForm = (member: Pick<Member, 'role'>, right: Right, action: string, encoding?: string) =>
  may(member.role, right)
    ? html`<form method="post" action="${action}"${encoding ? html` enctype="${encoding}"` : ''} class="fields"><fieldset class="bare">`
    : html`<form class="fields"><fieldset class="bare" disabled>`

const sections = [
  ['home', 'Home', 'look'],
  ['orders', 'Orders', 'look'],
  ['products', 'Products', 'look'],
  ['links', 'Links', 'look'],
  ['files', 'Files', 'look'],
  ['brand', 'Brand', 'brand'],
  ['revenue', 'Revenue', 'look'],
  ['balance', 'Balance', 'balance'],
  ['webhooks', 'Webhooks', 'look'],
  ['keys', 'API keys', 'keys'],
  ['people', 'People', 'people'],
] as const satisfies readonly (readonly [string, string, Right])[]
export type Section = (typeof sections)[number][0] | 'account'

/** The bar above every page of the dashboard. */
export const frame = (
  member: Member,
  current: Section | undefined,
) => html`<a class="skip" href="#main">Skip to content</a>
<header class="bar">
<strong>${member.merchantName}</strong>
<form method="get" action="/dashboard/search" role="search" aria-label="All orders and products">
<input type="search" name="q" aria-label="Search orders and products" placeholder="Search" maxlength="200"><button>Find</button></form>
<form method="post" action="/dashboard/logout"><a href="/dashboard/account"${current === 'account' ? html` aria-current="page"` : ''}>${member.email}</a> <button>Sign out</button></form>
<nav class="tabs" aria-label="Dashboard"><ul>${sections.map(([section, label, right]) =>
  forRight(
    member,
    right,
    () =>
      html`<li><a href="${section === 'home' ? '/dashboard' : `/dashboard/${section}`}"${section === current ? html` aria-current="page"` : ''}>${label}</a></li>`,
  ),
)}</ul></nav>
</header>`
