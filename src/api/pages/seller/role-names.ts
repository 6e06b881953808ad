import type { Role } from '../../../operators/roles.ts'

export const roleNames: Record<Role, string> = { owner: 'Owner', staff: 'Staff', reader: 'Read only' }

/** What a role means, as whoever gives it reads it. */
export const roleOptions = [
  { value: 'owner', label: 'Owner: everything' },
  { value: 'staff', label: 'Staff: orders, refunds, products, links' },
  { value: 'reader', label: 'Read only: looks at everything but keys and people, and changes nothing' },
] as const satisfies readonly { value: Role; label: string }[]
