/** A tax identifier as it is read. */
export type TaxIdentifierRow = {
  id: string
  customerId: string | null
  type: string
  value: string
  state: 'pending' | 'verified' | 'not_valid'
  stateTransitions: Record<string, string>
  verifiedName: string | null
  verifiedAddress: string | null
  createdAt: string
  updatedAt: string
}

/** A {@link TaxIdentifierRow} as one JSON object, for a table alias. */
export const taxIdentifierRowJson = (t: string) =>
  `json_build_object('id', ${t}.id, 'customerId', ${t}.customer_id, 'type', ${t}.type, 'value', ${t}.value, 'state', ${t}.state,
    'stateTransitions', ${t}.state_transitions, 'verifiedName', ${t}.verified_name, 'verifiedAddress', ${t}.verified_address,
    'createdAt', ${t}.created_at, 'updatedAt', ${t}.updated_at)`
