/** Latin as a phone's short alphabet has it at the price of one; one of the rest makes the whole text UCS-2, as PUSHSMS's own counter does. */
const SHORT = /^[\n\r !"#$%&'()*+,\-./:;<=>?@A-Z_a-z0-9]*$/;

/** Parts that the operators count and charge: 160 or 153 characters of Latin, 70 or 67 UTF-16 units of anything else. */
export function countSegments(text: string): number {
  const [alone, part] = SHORT.test(text) ? [160, 153] : [70, 67];
  return text.length <= alone ? 1 : Math.ceil(text.length / part);
}
