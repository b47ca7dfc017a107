const instant = /\b(20\d\d-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)((?:\.\d+)?)(Z?)/g;

/** The text with every instant in it so much later, of whole seconds, written as it was. */
export const shifted = (text: string, bySeconds: number): string =>
  text.replace(instant, (_, day: string, between: string, time: string, fraction: string, zone: string) => {
    const moved = new Date(Date.parse(`${day}T${time}Z`) + bySeconds * 1000).toISOString();
    return `${moved.slice(0, 10)}${between}${moved.slice(11, 19)}${fraction}${zone}`;
  });
