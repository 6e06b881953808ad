/** SQL for whether the money of an order is held or gone by a dispute, so that nothing may be downloaded. An inquiry moves no money. */
export const isHeldByDisputeSql = (order: string): string =>
  `coalesce(${order}.dispute_state in ('needs_response', 'under_review', 'lost'), false)`

/** SQL for how a delivery stands for its buyer: what is delivered is withdrawn while a dispute holds its money. */
export const deliveryStateSql = (order: string, delivery: string): string =>
  `case when ${isHeldByDisputeSql(order)} and ${delivery}.state = 'delivered' then 'revoked' else ${delivery}.state end`
