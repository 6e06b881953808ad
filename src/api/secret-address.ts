/** Whether an address holds the id of an order, which is all it takes to read it: browsers tell it to nobody, not even to us. */
export const isSecretAddress = (path: string): boolean =>
  /^\/(api\/)?(o|c\/[^/]+\/order|v2\/public\/checkout\/[^/]+\/order|v2\/digital\/orders)\//.test(path)
