/** The network of Lighthouse's mobile preset; its processor is four times slower. */
export const slowly = { latency: 150, downloadThroughput: (1_638_400 / 8) * 0.9, uploadThroughput: (768_000 / 8) * 0.9 }
