/** In the place of node-fetch: what ships of TensorFlow.js asks nothing of a network. */
export default function fetchNothing(): never {
  throw new Error('TensorFlow.js loads nothing from elsewhere here.');
}
