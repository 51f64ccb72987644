export { adam } from './adam';
export { gatesBackward, gatesForward } from './gates';
export { gemm, gemmTransposedA, gemv } from './matrix';
export { pack, packTransposed } from './pack';
export { columnSums, gather, scatterAdd } from './rows';
export { dropOut, multiply } from './singly';
export { softmaxCrossEntropy } from './softmax';
