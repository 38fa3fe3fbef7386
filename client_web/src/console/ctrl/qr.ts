// The library that finds a QR code in a picture: a chunk of its own, fetched where the browser cannot read codes itself.
export { BarcodeDetector } from "qr/decode.js";
