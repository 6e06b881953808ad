/** What a printer knows a shipment's print job by, at most 32 letters. What was called off keeps its own, so another job has another. */
export const printJobId = ({ shipmentId, nth }: { shipmentId: string; nth: number }): string =>
  nth === 1 ? shipmentId : `${shipmentId}-${nth}`
